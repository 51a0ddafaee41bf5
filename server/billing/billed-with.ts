import type { Addition } from './existing.ts'
import { nextPeriod, type Period, periodAt } from './grid.ts'
import type { DatedLine, ProrationState } from './proration.ts'
import { isInvoiced, type Timing } from './timing.ts'

/** The period whose invoice a dated line or a catch-up line is on, and whether that is made. */
export interface BilledWith {
  period: Period
  isInvoiced: boolean
}

/**
 * A dated line is billed with its own period, or with the first one that was not seen invoiced when it was made; a
 * catch-up line with the period it begins in (FEATURES 4.1). Undefined when a period was invoiced on the very day the line
 * was made: nobody knows which came first.
 */
export function billedWith(
  line: Pick<DatedLine, 'kind' | 'period' | 'day'>,
  { effectiveOn = line.day }: Pick<Addition, 'effectiveOn'>,
  { charged }: Pick<ProrationState, 'charged'>,
  timing: Timing,
): BilledWith | undefined {
  const invoicedBy = ({ from }: Period) => charged[from]?.invoicedBy
  let period = periodAt(timing.grid, line.kind === 'catch-up' ? effectiveOn : line.period)
  if (line.kind === 'dated') {
    while ((invoicedBy(period) ?? line.day) < line.day) period = nextPeriod(timing.grid, period)
    if (invoicedBy(period) === line.day) return undefined
  }
  return { period, isInvoiced: isInvoiced(timing, period) }
}
