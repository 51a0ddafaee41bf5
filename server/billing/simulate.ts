import { add, compare, type Decimal, multiply, share, subtract } from './decimal.ts'
import type { Addition, Agreement } from './existing.ts'
import { invoiced, written } from './forecast-world.ts'
import { daysIn, gridOf, nextPeriod, type Period, periodAt } from './grid.ts'
import { makePlan } from './make-plan.ts'
import { addDays, type Day, earlierOf, laterOf } from './period.ts'
import type { AgreementState, PlanInput } from './plan.ts'
import { readingDay } from './prorate.ts'
import type { DatedLine } from './proration.ts'
import { termsOf } from './timing.ts'

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
 * The lines of the next two invoices of what a mapping writes to, if its newest readings stay as they are (FEATURES V22):
 * plans as they would be made, written and invoiced one after the other. The mapping in `input` carries the rule that is
 * being tried.
 */
export function simulate(input: PlanInput, mappingId: string): Forecast {
  const mapping = input.mappings.find(({ id }) => id === mappingId)
  const state = mapping && input.agreements.get(mapping.agreementId)
  if (!state) return { refusal: 'the agreement is not known', invoices: [] }
  const asked = { ...input, inScope: (other: { id?: string }) => other.id === mappingId }
  const { refusal } = mapping.rule.prorate ? termsOf(state, readingDay([mapping], input.books)) : {}
  const plan = makePlan(asked)
  const waits = plan.rows.flatMap(({ holds }) => holds).find(({ guard }) => guard === 'G14')
  return {
    ...(refusal === undefined ? {} : { refusal }),
    ...(waits ? { waits: waits.text } : {}),
    invoices: nextInvoices(asked, mappingId, 2),
  }
}

function nextInvoices(input: PlanInput, mappingId: string, count: number, isFirst = true): ForecastInvoice[] {
  const planned = written(input, makePlan(input))
  const mapping = planned.mappings.find(({ id }) => id === mappingId)
  const state = planned.agreements.get(mapping?.agreementId ?? 0)
  const grid = state && gridOf(state.agreement)
  const next = state?.agreement.nextInvoiceOn
  if (count === 0 || !grid || next === undefined || periodAt(grid, next).from !== next) return []
  const period = periodAt(grid, next)
  const known = new Set(input.datedLines?.map(({ additionId }) => additionId))
  const since = isFirst ? lastInvoicedBy(planned, mapping?.additionId, periodAt(grid, addDays(next, -1))) : undefined
  const isUnbilled = ({ kind, additionId, day, period: from }: DatedLine) =>
    kind === 'dated' && from < next && (!known.has(additionId) || (since !== undefined && day >= since))
  const lines = linesBeside(planned, state, mapping?.additionId).flatMap(({ addition, line }) => {
    const late = line && isUnbilled(line) ? [periodAt(grid, line.period)] : []
    return [...late, period].flatMap((billed) => lineOf(addition, billed, state.agreement, line ? 'dated' : 'standing'))
  })
  const rest = invoiced(planned, state, nextPeriod(grid, period).from)
  return [invoiceOf(period, lines), ...nextInvoices(rest, mappingId, count - 1, false)]
}

/** The day of the readings at which a period was first seen invoiced: dated lines from that day on are not billed yet. */
const lastInvoicedBy = ({ prorations }: PlanInput, standingId: number | undefined, { from }: Period): Day | undefined =>
  prorations?.get(standingId ?? 0)?.charged[from]?.invoicedBy

/** A standing line and its lines for parts of periods. */
function linesBeside(
  { datedLines }: PlanInput,
  { additions }: AgreementState,
  standingId: number | undefined,
): { addition: Addition; line: DatedLine | undefined }[] {
  return additions
    .map((addition) => ({ addition, line: datedLines?.find(({ additionId }) => additionId === addition.id) }))
    .filter(({ addition, line }) => (line ? line.standingId : addition.id) === standingId)
}

function invoiceOf(period: Period, lines: ForecastLine[]): ForecastInvoice {
  const amounts = lines.map(({ amount }) => amount)
  const isKnown = amounts.every((amount) => amount !== undefined)
  return { on: period.from, period, lines, ...(isKnown ? { total: amounts.reduce(add, '0') } : {}) }
}

/** What an addition bills of a period; without proration any part of it bills the whole. */
function lineOf(addition: Addition, period: Period, agreement: Agreement, kind: ForecastLine['kind']): ForecastLine[] {
  const lived = {
    from: laterOf(period.from, addition.effectiveOn ?? period.from),
    to: earlierOf(period.to, addition.cancelledOn ?? period.to),
  }
  const quantity = subtract(addition.quantity, addition.lessIncluded)
  if (lived.from > lived.to || compare(quantity, '0') <= 0) return []
  const billed = agreement.prorate ? lived : period
  const [days, ofDays] = [daysIn(billed), daysIn(period)]
  const price = addition.unitPrice
  const line = { kind, quantity, ...billed, days, ofDays }
  if (price === undefined) return [line]
  const amount = share(multiply(quantity, price), days, ofDays, agreement.currencyDecimals)
  return [{ ...line, price, amount }]
}
