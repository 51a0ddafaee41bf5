import { add, type Decimal } from './decimal.ts'
import { invoiceHolds } from './guard-invoice.ts'
import { moneyHolds, quantityHolds, riseHold } from './guard-values.ts'
import type { Limits } from './limits.ts'
import { monthKey } from './lines/posting.ts'
import { isFirstWrite, isRuleChanged, type Mapping } from './mapping.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'

/** What holds the change of one addition by itself, whatever else the plan changes. */
export function rowHolds(
  row: PlanRow,
  mappings: ReadonlyMap<string, Mapping>,
  input: PlanInput,
  limits: Limits,
): Hold[] {
  const own = row.mappings.flatMap((id) => mappings.get(id) ?? [])
  const { quantity: was } = row.before
  const { quantity: will } = row.after
  return [
    ...(was !== undefined && will !== undefined && !isCorrectedToNothing(row, input)
      ? quantityHolds(was, will, limits)
      : []),
    ...(row.change === 'create' && !row.posting && will !== undefined ? newLineHold(row, will, input, limits) : []),
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

function firstWriteHolds(own: readonly Mapping[]): Hold[] {
  if (own.some(isFirstWrite)) return [{ guard: 'G6', text: 'the first write to this target' }]
  return own.some(isRuleChanged) ? [{ guard: 'G8', text: 'the first plan since the rule was changed' }] : []
}

/** Of invoice lines, each month is compared with what was said of the same month before. */
function sourceHolds({ source, posting }: PlanRow, { books, lines }: PlanInput): Hold[] {
  const shrunk = posting ? lines?.shrunk?.get(monthKey(source, posting.period)) : books.get(source)?.shrunk
  return shrunk === undefined ? [] : [{ guard: 'G7', text: shrunk }]
}
