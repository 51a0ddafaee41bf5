import type { Deps } from '#server/deps.ts'

const leastMs = 1_000
const mostMs = 8_000
const rememberedMs = 10 * 60_000

/**
 * Gives every refusal the same time, however soon it was certain: at least a second, and as long as the slowest of the last
 * minutes took because ConnectWise was asked. So an unknown tenant answers like a wrong hash (TRUST BOOT-10).
 */
export function createEvenly({ now, sleep }: Pick<Deps, 'now' | 'sleep'>) {
  let slowest = { ms: leastMs, at: 0 }
  return async <T>(work: () => Promise<T>, isRefusal: (result: T) => boolean): Promise<T> => {
    const startedAt = now()
    const result = await work()
    if (!isRefusal(result)) return result
    const tookMs = now() - startedAt
    if (tookMs > slowest.ms || now() > slowest.at + rememberedMs)
      slowest = { ms: Math.min(mostMs, Math.max(leastMs, tookMs)), at: now() }
    if (tookMs < slowest.ms) await sleep(slowest.ms - tookMs)
    return result
  }
}
