import type { Deps } from '#server/deps.ts'

const leastMs = 1_000
/** ConnectWise's slowest refusal counts no further than this. */
const mostMs = 5_000

/**
 * Gives every refusal the same time, however soon it was certain: at least a second, and as long as the slowest one before
 * took because ConnectWise was asked. So an unknown tenant answers like a wrong hash (TRUST BOOT-10).
 */
export function createEvenly({ now, sleep }: Pick<Deps, 'now' | 'sleep'>) {
  let slowestMs = leastMs
  return async <T>(work: () => Promise<T>, isRefusal: (result: T) => boolean): Promise<T> => {
    const startedAt = now()
    const result = await work()
    if (!isRefusal(result)) return result
    const tookMs = now() - startedAt
    slowestMs = Math.min(mostMs, Math.max(slowestMs, tookMs))
    if (tookMs < slowestMs) await sleep(slowestMs - tookMs)
    return result
  }
}
