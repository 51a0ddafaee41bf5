import { Cron } from 'croner'
import { Temporal } from 'temporal-polyfill'
import { addDays, type Day, dayIn, latest } from '#billing/period.ts'

const mostDaysBack = 400

/**
 * The latest local day after `lastDay` on which the pattern has come due by `now` (epoch milliseconds); undefined when
 * none has. The pattern is arithmetic on the wall clock; the zone only says when a wall time is. So a daylight-saving
 * day has every time once: one that is skipped comes an hour later, one that repeats counts the first time (I12, I17).
 */
export function dueDay(pattern: string, zone: string, lastDay: Day, now: number): Day | undefined {
  const today = dayIn(zone, now)
  for (let day = today, i = 0; day > lastDay && i < mostDaysBack; day = addDays(day, -1), i++) {
    const time = firstTimeOn(pattern, day)
    if (time !== undefined && instantOf(time, zone) <= now) return day
  }
  return undefined
}

/** When the pattern last came due by `now` on that day or before, in epoch milliseconds. */
export function dueTime(pattern: string, zone: string, today: Day, now: number): number | undefined {
  for (let day = today, i = 0; i < mostDaysBack; day = addDays(day, -1), i++) {
    const time = firstTimeOn(pattern, day)
    const at = time === undefined ? undefined : instantOf(time, zone)
    if (at !== undefined && at <= now) return at
  }
  return undefined
}

/** When the pattern comes due next, after the run of `lastDay`, in epoch milliseconds; undefined when never within a year. */
export function nextDue(pattern: string, zone: string, lastDay: Day): number | undefined {
  for (let day = addDays(lastDay, 1), i = 0; i < mostDaysBack; day = addDays(day, 1), i++) {
    const time = firstTimeOn(pattern, day)
    if (time !== undefined) return instantOf(time, zone)
  }
  return undefined
}

/** The last local day whose time has passed. */
export function lastPassed(pattern: string, zone: string, now: number): Day {
  const today = dayIn(zone, now)
  const yesterday = addDays(today, -1)
  return (nextDue(pattern, zone, yesterday) ?? 0) <= now ? today : yesterday
}

/** The next `count` times of a schedule, after the run of `lastDay` and after now, in epoch milliseconds. */
export function nextTimes(
  { pattern, zone, lastDay }: { pattern: string; zone: string; lastDay: Day },
  now: number,
  count: number,
): number[] {
  const times: number[] = []
  let after = latest([lastDay, lastPassed(pattern, zone, now)])
  while (times.length < count) {
    const at = nextDue(pattern, zone, after)
    if (at === undefined) return times
    times.push(at)
    after = latest([dayIn(zone, at), addDays(after, 1)])
  }
  return times
}

/** `02:00` every day, as a pattern. */
export const dailyAt = (time: string): string => `${Number(time.slice(3))} ${Number(time.slice(0, 2))} * * *`

/** The time of a daily pattern, `02:00`; undefined for any other pattern. */
export function dayTimeOf(pattern: string): string | undefined {
  const [, minute = '', hour = ''] = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(pattern) ?? []
  return hour === '' ? undefined : `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}

/** Whether this is a zone that a clock can be read in, by its IANA name. */
export function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

/** The first wall-clock time of a day that matches, as croner finds it in a zone without any clock changes. */
function firstTimeOn(pattern: string, day: Day): string | undefined {
  const cron = new Cron(pattern, { timezone: 'UTC', paused: true })
  const justBefore = `${addDays(day, -1)}T23:59:59`
  const time = cron.nextRun(justBefore)?.toISOString().slice(0, 19)
  return time?.startsWith(day) ? time : undefined
}

function instantOf(wallTime: string, zone: string): number {
  return Temporal.PlainDateTime.from(wallTime).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}
