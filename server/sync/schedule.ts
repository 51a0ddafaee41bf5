import { Cron } from 'croner'
import { Temporal } from 'temporal-polyfill'
import { addDays, type Day, dayIn } from '#billing/period.ts'

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

/** When the pattern comes due next, after the run of `lastDay`, in epoch milliseconds; undefined when never within a year. */
export function nextDue(pattern: string, zone: string, lastDay: Day): number | undefined {
  for (let day = addDays(lastDay, 1), i = 0; i < mostDaysBack; day = addDays(day, 1), i++) {
    const time = firstTimeOn(pattern, day)
    if (time !== undefined) return instantOf(time, zone)
  }
  return undefined
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
