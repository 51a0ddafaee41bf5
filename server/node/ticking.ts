import type { Deps } from '#server/deps.ts'
import { reasonOf } from '#server/log.ts'
import { tick } from '#sync/tick.ts'

const minuteMs = 60_000
const sliceMs = 10 * minuteMs

/**
 * Ticks now and every minute, or as often as `everyMs` says. A tick that takes long overlaps the next one: leases keep them off each other's tenants.
 * Returns how to stop: no further tick, and a promise that the ones under way came to their next stop.
 */
export function startTicking(deps: Deps, everyMs = minuteMs): () => Promise<void> {
  const running = new Set<Promise<void>>()
  let stopped = false
  const tickOnce = () => {
    const until = deps.now() + sliceMs
    const work = tick(deps, { stopping: () => stopped || deps.now() > until })
      .catch((error: unknown) => deps.log.error('tick.failed', { reason: reasonOf(error) }))
      .finally(() => running.delete(work))
    running.add(work)
  }
  tickOnce()
  const timer = setInterval(tickOnce, everyMs)
  return async () => {
    stopped = true
    clearInterval(timer)
    await Promise.all(running)
  }
}
