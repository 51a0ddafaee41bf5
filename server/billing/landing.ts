import type { Agreement } from './existing.ts'
import { gridOf, periodAt } from './grid.ts'
import { type Day, type Month, monthName, monthOf } from './period.ts'

/** On which invoice a change lands, to be put behind its reason; `from` is the first day billed, where that is later. */
export function landsOn(agreement: Agreement, from?: Day): string {
  const next = agreement.nextInvoiceOn
  if (next === undefined) return ''
  return `; lands on ${monthName(landingMonth(agreement, next, from))}, next invoice ${next}`
}

function landingMonth(agreement: Agreement, next: Day, from: Day | undefined): Month {
  if (from === undefined || monthOf(from) <= monthOf(next)) return monthOf(next)
  const grid = gridOf(agreement)
  return monthOf(grid ? periodAt(grid, from).from : next)
}
