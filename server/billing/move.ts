import type { Agreement } from './existing.ts'
import { periodAt, periodName } from './grid.ts'
import { addDays, type Day, laterOf } from './period.ts'
import type { AgreementState } from './plan.ts'
import { closedReason } from './target.ts'
import { type Timing, termsOf } from './timing.ts'
import { firstDayAfter, isWhole, type Wish } from './wish.ts'

interface Moment {
  today: Day
  /** The tenant's own currency, for agreements that state none. */
  currency?: string | undefined
}

/**
 * Why an addition cannot go on at another agreement from the day after `lastOn`, in words; undefined when every day is
 * then billed on exactly one of the two (V21, 4.15).
 */
export function whyNotMoved(
  wish: Wish,
  from: AgreementState,
  to: AgreementState | undefined,
  moment: Moment,
): string | undefined {
  const here = timingOf(from, moment)
  return (
    (to && whyNotAlike(from.agreement, to.agreement, moment)) ??
    whyNothingLeft(wish) ??
    closedReason(from.agreement, moment.today) ??
    (typeof here === 'string' ? here : whyNotHere(wish, from, here)) ??
    whyTooLate(wish, from, to, moment) ??
    whyNotThere(wish, from, to, moment)
  )
}

/** The same for what is ended here already: only whether it can go on there. */
export function whyNotThere(
  wish: Wish,
  { agreement: from }: AgreementState,
  to: AgreementState | undefined,
  moment: Moment,
): string | undefined {
  if (!to) return `agreement ${wish.toAgreementId ?? ''} is not known in ConnectWise`
  const there = timingOf(to, moment)
  return (
    whyNotAlike(from, to.agreement, moment) ??
    whyNothingLeft(wish) ??
    closedReason(to.agreement, moment.today) ??
    (typeof there === 'string' ? there : whyNotBegun(wish, to, there))
  )
}

/** Why an addition cannot be ended on this day: ending it takes nothing back that was invoiced. */
export function whyNotEnded(wish: Wish, { agreement }: AgreementState, { today }: Moment): string | undefined {
  const next = agreement.nextInvoiceOn
  const invoiced = next !== undefined && firstDayAfter(wish) < next
  return (
    closedReason(agreement, today) ??
    whyNothingLeft(wish) ??
    (invoiced ? `it is already on an invoice of agreement ${agreement.id}, which is invoiced up to ${next}` : undefined)
  )
}

/** The last day here that is offered: nothing that is invoiced on either agreement moves. Undefined where that is unknown. */
export function lastDayOffered(
  { stood, line }: Pick<Wish, 'stood' | 'line'>,
  from: AgreementState,
  to: AgreementState,
  moment: Moment,
): Day | undefined {
  const [here, there] = [timingOf(from, moment), timingOf(to, moment)]
  if (typeof here === 'string' || typeof there === 'string') return undefined
  const { effectiveOn } = stood
  const isUnbilled = effectiveOn !== undefined && effectiveOn >= here.next
  return addDays(
    isUnbilled || (line?.kind === 'one-time' && effectiveOn) ? effectiveOn : laterOf(here.next, there.next),
    -1,
  )
}

/** What both agreements must have in common. */
function whyNotAlike(from: Agreement, to: Agreement, { currency }: Moment): string | undefined {
  const [here, there] = [from.currency ?? currency, to.currency ?? currency]
  if (from.id === to.id) return 'it is on this agreement already'
  if (from.companyId !== to.companyId)
    return `agreement ${to.id} belongs to ${to.companyName}, agreement ${from.id} to ${from.companyName}`
  if (here === undefined || there === undefined) return 'the currency of the agreements is not known'
  if (here !== there) return `agreement ${from.id} bills in ${here}, agreement ${to.id} in ${there}`
  if (from.billingOption !== to.billingOption)
    return `agreement ${from.id} bills ${from.billingCycle}, agreement ${to.id} ${to.billingCycle}: its price is per billing cycle`
  return from.billProducts === 'Billable' && to.billProducts !== 'Billable'
    ? `Bill Products of agreement ${to.id} is ${to.billProducts || 'not set'}: it would not be billed there`
    : undefined
}

function whyNothingLeft({ lastOn, stood, line, ...wish }: Wish): string | undefined {
  if (stood.cancelledOn !== undefined && stood.cancelledOn <= lastOn) return `it ends on ${stood.cancelledOn} already`
  if (wish.wish === 'move' && line?.kind === 'one-time' && !isWhole({ lastOn, stood }))
    return 'a one-time line moves as a whole: choose a day before its first one'
  return undefined
}

function whyNotHere(wish: Wish, { agreement }: AgreementState, { grid, next }: Timing): string | undefined {
  const first = firstDayAfter(wish)
  if (first < next)
    return `it is already on the invoice of ${periodName(periodAt(grid, first))}: agreement ${agreement.id} is invoiced up to ${next}`
  if (isWhole(wish) || agreement.prorate) return undefined
  const { to } = periodAt(grid, wish.lastOn)
  if (to === wish.lastOn) return undefined
  return `agreement ${agreement.id} does not prorate and bills all of ${periodName(periodAt(grid, to))}: choose its last day, ${to}`
}

/** Lines of the months until then would be written to what begins only later, and what bills them here would not follow. */
function whyTooLate(wish: Wish, from: AgreementState, to: AgreementState | undefined, moment: Moment) {
  const [here, offered] = [timingOf(from, moment), to && lastDayOffered(wish, from, to, moment)]
  if (typeof here === 'string' || offered === undefined || wish.line?.kind !== 'persistent' || isWhole(wish))
    return undefined
  const last = laterOf(offered, periodAt(here.grid, moment.today).to)
  return wish.lastOn > last
    ? `lines of the months until ${wish.lastOn} are still to be written to it here: choose ${last}, or wait`
    : undefined
}

function whyNotBegun(wish: Wish, { agreement }: AgreementState, { grid, next }: Timing): string | undefined {
  const first = firstDayAfter(wish)
  const { billStartOn, endOn, prorate, id } = agreement
  if (billStartOn !== undefined && first < billStartOn) return `billing of agreement ${id} starts on ${billStartOn}`
  if (endOn !== undefined && first > endOn) return `agreement ${id} ends on ${endOn}`
  if (prorate) return undefined
  if (first < next)
    return `agreement ${id} is invoiced up to ${next} and does not prorate: ${first} would not be billed`
  const { from } = periodAt(grid, first)
  if (isWhole(wish) || from === first) return undefined
  return `agreement ${id} does not prorate and bills all of ${periodName(periodAt(grid, first))}: let it go on from a period's first day`
}

/** Which periods are invoiced, or why nobody can tell. */
function timingOf(state: AgreementState, { today }: Moment): Timing | string {
  const { timing, refusal } = termsOf(state, laterOf(today, state.agreement.billStartOn ?? today))
  return timing ?? `agreement ${state.agreement.id}: ${refusal ?? 'what is invoiced is not known'}`
}
