import type { Agreement } from './existing.ts'
import { gridOf, periodAt } from './grid.ts'
import { type Day, monthName, monthOf } from './period.ts'

/** On which invoice a change lands, to be put behind its reason; `from` is the first day billed, where that is later. */
export function landsOn(agreement: Agreement, from?: Day): string {
  const next = agreement.nextInvoiceOn
  if (next === undefined) return ''
  const grid = from !== undefined && from > next ? gridOf(agreement) : undefined
  const on = grid && from !== undefined ? periodAt(grid, from).from : next
  return `; lands on ${monthName(monthOf(on))}, next invoice ${next}`
}
