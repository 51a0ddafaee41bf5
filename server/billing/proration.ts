import type { Decimal } from './decimal.ts'
import type { Day } from './period.ts'

/** What is remembered of a prorated standing line between runs (FEATURES 4.1). */
export interface ProrationState {
  /** Desired quantities of complete readings, by the day of the reading, oldest first; the last one of a day counts. */
  history: readonly { day: Day; quantity: Decimal }[]
  /** By a period's first day: the whole-period quantity it was or will be invoiced with. Set once, never lowered. */
  charged: Readonly<Record<Day, Decimal>>
}

/** An addition for a part of a period, beside the standing line it belongs to (FEATURES 4.1). */
export interface DatedLine {
  additionId: number
  standingId: number
  agreementId: number
  /** catch-up: what a period that was invoiced without it missed, billed with the next invoice. */
  kind: 'dated' | 'catch-up'
  /** The first day of its period. */
  period: Day
  /** The day of the reading it was made for. */
  day: Day
}
