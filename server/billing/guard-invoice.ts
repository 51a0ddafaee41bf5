import type { Agreement } from './existing.ts'
import { gridOf, periodAt, periodName } from './grid.ts'
import type { Limits } from './limits.ts'
import { type Day, daysBetween } from './period.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'

/** G11, G15: what the invoices of an agreement say against writing to it now. */
export function invoiceHolds(
  { agreementId }: PlanRow,
  { agreements, today }: PlanInput,
  { freezeHours }: Limits,
): Hold[] {
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
