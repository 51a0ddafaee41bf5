import { startOfDay } from '#billing/period.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const shape = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/

/** `Sun, 06 Nov 2026 08:49:37 GMT` → epoch milliseconds; undefined for anything else. */
export function readHttpDate(text: string | null): number | undefined {
  const [, day, monthName = '', year, hour, minute, second] = shape.exec(text ?? '') ?? []
  const month = months.indexOf(monthName) + 1
  if (month === 0 || Number(day) < 1 || Number(day) > 31) return undefined
  const midnight = startOfDay(`${year}-${String(month).padStart(2, '0')}-01`) + (Number(day) - 1) * 86_400_000
  return midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000
}

const longestWaitMs = 15 * 60_000

/** Retry-After in milliseconds, at least 1 s and at most 15 minutes; undefined when it is absent, negative or unreadable. */
export function readRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined
  const at = readHttpDate(text.trim())
  const ms = at === undefined ? Number(text.trim() || 'none') * 1000 : at - now
  return Number.isNaN(ms) || ms < 0 ? undefined : Math.min(longestWaitMs, Math.max(1000, ms))
}
