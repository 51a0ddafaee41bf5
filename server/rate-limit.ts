const windowMs = 60_000
const mostKeys = 10_000

export interface RateLimit {
  /** Counts one call of this key; the seconds to wait when it is one too many. */
  (key: string): number | undefined
  /** Takes the newest call of this key back. */
  giveBack(key: string): void
}

/** Allows `perMinute` calls per key in any minute, for the keys that called last. */
export function createRateLimit(perMinute: number, now: () => number): RateLimit {
  const calls = new Map<string, number[]>()
  const keep = (key: string, times: number[]) => {
    calls.delete(key)
    if (times.length > 0) calls.set(key, times)
    for (const oldest of calls.keys()) {
      if (calls.size <= mostKeys) return
      calls.delete(oldest)
    }
  }
  const take = (key: string) => {
    const at = now()
    const recent = (calls.get(key) ?? []).filter((call) => call > at - windowMs)
    const [oldest] = recent
    if (oldest !== undefined && recent.length >= perMinute) return Math.ceil((oldest + windowMs - at) / 1000)
    keep(key, [...recent, at])
    return undefined
  }
  return Object.assign(take, { giveBack: (key: string) => keep(key, calls.get(key)?.slice(0, -1) ?? []) })
}
