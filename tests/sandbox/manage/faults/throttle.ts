import { throttledBody } from '../api/refusal.ts'

interface Limit {
  perSecond: number
  burst: number
}

interface Storm {
  from: number
  to: number
  retryAfter?: number
}

/** A token bucket and storms of 429. */
export function createThrottle() {
  let limit: Limit | undefined
  let storms: Storm[] = []
  let tokens = 0
  let refilledAt: number | undefined

  const take = ({ perSecond, burst }: Limit, now: number): Response | undefined => {
    const elapsed = now - (refilledAt ?? now)
    tokens = refilledAt === undefined ? burst : Math.min(burst, tokens + (elapsed / 1000) * perSecond)
    refilledAt = now
    if (tokens < 1) return tooMany(Math.max(1, Math.ceil((1 - tokens) / perSecond)))
    tokens -= 1
    return undefined
  }

  return {
    bucket(next: Limit | undefined) {
      limit = next
      refilledAt = undefined
    },
    storm(storm: Storm) {
      storms.push(storm)
    },
    clear() {
      limit = undefined
      storms = []
    },
    /** The 429 that a request at this moment gets; undefined when it may pass. */
    refusal(now: number): Response | undefined {
      const storm = storms.find(({ from, to }) => now >= from && now < to)
      if (storm) return tooMany(storm.retryAfter ?? 30)
      return limit && take(limit, now)
    },
  }
}

/** A 429 as ConnectWise writes it; `retryAfter` is the header as sent, none when absent. */
export function tooMany(seconds: number, retryAfter: string | undefined = String(seconds)): Response {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  return Response.json(throttledBody(seconds), { status: 429, headers })
}
