import { type Day, firstOf, lastOf, type Month, monthOf, shiftMonth } from '#billing/period.ts'
import { chargeOf, namedChargeOf, ownOf } from './charge-types.ts'
import type { Badge, InvoiceLine, LineDates } from './line.ts'
import type { EndRule, LineSettings, StartRule } from './settings.ts'

/** What a person typed for an end that is to stay empty. */
const never = 'never'

/** An end that a rule, a source or a person puts before the start. */
const endBeforeStart = 'the end came before the start, so it ends on the day it starts'

/** What is known of a line beside what its source says: the invoice month it was loaded with, and days that people typed. */
interface Known {
  period: Month
  typedStart?: Day | null
  /** A day, or `never`. */
  typedEnd?: string | null
}

/** The days that rules speak of. */
interface Stated {
  start: Day
  end?: Day
  invoiced: Day
}

/** The days ConnectWise will get of a line, and where each came from: a person, else a rule, else the source (FEATURES 4.2). */
export function datesOf(said: InvoiceLine, settings: LineSettings, known: Known): LineDates {
  const stated = statedOf(said, known.period)
  const [effectiveOn, effectiveBadge] = startOf(said, stated, settings, known.typedStart)
  const [end, cancelledBadge] = endOf(said, stated, settings, effectiveOn, known.typedEnd)
  if (end === null || end >= effectiveOn) return { effectiveOn, effectiveBadge, cancelledOn: end, cancelledBadge }
  return { effectiveOn, effectiveBadge, cancelledOn: effectiveOn, cancelledBadge, warning: endBeforeStart }
}

/** A line without an invoice's day counts as invoiced on its month's first, one without a start as started when invoiced. */
function statedOf({ chargeStart, chargeEnd, invoicedOn }: InvoiceLine, period: Month): Stated {
  const invoiced = invoicedOn ?? firstOf(period)
  return { start: chargeStart ?? invoiced, invoiced, ...(chargeEnd === undefined ? {} : { end: chargeEnd }) }
}

/** The billing cycle by which a line's start rule is found. */
export const cycleOf = ({ billingCycle = '' }: Pick<InvoiceLine, 'billingCycle'>): string =>
  billingCycle.trim().toLowerCase()

function startOf(
  said: InvoiceLine,
  stated: Stated,
  { starts }: LineSettings,
  typed: Day | null | undefined,
): [Day, Badge] {
  if (typed) return [typed, 'user']
  const rule = ownOf(starts, cycleOf(said))
  return rule ? [starting[rule](stated), 'system'] : [stated.start, 'none']
}

const starting: Record<StartRule, (stated: Stated) => Day> = {
  'first-of-start-month': ({ start }) => firstOf(monthOf(start)),
  'first-of-invoice-month': ({ invoiced }) => firstOf(monthOf(invoiced)),
  'first-of-following-month': ({ invoiced }) => firstOfNext(invoiced),
  'invoice-date': ({ invoiced }) => invoiced,
}

function endOf(
  said: InvoiceLine,
  stated: Stated,
  settings: LineSettings,
  effectiveOn: Day,
  typed: string | null | undefined,
): [Day | null, Badge] {
  if (typed) return [typed === never ? null : typed, 'user']
  const charge = namedChargeOf(said)
  const rule = charge && settings.ends[charge]
  const plain = plainEnd(said, stated, settings, effectiveOn)
  return rule ? [ending[rule](stated, plain), 'system'] : [plain, 'none']
}

const ending: Record<EndRule, (stated: Stated, plain: Day | null) => Day | null> = {
  source: ({ end }, plain) => end ?? plain,
  'last-of-start-month': ({ start }) => lastOf(monthOf(start)),
  'last-of-invoice-month': ({ invoiced }) => lastOf(monthOf(invoiced)),
  'first-of-following-month': ({ invoiced }) => firstOfNext(invoiced),
  never: () => null,
}

/** Where a charge ends that no rule speaks of: recurring ones never, corrections as stated, others with the month they start in. */
function plainEnd(said: InvoiceLine, { end }: Stated, settings: LineSettings, effectiveOn: Day): Day | null {
  if (chargeOf(said, settings).kind === 'recurring') return null
  return (namedChargeOf(said) === 'Correction' ? end : undefined) ?? lastOf(monthOf(effectiveOn))
}

const firstOfNext = (day: Day): Day =>
  monthOf(day) === monthOf(lastDay) ? lastDay : firstOf(shiftMonth(monthOf(day), 1))

/** What platforms write for never, and the last day that can be written in ten characters. */
const lastDay = '9999-12-31'
