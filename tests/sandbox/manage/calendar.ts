import { Temporal } from 'temporal-polyfill'

/** A billing cycle's length; NotRecurring has none. */
const lengths: Partial<Record<string, { unit: 'days' | 'months'; count: number }>> = {
  Weekly: { unit: 'days', count: 7 },
  BiWeekly: { unit: 'days', count: 14 },
  Monthly: { unit: 'months', count: 1 },
  BiMonthly: { unit: 'months', count: 2 },
  Quarterly: { unit: 'months', count: 3 },
  SemiAnnual: { unit: 'months', count: 6 },
  Yearly: { unit: 'months', count: 12 },
}

/** First and last day, both inside. */
export interface Period {
  from: string
  to: string
}

/** The calendar day of a date field: its first ten characters; undefined when it is not set. */
export const dayOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 10) : undefined

/** A day in the API's form. */
export const dateOf = (day: string): string => `${day.slice(0, 10)}T00:00:00Z`

/** An instant in the API's form, to the second. */
export const instantText = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

export const dayAt = (zone: string, at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()

export const shiftDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString()

/** Days compare as text. */
export const laterDay = (a: string, b: string): string => (a.localeCompare(b) > 0 ? a : b)

const earlierDay = (a: string, b: string): string => (a.localeCompare(b) < 0 ? a : b)

/** How many days a period has, or two periods share; both ends count. */
export function daysShared(a: Period, b: Period = a): number {
  const from = laterDay(a.from, b.from)
  const to = earlierDay(a.to, b.to)
  return from > to ? 0 : Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days + 1
}

/**
 * The billing period that holds `day`, on the grid that starts at `anchor` (the billing start);
 * counted from the anchor, so that a start on the 31st does not drift. The first period when `day` is before it.
 */
export function periodOf(anchor: string, billingOptions: string, day: string): Period {
  const length = lengths[billingOptions]
  if (!length) return { from: anchor, to: '9998-12-31' }
  const start = Temporal.PlainDate.from(anchor)
  const nth = (n: number) => start.add({ [length.unit]: length.count * n }).toString()
  const longest = length.count * (length.unit === 'days' ? 1 : 31)
  let n = Math.floor(daysShared({ from: anchor, to: day }) / (longest + 1))
  while (nth(n + 1) <= day) n++
  return { from: nth(n), to: shiftDays(nth(n + 1), -1) }
}
