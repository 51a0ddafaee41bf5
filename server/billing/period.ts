import { Temporal } from 'temporal-polyfill'

/** A calendar day, `YYYY-MM-DD`; days compare as text. */
export type Day = string

/** A month, `YYYY-MM`. */
export type Month = string

/** The calendar day of an instant (epoch milliseconds) in an IANA zone. */
export function dayIn(zone: string, at: number): Day {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()
}

/** Epoch milliseconds of a day's first moment in UTC. */
export const startOfDay = (day: Day): number => Temporal.PlainDate.from(day).toZonedDateTime('UTC').epochMilliseconds

/** Whether a text is a day of the calendar, `2026-02-28` and not `2026-02-30`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  if (month === 0 || day === 0) return false
  return Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' }).toString() === text
}

/** What a month is written as, wherever one comes in as text. */
export const monthPattern = /^\d{4}-(?:0[1-9]|1[0-2])$/

export const monthOf = (day: Day): Month => day.slice(0, 7)
export const firstOf = (month: Month): Day => `${month}-01`

/** The last day of a month. */
export function lastOf(month: Month): Day {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return `${month}-${new Temporal.PlainYearMonth(year, number).daysInMonth}`
}

/** The month `months` before or after another. */
export function shiftMonth(month: Month, months: number): Month {
  const shifted = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months
  const [year, at] = [Math.floor(shifted / 12), (shifted % 12) + 1]
  return `${String(year).padStart(4, '0')}-${String(at).padStart(2, '0')}`
}

export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

const monthNames = 'January February March April May June July August September October November December'.split(' ')

/** `November 2026`, as people say it. */
export const monthName = (month: Month): string => `${monthNames[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`

/** Days from one day to a later one; negative when it is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days
}

/** The last of some days; the absent ones do not count. Throws when there is none. */
export function latest(days: readonly (Day | undefined)[]): Day {
  const day = days
    .filter((candidate) => candidate !== undefined)
    .sort()
    .at(-1)
  if (day === undefined) throw new Error('no day to choose from')
  return day
}

export const laterOf = (a: Day, b: Day): Day => (a > b ? a : b)
export const earlierOf = (a: Day, b: Day): Day => (a < b ? a : b)

/** `2026-11-21 02:00`, an instant (epoch milliseconds) on the wall clock of an IANA zone. */
export function timeIn(zone: string, at: number): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime()
  return time.toString({ smallestUnit: 'minute' }).replace('T', ' ')
}

/** `2026-11-21 02:00 Europe/Berlin`: the same, for where the zone is not said beside it. */
export const zonedTimeIn = (zone: string, at: number): string => `${timeIn(zone, at)} ${zone}`

/** `2026-11-21T22:00:00Z`, of epoch milliseconds. */
export const instantText = (at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'second' })

export const dayMs = 86_400_000
