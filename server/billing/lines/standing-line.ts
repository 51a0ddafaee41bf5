import { amountOf } from '#billing/amount.ts'
import { type Choice, changedChoice, choiceWords, isChosenAgainst, isPinned } from '#billing/choice.ts'
import type { Addition } from '#billing/existing.ts'
import { landsOn } from '#billing/landing.ts'
import { adopted, conflict, pick } from '#billing/last-value.ts'
import type { Fields, Hold, PlanInput, PlanRow } from '#billing/plan.ts'
import type { WritableField } from '#billing/rule.ts'
import { existingFields, productBlocks, wholeBlocks } from '#billing/wanted.ts'
import { type Days, daysOf, whyParked } from './days.ts'
import { currencyBlocks, firstTimeHolds, questions, startBlocks, wantedOf } from './line-holds.ts'
import type { LineDraft } from './line-row.ts'
import { type LineTarget, parkedRow, rowOf } from './line-target.ts'
import type { LineAddition, LinePosting } from './posting.ts'
import { postingOf } from './posting-of.ts'
import { lineWords } from './words.ts'

/**
 * What a line changes of the addition that stands for its charge: quantity, cost, price and end follow it, what a
 * person changed in ConnectWise waits or stays (P10, X10, 4.11). `memory`: absent when the addition is taken now.
 */
export function changeOf(
  target: LineTarget,
  addition: Addition,
  memory: LineAddition | undefined,
  input: PlanInput,
): LineDraft {
  const days = daysOf(target.line, addition, memory)
  const parked = whyParked(days, addition, memory, input.today)
  if (parked !== undefined) return { row: parkedRow(target, addition.id, parked) }
  const existing = existingFields(addition)
  const wanted = wantedOf(target.line.said)
  const last = input.lastValues.get(addition.id)
  const choice = input.choices?.get(addition.id)
  const isLeft = choice !== undefined && isPinned(choice, input.today)
  const apart = (Object.keys(wanted) as WritableField[]).filter((field) => existing[field] !== wanted[field])
  const fields = apart.filter((field) => !isChosenAgainst(choice, field, wanted, input.today))
  const posting = postingOf(target.line, memory)
  const draft = { ...adopted(target, addition, existing, wanted, last), ...changed(choice, wanted, input) }
  const money = currencyBlocks(target, input)
  const all = { before: { ...pick(existing, apart), ...days.before }, after: { ...pick(wanted, apart), ...days.after } }
  const isNothing = fields.length === 0 && (isLeft || Object.keys(days.after).length === 0)
  if (isNothing && choice && Object.keys(all.after).length > 0)
    return { ...draft, row: rowFor(target, addition, posting, leftAlone(choice, all)) }
  if (isNothing && money.length === 0)
    return { ...draft, posted: { posting, additionId: addition.id, agreementId: addition.agreementId } }
  const before = { ...pick(existing, fields), ...(isLeft ? {} : days.before) }
  const after = { ...pick(wanted, fields), ...(isLeft ? {} : days.after) }
  const conflicts = fields.flatMap((field) => conflict(field, last, existing, wanted, addition))
  const holds = [...money, ...conflicts, ...changeHolds(target, addition, after, days, input)]
  return { ...draft, row: rowFor(target, addition, posting, written(target, existing, { before, after, holds })) }
}

function changed(choice: Choice | undefined, wanted: Fields, { today }: PlanInput): { choice?: Choice } {
  const left = choice && changedChoice(choice, wanted, today)
  return left ? { choice: left } : {}
}

function changeHolds(target: LineTarget, addition: Addition, after: Fields, days: Days, input: PlanInput): Hold[] {
  if (Object.keys(after).length === 0) return []
  const { line, productId } = target
  const other = addition.productId === productId ? [] : [otherProduct(addition, productId)]
  const writesDays = after.cancelledOn !== undefined || after.effectiveOn !== undefined
  return [
    ...other,
    ...(after.quantity === undefined ? [] : wholeBlocks(after.quantity, input, ' cannot be written')),
    ...productBlocks({ productId: addition.productId }, input),
    ...(writesDays ? days.holds : []),
    ...(after.effectiveOn === undefined ? [] : startBlocks(target, after.effectiveOn)),
    ...questions(line, after),
    ...firstTimeHolds(target, input, writesDays),
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

function written(
  { line, state }: LineTarget,
  existing: Fields,
  { before, after, holds }: Pick<PlanRow, 'before' | 'after' | 'holds'>,
): Partial<PlanRow> {
  return {
    ...(Object.keys(after).length > 0 ? { change: 'update' as const } : {}),
    ...{ before, after, holds, reason: `${lineWords(line)}${landsOn(state.agreement)}` },
    ...amountOf(existing, { ...existing, ...after }),
  }
}

/** The difference a person chose to keep stays visible, and waits for nobody. */
const leftAlone = (choice: Choice, { before, after }: Pick<PlanRow, 'before' | 'after'>): Partial<PlanRow> => ({
  ...{ before, after, outcome: 'skipped', reason: choiceWords(choice, before, after) },
})
