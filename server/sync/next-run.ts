import { dayIn } from '#billing/period.ts'
import type { Schedule } from '#db/schedules.ts'
import { dueTime, nextDue } from './schedule.ts'

/** When the tenant's schedules start a run next, and when they last should have; neither when all run on demand. */
export interface Expected {
  next?: { at: number; zone: string }
  /** Epoch milliseconds. */
  last?: number
}

/** A run that is due and has not started yet is expected now (`now`: epoch milliseconds). */
export function expectedRuns(schedules: readonly Schedule[], now: number): Expected {
  const active = schedules.filter(({ enabled }) => enabled)
  const coming = active.flatMap(({ pattern, zone, lastDay }) => {
    const at = nextDue(pattern, zone, lastDay)
    return at === undefined ? [] : { at: Math.max(at, now), zone }
  })
  const next = coming.sort((a, b) => a.at - b.at)[0]
  const past = active.flatMap(({ pattern, zone }) => dueTime(pattern, zone, dayIn(zone, now), now) ?? [])
  return { ...(next ? { next } : {}), ...(past.length > 0 ? { last: Math.max(...past) } : {}) }
}
