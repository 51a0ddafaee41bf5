import { compare, type Decimal, multiply, subtract } from './decimal.ts'
import { desiredOf, wordsOf } from './desired.ts'
import type { Addition } from './existing.ts'
import { adopted, conflict, pick } from './last-value.ts'
import type { Mapping } from './mapping.ts'
import { firstOf, latest, monthName, monthOf } from './period.ts'
import type { Fields, Hold, LastValue, PlanInput, PlanRow, Proposal } from './plan.ts'
import { rowOf, unmappedAccounts, withoutTarget } from './row.ts'
import type { WritableField } from './rule.ts'
import {
  isTarget,
  type NoTarget,
  namedAdditions,
  resolveTargets,
  severalCandidates,
  type Target,
  unmappedTwins,
} from './target.ts'
import { existingFields, type Wanted, wantedFields } from './wanted.ts'

type Draft = { row?: PlanRow; adopt?: LastValue }

/** desired − existing, for every mapping in scope: the rows of a plan before the guard has looked at them. */
export function makePlan(input: PlanInput): Proposal {
  const named = namedAdditions(input.mappings)
  const results = resolveTargets(input, named)
  const targets = results.filter(isTarget)
  const inScope = (mappings: readonly Mapping[]) => mappings.some((mapping) => input.inScope?.(mapping) ?? true)

  const asked = targets.filter((target) => inScope(target.mappings))
  const untargeted = results.filter((result): result is NoTarget => !isTarget(result))
  const lacking = new Set(untargeted.flatMap(additionLacking))
  const drafts = asked.map((target) =>
    target.addition && lacking.has(target.addition.id)
      ? { row: rowOf(target, input, { outcome: 'skipped', reason: partMissing, attention: true }) }
      : draft(target, input, named),
  )
  const refused = untargeted.filter((r) => inScope([r.mapping]))
  return {
    rows: [...drafts.flatMap(({ row }) => row ?? []), ...refused.map(withoutTarget), ...unmappedAccounts(input)],
    unchanged: drafts.filter(({ row }) => row === undefined).length,
    mapped: countMapped(input.mappings),
    adopt: drafts.flatMap(({ adopt }) => adopt ?? []),
    resolve: asked.flatMap(resolvedByProduct),
    park: refused.flatMap((r) => (r.verdict === 'parked' ? { mapping: r.mapping.id, reason: r.reason } : [])),
  }
}

const partMissing = 'unknown: another mapping that is added together here is parked'

/** The addition that an included mapping belongs to and adds nothing to: its sum is not known (4.10). */
const additionLacking = ({ mapping }: NoTarget): number[] =>
  mapping.include && mapping.additionId !== undefined ? [mapping.additionId] : []

/** Counted over the whole tenant, also when a run is about a part of it: that part alone would look like a landslide. */
function countMapped(mappings: readonly Mapping[]): number {
  const working = mappings.filter((mapping) => mapping.include && mapping.parkedReason === undefined)
  return new Set(working.map((m) => m.additionId ?? `${m.agreementId}/${m.targetKey}`)).size
}

const resolvedByProduct = ({ addition, mappings }: Target) =>
  addition
    ? mappings.filter((m) => m.additionId === undefined).map((m) => ({ mapping: m.id, additionId: addition.id }))
    : []

function draft(target: Target, input: PlanInput, named: ReadonlySet<number>): Draft {
  const desired = desiredOf(target.mappings, input.books)
  if (desired.state === 'contradictory') {
    const { reason } = desired
    return {
      row: rowOf(target, input, { holds: [{ guard: 'G22', text: reason, block: true }], outcome: 'held', reason }),
    }
  }
  if (!('quantity' in desired)) {
    const reason = `${desired.state}: ${desired.reason}`
    return { row: rowOf(target, input, { outcome: 'skipped', reason, attention: true }) }
  }
  return target.addition
    ? update(target, target.addition, desired, input, named)
    : create(target, desired, input, named)
}

function update(
  target: Target,
  addition: Addition,
  desired: Wanted,
  input: PlanInput,
  named: ReadonlySet<number>,
): Draft {
  const existing = existingFields(addition)
  const last = input.lastValues.get(addition.id)
  const { wanted, holds } = wantedFields(target, desired, existing, input)
  const fields = (Object.keys(wanted) as WritableField[]).filter((field) => existing[field] !== wanted[field])
  const adopt = adopted(target, addition, existing, wanted, last)
  const lowered = desired.state === 'partial' && compare(desired.quantity, addition.quantity) < 0
  if (lowered || (desired.note !== undefined && desired.state === 'partial' && fields.length === 0)) {
    const reason =
      desired.note ??
      `a partial snapshot says ${desired.quantity}, below ${addition.quantity}; a partial one never lowers`
    return {
      ...adopt,
      row: rowOf(target, input, { outcome: 'skipped', reason: `partial: ${reason}`, attention: true }),
    }
  }
  if (fields.length === 0 && holds.length === 0) return adopt
  const before = pick(existing, fields)
  const after = pick(wanted, fields)
  const conflicts = fields.flatMap((field) => conflict(field, last, existing, wanted, addition))
  const twins = unmappedTwins(target, named, input.today)
  return {
    ...adopt,
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

function amountOf(before: Fields, after: Fields): { amount?: Decimal } {
  const price = after.price ?? before.price
  if (price === undefined) return {}
  const was = multiply(before.quantity ?? '0', before.price ?? price)
  return { amount: subtract(multiply(after.quantity ?? before.quantity ?? '0', price), was) }
}

function reasonOf({ state }: Target, desired: Wanted): string {
  const { note } = desired
  const { nextInvoiceOn } = state.agreement
  const lands = nextInvoiceOn ? `; lands on ${monthName(monthOf(nextInvoiceOn))}, next invoice ${nextInvoiceOn}` : ''
  return `${wordsOf(desired)}${note ? ` (${note})` : ''}${lands}`
}
