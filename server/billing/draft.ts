import { amountOf } from './amount.ts'
import { type Choice, changedChoice, choiceWords, isChosenAgainst } from './choice.ts'
import { compare } from './decimal.ts'
import { desiredOf, wordsOf } from './desired.ts'
import type { Addition } from './existing.ts'
import { landsOn } from './landing.ts'
import { adopted, conflict, pick } from './last-value.ts'
import { firstOf, latest, monthOf } from './period.ts'
import type { Fields, Hold, LastValue, PlanInput, PlanRow } from './plan.ts'
import type { Prorated } from './prorate.ts'
import { rowOf } from './row.ts'
import type { WritableField } from './rule.ts'
import { severalCandidates, type Target, unmappedTwins } from './target.ts'
import { existingFields, type Wanted, wantedFields } from './wanted.ts'

/** What a plan says of one target: a row unless nothing is to change, and what is to be remembered. */
export interface Draft {
  row?: PlanRow
  adopt?: LastValue
  choice?: Choice
}

/** desired − existing for one target (FEATURES 4.9 to 4.11, 4.15). */
export function draft(
  target: Target,
  input: PlanInput,
  named: ReadonlySet<number>,
  prorated: Pick<Prorated, 'quantity' | 'because'> | undefined,
): Draft {
  const desired = desiredOf(target.mappings, input.books)
  if (desired.state === 'contradictory') {
    const { reason } = desired
    return {
      row: rowOf(target, input, { holds: [{ guard: 'G22', text: reason, block: true }], outcome: 'held', reason }),
    }
  }
  if (target.mappings.every(({ rule }) => rule.write.length === 0)) {
    const reason = 'unwritten: quantity, cost and price are switched off'
    return { row: rowOf(target, input, { outcome: 'skipped', reason }) }
  }
  if (!('quantity' in desired)) {
    const reason = `${desired.state}: ${desired.reason}`
    return { row: rowOf(target, input, { outcome: 'skipped', reason, attention: true }) }
  }
  return target.addition
    ? update(target, target.addition, { ...desired, ...prorated }, input, named)
    : create(target, desired, input, named)
}

function update(
  target: Target,
  addition: Addition,
  desired: Wanted & Pick<Prorated, 'because'>,
  input: PlanInput,
  named: ReadonlySet<number>,
): Draft {
  const last = input.lastValues.get(addition.id)
  const choice = input.choices?.get(addition.id)
  if (!choice && holdsWanted(target, addition, desired, last)) return nothing
  const existing = existingFields(addition)
  const { wanted, holds } = wantedFields(target, desired, existing, input)
  const apart = (Object.keys(wanted) as WritableField[]).filter((field) => existing[field] !== wanted[field])
  const adopt = adopted(target, addition, existing, wanted, last)
  const lowered = desired.state === 'partial' && compare(desired.quantity, addition.quantity) < 0
  if (lowered || (desired.note !== undefined && desired.state === 'partial' && apart.length === 0)) {
    const reason =
      desired.note ??
      `a partial snapshot says ${desired.quantity}, below ${addition.quantity}; a partial one never lowers`
    return {
      ...adopt,
      row: rowOf(target, input, { outcome: 'skipped', reason: `partial: ${reason}`, attention: true }),
    }
  }
  const fields = apart.filter((field) => !isChosenAgainst(choice, field, wanted, input.today))
  // What a partial snapshot says and nothing is written of is no news.
  const news = desired.state === 'known' ? wanted : pick(wanted, fields)
  const draft = { ...adopt, ...changed(choice, news, input.today) }
  if (choice && apart.length > 0 && fields.length === 0)
    return { ...draft, row: leftAlone(target, choice, pick(existing, apart), pick(wanted, apart), input) }
  if (fields.length === 0 && holds.length === 0) return draft
  const before = pick(existing, fields)
  const after = pick(wanted, fields)
  const conflicts = fields.flatMap((field) => conflict(field, last, existing, wanted, addition))
  const twins = unmappedTwins(target, named, input.today)
  return {
    ...draft,
    row: rowOf(target, input, {
      ...(fields.length ? { change: 'update' as const } : {}),
      before,
      after,
      holds: [...holds, ...conflicts, ...(twins.length ? [severalCandidates([addition, ...twins])] : [])],
      reason: reasonOf(target, desired),
      ...amountOf(existing, { ...existing, ...after }),
    }),
  }
}

const nothing: Draft = {}

function changed(choice: Choice | undefined, wanted: Fields, today: string): { choice?: Choice } {
  const left = choice && changedChoice(choice, wanted, today)
  return left ? { choice: left } : {}
}

/** The difference stays visible, and waits for nobody. */
function leftAlone(target: Target, choice: Choice, before: Fields, after: Fields, input: PlanInput): PlanRow {
  return rowOf(target, input, { before, after, outcome: 'skipped', reason: choiceWords(choice, before, after) })
}

/** By far the commonest case, told at once: only the quantity is written, and it is the wanted one and the last one. */
function holdsWanted({ mappings }: Target, addition: Addition, desired: Wanted, last: LastValue | undefined): boolean {
  if (desired.state !== 'known' || desired.note !== undefined) return false
  if (desired.quantity !== addition.quantity || last?.quantity !== addition.quantity) return false
  return mappings.every(({ rule }) => rule.write.length === 1 && rule.write[0] === 'quantity')
}

function create(target: Target, desired: Wanted, input: PlanInput, named: ReadonlySet<number>): Draft {
  if (compare(desired.quantity, '0') === 0) return {}
  if (!target.mappings.some((mapping) => mapping.rule.write.includes('quantity')))
    return { row: rowOf(target, input, { holds: [noQuantity], outcome: 'held', reason: noQuantity.text }) }
  const { wanted, holds } = wantedFields(target, desired, {}, input)
  const twins = unmappedTwins(target, named, input.today)
  return {
    row: rowOf(target, input, {
      change: 'create',
      effectiveOn: firstBillableDay(target, input.today),
      after: wanted,
      holds: [...holds, ...(twins.length ? [severalCandidates(twins)] : [])],
      reason: reasonOf(target, desired),
      ...amountOf({ quantity: '0' }, wanted),
    }),
  }
}

const noQuantity: Hold = {
  guard: 'G22',
  text: 'there is no addition yet, and the rule writes no quantity to make one with',
  block: true,
}

/** A new line starts with the month, but never before billing does nor inside what was invoiced already. */
function firstBillableDay({ state }: Target, today: string): string {
  const { billStartOn, startOn, nextInvoiceOn } = state.agreement
  return latest([firstOf(monthOf(today)), billStartOn ?? startOn, nextInvoiceOn])
}

function reasonOf({ state }: Target, desired: Wanted & Pick<Prorated, 'because'>): string {
  const { note, because } = desired
  return `${wordsOf(desired)}${note ? ` (${note})` : ''}${because ? `; ${because}` : ''}${landsOn(state.agreement)}`
}
