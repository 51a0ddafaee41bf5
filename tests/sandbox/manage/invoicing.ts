import Big from 'big.js'
import { dayOf, daysShared, laterDay, type Period, periodOf, shiftDays } from './calendar.ts'
import type { AdditionRecord, AgreementRecord, InvoiceLine, InvoiceRecord } from './records.ts'
import type { World } from './tables.ts'

export type AgreementStatus = 'Active' | 'Cancelled' | 'Expired' | 'Inactive'

export function statusOf(agreement: AgreementRecord, today: string): AgreementStatus {
  if (agreement.cancelledFlag) return 'Cancelled'
  const end = dayOf(agreement.endDate)
  if (!agreement.noEndingDateFlag && end !== undefined && end < today) return 'Expired'
  return (dayOf(agreement.startDate) ?? today) > today ? 'Inactive' : 'Active'
}

/** The agreement's billing period that holds a day, counted from 1 January or from its billing start. */
function billingPeriod(world: World, agreement: AgreementRecord, day: string): Period {
  const options = world.billingCycles.get(agreement.billingCycle.id)?.billingOptions ?? 'Monthly'
  return periodOf(anchorOf(agreement, options) ?? day, options, day)
}

/** Where an agreement's periods are counted from; weeks always from the billing start. */
export function anchorOf(
  { invoicingCycle, billStartDate }: Pick<AgreementRecord, 'invoicingCycle' | 'billStartDate'>,
  options: string,
): string | undefined {
  const isCounted = invoicingCycle === 'ContractYear' || options.endsWith('Weekly')
  return isCounted ? dayOf(billStartDate) : '2000-01-01'
}

/** The days an addition bills: both its start and its end day. */
const lifeOf = (addition: AdditionRecord): Period => ({
  from: dayOf(addition.effectiveDate) ?? '0001-01-01',
  to: dayOf(addition.cancelledDate) ?? '9999-12-31',
})

/** The share of a period that an addition bills, 0 to 1; without proration any part bills the whole. */
function shareOf(addition: AdditionRecord, period: Period, prorates: boolean): Big {
  const days = daysShared(lifeOf(addition), period)
  if (!prorates) return new Big(days > 0 ? 1 : 0)
  return new Big(days).div(daysShared(period))
}

export const billedQuantity = (addition: AdditionRecord): number =>
  new Big(addition.quantity ?? 0).minus(addition.lessIncluded ?? 0).toNumber()

export const extended = (addition: AdditionRecord, unit: number): number =>
  money(new Big(unit ?? 0).times(billedQuantity(addition)))

const money = (amount: Big): number => amount.round(2, Big.roundHalfUp).toNumber()

/**
 * What `quantity` at a unit amount comes to for the part of a period in which the addition starts;
 * 0 when the agreement does not prorate or the addition bills that period whole.
 */
export function prorated(world: World, addition: AdditionRecord, unit: number, quantity = 1): number {
  const agreement = world.agreements.get(addition.agreementId)
  const start = dayOf(addition.effectiveDate)
  if (!agreement?.prorateFlag || start === undefined) return 0
  const share = shareOf(addition, billingPeriod(world, agreement, start), true)
  return share.eq(1) ? 0 : money(share.times(unit ?? 0).times(quantity))
}

const daysAhead = 90

/** Why the next invoice cannot be made today; undefined when it can. */
export function invoiceProblem(agreement: AgreementRecord, today: string): string | undefined {
  if (agreement.cancelledFlag) return 'The agreement is cancelled.'
  if (agreement.nextInvoiceDate <= shiftDays(today, daysAhead)) return undefined
  return `Invoices can be created up to ${daysAhead} days ahead.`
}

/** Makes the agreement's next invoice and moves `nextInvoiceDate` on by one billing cycle. */
export function invoice(world: World, agreement: AgreementRecord, invoicedAt: string, by: string): InvoiceRecord {
  const period = billingPeriod(world, agreement, agreement.nextInvoiceDate)
  const additions = world.additions.of(agreement.id).filter((addition) => addition.billCustomer !== 'DoNotBill')
  const lines = additions.flatMap((addition) => lineOf(world, agreement, addition, period) ?? [])
  const first = additions.filter(({ id }) => world.neverInvoiced.delete(id)).map(({ id }) => id)
  const id = world.invoices.nextId()
  const made: InvoiceRecord = {
    id,
    invoiceNumber: String(10_000 + id),
    agreementId: agreement.id,
    companyId: agreement.company.id,
    ...period,
    invoicedAt,
    lines,
    first,
    _info: { lastUpdated: invoicedAt, updatedBy: by },
  }
  world.invoices.set(id, made)
  agreement.nextInvoiceDate = shiftDays(period.to, 1)
  return made
}

/** Takes an agreement's newest invoice back: its period is open again, and what it caught up is owed again. */
export function removeInvoice(world: World, made: InvoiceRecord): void {
  const agreement = world.agreements.get(made.agreementId)
  if (agreement) agreement.nextInvoiceDate = made.from
  for (const id of made.first) world.neverInvoiced.add(id)
  world.invoices.delete(made.id)
}

/** What an addition owes up to the end of a period: that period, and earlier parts that a prorating agreement catches up. */
function lineOf(
  world: World,
  agreement: AgreementRecord,
  addition: AdditionRecord,
  period: Period,
): InvoiceLine | undefined {
  let periods = shareOf(addition, period, agreement.prorateFlag)
  if (agreement.prorateFlag && world.neverInvoiced.has(addition.id)) {
    for (const earlier of missedPeriods(world, agreement, addition, period))
      periods = periods.plus(shareOf(addition, earlier, true))
  }
  if (periods.eq(0)) return undefined
  const quantity = billedQuantity(addition)
  const unit = addition.billCustomer === 'NoCharge' ? 0 : addition.unitPrice
  const amount = money(periods.times(quantity).times(unit ?? 0))
  return { additionId: addition.id, productId: addition.product.id, quantity, periods: periods.toNumber(), amount }
}

/** Periods before this one that the addition lived in. */
function missedPeriods(world: World, agreement: AgreementRecord, addition: AdditionRecord, period: Period): Period[] {
  const life = lifeOf(addition)
  const missed: Period[] = []
  const billStart = dayOf(agreement.billStartDate) ?? period.from
  const first = laterDay(life.from, billStart)
  for (let day = shiftDays(period.from, -1); day >= first; ) {
    const earlier = billingPeriod(world, agreement, day)
    missed.push(earlier)
    day = shiftDays(earlier.from, -1)
  }
  return missed
}

/** The two refusals of an effective date; undefined when the date can be taken. */
export function effectiveDateProblem(agreement: AgreementRecord, effectiveDate: string): string | undefined {
  const day = dayOf(effectiveDate) ?? ''
  if (day < (dayOf(agreement.billStartDate) ?? ''))
    return 'effectiveDate cannot be less than the agreement billing start date'
  if (agreement.prorateFlag || day >= agreement.nextInvoiceDate) return undefined
  return `No invoice will be made for this period: prorate the agreement or start on or after the Next Invoice Date ${agreement.nextInvoiceDate}`
}
