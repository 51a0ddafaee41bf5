import type { Agreement } from './existing.ts'
import { type Grid, gridOf, type Period, periodAt } from './grid.ts'
import { addDays, type Day, daysBetween } from './period.ts'
import type { AgreementState } from './plan.ts'

/** Which periods there are, and the first day of the first one that is not invoiced. */
export interface Timing {
  grid: Grid
  next: Day
}

/** Whether parts of periods can be billed: the timing where it is known, and why no dated line is made. */
export interface Terms {
  /** With a refusal beside it, the agreement does not prorate and nothing else is in the way. */
  timing?: Timing
  refusal?: string
}

export const isInvoiced = ({ next }: Timing, { to }: Period): boolean => to < next

/** Nothing is invoiced longer ahead than two of the longest cycles. */
const farAhead = 2 * 366

/** What an agreement allows for a reading of a day (FEATURES 4.1 "No dated line", R4, R5; TRUST U16, U17, U28). */
export function termsOf({ agreement, invoicing = {} }: AgreementState, day: Day): Terms {
  const grid = gridOf(agreement)
  const { nextInvoiceOn: next, billStartOn, parentId } = agreement
  if (parentId !== undefined) return { refusal: `the agreement is a child of ${parentId}, whose dates count` }
  if (!grid || agreement.billsOnce) return { refusal: gridRefusal(agreement) }
  if (next === undefined) return { refusal: 'the agreement has no next invoice date' }
  if (billStartOn !== undefined && day < billStartOn) return { refusal: `its billing starts on ${billStartOn}` }
  if (periodAt(grid, next).from !== next) return { refusal: `its next invoice date ${next} begins no billing period` }
  if (daysBetween(day, next) > farAhead) return { refusal: `its next invoice date ${next} is more than two years away` }
  if (invoicing.through !== undefined && addDays(invoicing.through, 1) !== next)
    return { refusal: `the agreement is invoiced through ${invoicing.through}, but its next invoice date is ${next}` }
  if (invoicing.nextOn !== undefined && invoicing.nextOn !== next)
    return { refusal: `its next invoice date is ${next}, in the recap of invoices ${invoicing.nextOn}` }
  return agreement.prorate
    ? { timing: { grid, next } }
    : { timing: { grid, next }, refusal: 'the agreement does not prorate' }
}

function gridRefusal({ billsOnce, billingOption, invoicingCycle }: Agreement): string {
  if (billsOnce) return 'the agreement is billed once'
  if (billingOption === undefined) return 'its billing cycle is not known'
  if (billingOption === 'NotRecurring') return 'its billing cycle does not recur'
  if (invoicingCycle === undefined) return 'it is not known whether its periods follow the calendar or the contract'
  return 'the agreement has no billing start from which its periods are counted'
}
