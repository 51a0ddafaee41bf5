import { timeIn } from '#billing/period.ts'
import { Badge } from '#views/badge.tsx'

/** How old what is shown is: the time alone when it is of today. */
export const AsOf = ({ at, zone, now, late }: { at: number; zone: string; now: number; late?: boolean }) =>
  late ? (
    <Badge kind="wait">{asOf(at, zone, now)}, older than the last run should have left it</Badge>
  ) : (
    <span>{asOf(at, zone, now)}</span>
  )

/** The same in words: `as of 02:14`. */
export function asOf(at: number, zone: string, now: number): string {
  const [day, time] = timeIn(zone, at).split(' ')
  return `as of ${day === timeIn(zone, now).slice(0, 10) ? time : `${day} ${time}`}`
}
