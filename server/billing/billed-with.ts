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
 * catch-up line with the period it begins in (FEATURES 4.1). A period first seen invoiced on the day of the line counts
 * as invoiced before it, as in the forecast.
 */
export function billedWith(
  line: Pick<DatedLine, 'kind' | 'period' | 'day'>,
  { effectiveOn = line.day }: Pick<Addition, 'effectiveOn'>,
  { charged }: Pick<ProrationState, 'charged'>,
  timing: Timing,
): BilledWith {
  const wasInvoiced = ({ from }: Period): boolean => {
    const by = charged[from]?.invoicedBy
    return by !== undefined && by <= line.day
  }
  let period = periodAt(timing.grid, line.kind === 'catch-up' ? effectiveOn : line.period)
  while (line.kind === 'dated' && wasInvoiced(period)) period = nextPeriod(timing.grid, period)
  return { period, isInvoiced: isInvoiced(timing, period) }
}
