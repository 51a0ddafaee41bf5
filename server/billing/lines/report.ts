import { add, type Decimal, multiply, subtract } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import type { Day } from '#billing/period.ts'

/** An addition as ConnectWise's own reconciliation report adds it up: whole amounts of what is billed (P21, Q5). */
export interface ReportLine {
  addition: Addition
  /** Total minus included. */
  toBill: Decimal
  price: Decimal
  cost: Decimal
  margin: Decimal
}

/** The additions that bill on a day from the first to the last one, and what they come to (Q5). */
export function reportOf(
  additions: readonly Addition[],
  { from, to }: { from: Day; to: Day },
): { lines: ReportLine[]; total: Pick<ReportLine, 'price' | 'cost' | 'margin'> } {
  const lines = additions.filter((one) => billsBetween(one, from, to)).map(lineOf)
  const sum = (field: 'price' | 'cost' | 'margin') => lines.reduce((all, line) => add(all, line[field]), '0')
  return { lines, total: { price: sum('price'), cost: sum('cost'), margin: sum('margin') } }
}

const billsBetween = ({ effectiveOn, cancelledOn, quantity }: Addition, from: Day, to: Day): boolean =>
  quantity !== '0' && (effectiveOn ?? from) <= to && (cancelledOn ?? to) >= from

function lineOf(addition: Addition): ReportLine {
  const toBill = subtract(addition.quantity, addition.lessIncluded)
  const isBilled = addition.billCustomer === 'Billable'
  const price = isBilled ? multiply(toBill, addition.unitPrice ?? '0') : '0'
  const cost = multiply(toBill, addition.unitCost ?? '0')
  return { addition, toBill, price, cost, margin: subtract(price, cost) }
}
