import type { Decimal } from './decimal.ts'
import type { Day } from './period.ts'
import type { PlanInput } from './plan.ts'

/** One line of an invoice to come. Amounts are in the agreement's currency; absent when the price is unknown. */
export interface ForecastLine {
  kind: 'standing' | 'dated'
  quantity: Decimal
  /** First and last billed day, and how many of the period's days these are. */
  from: Day
  to: Day
  days: number
  ofDays: number
  price?: Decimal
  amount?: Decimal
}

/** An invoice to come: its day, the period it bills, and what is on it of one standing line and its dated lines. */
export interface ForecastInvoice {
  on: Day
  period: { from: Day; to: Day }
  lines: ForecastLine[]
  total?: Decimal
}

export interface Forecast {
  /** Why no dated line is made, in words; the whole-period rule applies then. */
  refusal?: string
  /** Why a dated line would wait for a person, in words (G14). */
  waits?: string
  /** The next two; empty when nothing can be foreseen, with the refusal that says why. */
  invoices: ForecastInvoice[]
}

/**
 * The lines of the next two invoices of what a mapping writes to, if its newest readings stay as they are (FEATURES V22).
 * The mapping in `input` carries the rule that is being tried; nothing is written.
 */
export function simulate(_input: PlanInput, _mapping: string): Forecast {
  return { refusal: 'no invoice can be foreseen yet', invoices: [] }
}
