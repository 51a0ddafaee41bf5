import { abs, add, compare, type Decimal, max, multiply, subtract } from './decimal.ts'
import type { Agreement } from './existing.ts'
import { gridOf, periodAt, periodName } from './grid.ts'
import type { Limits } from './limits.ts'
import { isFirstWrite, isRuleChanged, type Mapping } from './mapping.ts'
import { holdRecords } from './needed-records.ts'
import { type Day, daysBetween } from './period.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'
import { holdClosings } from './together.ts'

/** What the guard looks at beside the plan itself. */
export interface GuardContext {
  limits: Limits
  /** Additions with an included, working mapping (G4). */
  mapped: number
  /** A scheduled run of a tenant whose first plan nobody approved yet (G16). */
  observing: boolean
  /** Why nothing at all may be written now, in words (G23, G24); empty when it may. */
  stops: readonly Hold[]
}

/** Puts every hold and block of TRUST section 5 on the rows that change something. A row with any of them waits. */
export function guard(rows: readonly PlanRow[], input: PlanInput, context: GuardContext): PlanRow[] {
  const changes = rows.filter((row) => row.change !== undefined)
  const changed = new Set(changes.flatMap((row) => row.mappings))
  const mappings = new Map(input.mappings.filter(({ id }) => changed.has(id)).map((mapping) => [mapping.id, mapping]))
  const always = [...observeHold(context), ...context.stops]
  const lines = changes.filter(isLine)
  const together = [...shareHold(countTargets(lines), context), ...always]
  const amounts = amountHolds(lines, input, context.limits)
  const held = rows.map((row) => {
    const own = row.change === undefined || !isLine(row) ? [] : rowHolds(row, mappings, input, context.limits)
    const shared = !isLine(row) ? always : [...together, ...(amounts.get(row.agreementId ?? 0) ?? [])]
    const holds = [...row.holds, ...own, ...(row.change === undefined ? [] : shared)]
    return { ...row, holds, outcome: row.outcome === 'pending' && holds.length > 0 ? ('held' as const) : row.outcome }
  })
  return holdClosings(holdRecords(held))
}

/** Whether a row is about an addition: its numbers have limits; other records bring their own holds. */
const isLine = ({ record }: PlanRow): boolean => record === undefined || record === 'addition'

function rowHolds(row: PlanRow, mappings: ReadonlyMap<string, Mapping>, input: PlanInput, limits: Limits): Hold[] {
  const own = row.mappings.flatMap((id) => mappings.get(id) ?? [])
  const { quantity: was } = row.before
  const { quantity: will } = row.after
  return [
    ...(was !== undefined && will !== undefined && !isCorrectedToNothing(row, input)
      ? quantityHolds(was, will, limits)
      : []),
    ...(row.change === 'create' && will !== undefined ? newLineHold(row, will, input, limits) : []),
    ...firstWriteHolds(own),
    ...(row.draft?.record === 'addition' ? [] : moneyHolds(row, input, limits)),
    ...sourceHolds(row, input),
    ...invoiceHolds(row, input, limits),
  ]
}

/** A line for a part of a period is a rise of its standing line. */
function newLineHold({ draft, agreementId }: PlanRow, quantity: Decimal, input: PlanInput, limits: Limits): Hold[] {
  const standingId = draft?.record === 'addition' ? draft.standingId : undefined
  const additions = input.agreements.get(agreementId ?? 0)?.additions
  const was = additions?.find(({ id }) => id === standingId)?.quantity ?? '0'
  return riseHold(was, add(was, quantity), limits)
}

/** A same-day correction of a line for a part of a period ends nothing that a customer has (G3). */
const isCorrectedToNothing = ({ additionId, after }: PlanRow, { datedLines }: PlanInput): boolean =>
  after.quantity === '0' && (datedLines?.some((line) => line.additionId === additionId) ?? false)

function quantityHolds(was: Decimal, will: Decimal, limits: Limits): Hold[] {
  if (compare(will, '0') === 0) return [{ guard: 'G3', text: `${was} would become 0` }]
  return compare(will, was) > 0 ? riseHold(was, will, limits) : fallHold(was, will, limits)
}

function riseHold(was: Decimal, will: Decimal, { rise }: Limits): Hold[] {
  const by = subtract(will, was)
  const limit = max(String(rise.units), percentOf(was, rise.percent))
  return compare(by, limit) > 0 ? [{ guard: 'G1', text: `rises by ${by} from ${was}, above ${limit}` }] : []
}

function fallHold(was: Decimal, will: Decimal, { fall }: Limits): Hold[] {
  const by = subtract(was, will)
  const limit = max(String(fall.units), percentOf(was, fall.percent))
  return compare(by, limit) > 0 ? [{ guard: 'G2', text: `falls by ${by} from ${was}, above ${limit}` }] : []
}

function firstWriteHolds(own: readonly Mapping[]): Hold[] {
  if (own.some(isFirstWrite)) return [{ guard: 'G6', text: 'the first write to this target' }]
  return own.some(isRuleChanged) ? [{ guard: 'G8', text: 'the first plan since the rule was changed' }] : []
}

function moneyHolds(row: PlanRow, input: PlanInput, limits: Limits): Hold[] {
  const { before, after } = row
  const { price, cost } = after
  const holds: Hold[] = []
  const isNew = row.change === 'create'
  if (price !== undefined && !isNew)
    holds.push({
      guard: 'G13',
      text: `the price changes from ${before.price ?? 'none'} to ${price}`,
      withoutMoney: 'the price changes',
    })
  for (const [name, value] of [
    ['price', price],
    ['cost', cost],
  ] as const)
    if (value !== undefined && compare(value, '0') === 0)
      holds.push({
        guard: 'G13',
        text: `the source states a ${name} of 0`,
        withoutMoney: `the source states an unusual ${name}`,
      })
  if (cost !== undefined && !isNew && (before.cost === undefined || beyond(before.cost, cost, limits.costPercent)))
    holds.push({
      guard: 'G13',
      text: `the cost changes from ${before.cost ?? 'none'} to ${cost}, more than ${limits.costPercent} %`,
      withoutMoney: 'the cost changes by more than may without approval',
    })
  return [...holds, ...belowCost(row, input)]
}

/** A row holds only the fields that change; the other one is what ConnectWise has. */
function belowCost({ after, agreementId, additionId }: PlanRow, { agreements }: PlanInput): Hold[] {
  if (after.price === undefined && after.cost === undefined) return []
  const existing = agreements.get(agreementId ?? 0)?.additions.find((addition) => addition.id === additionId)
  const price = after.price ?? existing?.unitPrice
  const cost = after.cost ?? existing?.unitCost
  if (price === undefined || cost === undefined || compare(price, cost) >= 0) return []
  const withoutMoney = 'the price is below the cost'
  return [{ guard: 'G13', text: `the price ${price} is below the cost ${cost}`, withoutMoney }]
}

const beyond = (was: Decimal, will: Decimal, percent: number): boolean =>
  compare(abs(subtract(will, was)), percentOf(was, percent)) > 0

function sourceHolds({ source }: PlanRow, { books }: PlanInput): Hold[] {
  const shrunk = books.get(source)?.shrunk
  return shrunk === undefined ? [] : [{ guard: 'G7', text: shrunk }]
}

function invoiceHolds({ agreementId }: PlanRow, { agreements, today }: PlanInput, { freezeHours }: Limits): Hold[] {
  const state = agreements.get(agreementId ?? 0)
  const next = state?.agreement.nextInvoiceOn
  if (!state || next === undefined) return []
  const holds: Hold[] = []
  if (state.movedBackFrom !== undefined)
    holds.push({
      guard: 'G11',
      text: `the next invoice date moved back from ${state.movedBackFrom} to ${next}: ${invoiceName(state.agreement, next)} was removed`,
    })
  return [...holds, ...freezeHold(next, today, freezeHours)]
}

function invoiceName(agreement: Agreement, next: Day): string {
  const grid = gridOf(agreement)
  return grid ? `the ${periodName(periodAt(grid, next))} invoice` : 'an invoice'
}

/** G15: the hours before an agreement's next invoice date, in which nothing is written without a person's yes to that. */
export function freezeHold(next: Day | undefined, today: Day, freezeHours: number): Hold[] {
  if (next === undefined || freezeHours === 0 || next <= today || daysBetween(today, next) * 24 > freezeHours) return []
  return [{ guard: 'G15', text: `inside the ${freezeHours} hours before the invoice of ${next}` }]
}

/** G5: what one agreement changes by in all, whichever way each row goes. */
function amountHolds(changes: readonly PlanRow[], input: PlanInput, { amount: limit }: Limits): Map<number, Hold[]> {
  const sums = new Map<number, Decimal>()
  for (const { agreementId, amount } of changes)
    if (agreementId !== undefined && amount !== undefined)
      sums.set(agreementId, add(sums.get(agreementId) ?? '0', abs(amount)))
  const holds = new Map<number, Hold[]>()
  for (const [id, sum] of sums) {
    if (compare(sum, String(limit)) <= 0) continue
    const currency = input.agreements.get(id)?.agreement.currency ?? input.currency ?? ''
    holds.set(id, [
      {
        guard: 'G5',
        text: `agreement ${id} changes by ${sum} ${currency} a period, above ${limit}`.replace('  ', ' '),
        withoutMoney: `more money of agreement ${id} changes than may without approval`,
      },
    ])
  }
  return holds
}

/** A standing line and its lines for parts of periods are one. */
const countTargets = (lines: readonly PlanRow[]): number =>
  new Set(lines.map(({ key, mappings }) => (mappings.length ? mappings.join('+') : key))).size

/** G4: from ten mapped additions on, a plan that changes many of them is looked at first. */
function shareHold(changed: number, { mapped, limits }: GuardContext): Hold[] {
  const { percent, from } = limits.share
  if (mapped < from || changed * 100 <= mapped * percent) return []
  const share = Math.round((changed * 100) / mapped)
  return [{ guard: 'G4', text: `${changed} of ${mapped} mapped additions change (${share} %), above ${percent} %` }]
}

const observeHold = ({ observing }: GuardContext): Hold[] =>
  observing ? [{ guard: 'G16', text: 'nothing is written by schedule until somebody has approved a first plan' }] : []

function percentOf(value: Decimal, percent: number): Decimal {
  return multiply(abs(value), multiply(String(percent), '0.01'))
}
