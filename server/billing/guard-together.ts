import { abs, add, compare, type Decimal } from './decimal.ts'
import type { Limits } from './limits.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'

/** G5: what one agreement changes by in all, whichever way each row goes. */
export function amountHolds(
  changes: readonly PlanRow[],
  input: PlanInput,
  { amount: limit }: Limits,
): Map<number, Hold[]> {
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

/**
 * What G4 counts of a plan: a standing line and its lines for parts of periods are one. Lines of invoices are new each
 * month, and the day on which their additions end may follow each month: neither is a change of what is mapped.
 */
export const countTargets = (rows: readonly PlanRow[]): number =>
  new Set(rows.filter(isOfMapped).map(({ key, mappings }) => (mappings.length ? mappings.join('+') : key))).size

function isOfMapped({ posting, change, after }: PlanRow): boolean {
  if (!posting || change === 'cancel') return true
  const isOfValues = after.quantity !== undefined || after.cost !== undefined || after.price !== undefined
  return change === 'update' && posting.kind === 'persistent' && isOfValues
}

/** G4: from ten mapped additions on, a plan that changes many of them is looked at first. */
export function shareHold(changed: number, mapped: number, limits: Limits): Hold[] {
  const { percent, from } = limits.share
  if (mapped < from || changed * 100 <= mapped * percent) return []
  const share = Math.round((changed * 100) / mapped)
  return [{ guard: 'G4', text: `${changed} of ${mapped} mapped additions change (${share} %), above ${percent} %` }]
}
