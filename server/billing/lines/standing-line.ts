import { amountOf } from '#billing/amount.ts'
import { type Choice, changedChoice, choiceWords, isChosenAgainst } from '#billing/choice.ts'
import type { Addition } from '#billing/existing.ts'
import { landsOn } from '#billing/landing.ts'
import { adopted, conflict } from '#billing/last-value.ts'
import type { Fields, Hold, PlanInput, PlanRow } from '#billing/plan.ts'
import { writableFields } from '#billing/rule.ts'
import { existingFields, productBlocks, wholeBlocks } from '#billing/wanted.ts'
import { endHolds, existingDays, wantedDays, whyNotBilled, whyParked } from './days.ts'
import type { LineDraft } from './line-draft.ts'
import { currencyBlocks, firstTimeHolds, questions, startBlocks, wantedOf } from './line-holds.ts'
import { type LineTarget, parkedRow, rowOf } from './line-target.ts'
import type { LineAddition, LinePosting } from './posting.ts'
import { postingOf } from './posting-of.ts'
import { lineWords } from './words.ts'

/** An addition that stands for a charge; `memory` is absent when it is taken for it now. */
interface Standing {
  addition: Addition
  memory: LineAddition | undefined
}

/**
 * What a line changes of the addition that stands for its charge: quantity, cost, price and end follow it, what a
 * person changed in ConnectWise waits or stays (P10, X10, 4.11).
 */
export function changeOf(target: LineTarget, standing: Standing, input: PlanInput): LineDraft {
  const { addition, memory } = standing
  const days = wantedDays(target.line, addition, memory)
  const parked = whyParked(days.cancelledOn, addition, memory, input.today) ?? whyNotBilled(target.line, memory)
  if (parked !== undefined) return { row: parkedRow(target, addition.id, parked) }
  const existing = { ...existingFields(addition), ...existingDays(addition) }
  const wanted = { ...wantedOf(target.line.said), ...days }
  const choice = input.choices?.get(addition.id)
  const apart = (Object.keys(wanted) as (keyof Fields)[]).filter((field) => existing[field] !== wanted[field])
  const fields = apart.filter((field) => !isChosenAgainst(choice, field, wanted, input.today))
  const posting = postingOf(target.line, memory)
  const last = input.lastValues.get(addition.id)
  const draft = { ...adopted(target, addition, existing, wanted, last), ...changed(choice, wanted, input) }
  const money = currencyBlocks(target, input)
  if (fields.length === 0 && apart.length > 0 && choice) {
    const left = leftAlone(choice, only(existing, apart), only(wanted, apart))
    return { ...draft, row: rowFor(target, addition, posting, left) }
  }
  if (fields.length === 0 && money.length === 0)
    return { ...draft, posted: { posting, additionId: addition.id, agreementId: addition.agreementId } }
  const change = { before: only(existing, fields), after: only(wanted, fields) }
  const holds = [...money, ...changeHolds(target, standing, change.after, input)]
  return {
    ...draft,
    row: rowFor(target, addition, posting, { ...change, holds, ...written(target, existing, change) }),
  }
}

/** These fields of all, without those that have no value. */
const only = (fields: Fields, names: readonly (keyof Fields)[]): Fields =>
  Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))

function changed(choice: Choice | undefined, wanted: Fields, { today }: PlanInput): { choice?: Choice } {
  const left = choice && changedChoice(choice, wanted, today)
  return left ? { choice: left } : {}
}

function changeHolds(target: LineTarget, { addition, memory }: Standing, after: Fields, input: PlanInput): Hold[] {
  if (Object.keys(after).length === 0) return []
  const { line, productId } = target
  const { quantity, effectiveOn, cancelledOn } = after
  const existing = existingFields(addition)
  const last = input.lastValues.get(addition.id)
  const values = writableFields.filter((field) => after[field] !== undefined)
  return [
    ...values.flatMap((field) => conflict(field, last, existing, after, addition)),
    ...(addition.productId === productId ? [] : [otherProduct(addition, productId)]),
    ...(quantity === undefined ? [] : wholeBlocks(quantity, input, ' cannot be written')),
    ...productBlocks({ productId: addition.productId }, input),
    ...(cancelledOn === undefined ? [] : endHolds(addition.cancelledOn ?? null, cancelledOn, memory)),
    ...(effectiveOn === undefined ? [] : startBlocks(target, effectiveOn)),
    ...questions(line, after),
    ...firstTimeHolds(target, input, cancelledOn !== undefined || effectiveOn !== undefined),
  ]
}

const otherProduct = ({ id, productId }: Addition, wanted: number): Hold => ({
  guard: 'G8',
  text: `addition ${id} is of product ${productId}, and the offer is mapped to ${wanted} now: it stays what it is`,
})

function rowFor(
  target: LineTarget,
  { id, productId }: Addition,
  posting: LinePosting,
  said: Partial<PlanRow>,
): PlanRow {
  return rowOf(target, { key: `addition:${id}`, posting, additionId: id, productId, ...said })
}

const written = (
  { line, state }: LineTarget,
  existing: Fields,
  { after }: Pick<PlanRow, 'after'>,
): Partial<PlanRow> => ({
  ...(Object.keys(after).length > 0 ? { change: 'update' as const } : {}),
  reason: `${lineWords(line)}${landsOn(state.agreement)}`,
  ...amountOf(existing, { ...existing, ...after }),
})

/** The difference a person chose to keep stays visible, and waits for nobody. */
const leftAlone = (choice: Choice, before: Fields, after: Fields): Partial<PlanRow> => ({
  ...{ before, after, outcome: 'skipped', reason: choiceWords(choice, before, after) },
})
