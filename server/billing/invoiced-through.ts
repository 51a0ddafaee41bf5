import type { Agreement, Invoicing } from './existing.ts'
import { gridOf, periodAt } from './grid.ts'
import { addDays, firstOf, type Month, monthOf, shiftMonth } from './period.ts'

/**
 * What evidence of invoices says of an agreement (TRUST U16): the report tells the month in which the newest period
 * begins; of several that begin in it, the one that the next invoice date follows is meant, else the last.
 */
export function invoicingOf(agreement: Agreement, said: { month?: Month; nextOn?: string }): Invoicing {
  const grid = gridOf(agreement)
  const { nextInvoiceOn } = agreement
  const nextOn = said.nextOn === undefined ? {} : { nextOn: said.nextOn }
  if (said.month === undefined || !grid || nextInvoiceOn === undefined) return nextOn
  const before = periodAt(grid, addDays(nextInvoiceOn, -1))
  const last = periodAt(grid, addDays(firstOf(shiftMonth(said.month, 1)), -1))
  return { ...nextOn, through: monthOf(before.from) === said.month ? before.to : last.to }
}
