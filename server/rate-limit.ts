const windowMs = 60_000
const mostKeys = 10_000

/** Allows `perMinute` calls per key in any minute. Answers the seconds to wait when it is one too many. */
export function createRateLimit(perMinute: number, now: () => number): (key: string) => number | undefined {
  const calls = new Map<string, number[]>()
  return (key) => {
    const at = now()
    const recent = (calls.get(key) ?? []).filter((call) => call > at - windowMs)
    const [oldest] = recent
    if (oldest !== undefined && recent.length >= perMinute) return Math.ceil((oldest + windowMs - at) / 1000)
    if (calls.size >= mostKeys) calls.clear()
    calls.set(key, [...recent, at])
    return undefined
  }
}
