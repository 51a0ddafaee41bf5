import type { Deps } from '#server/deps.ts'
import { reasonOf } from '#server/log.ts'

const sliceMs = 10 * 60_000

/** Keeps account of the work that goes on after its answer, so that a process that ends waits for it. */
export function createLater({ now, log }: Pick<Deps, 'now' | 'log'>): {
  later: Deps['later']
  endLater(): Promise<void>
} {
  const running = new Set<Promise<void>>()
  let ending = false
  const later: Deps['later'] = (work) => {
    const until = now() + sliceMs
    const done = work({ stopping: () => ending || now() > until })
      .then(() => undefined)
      .catch((error: unknown) => log.error('later.failed', { reason: reasonOf(error) }))
      .finally(() => running.delete(done))
    running.add(done)
  }
  const endLater = async () => {
    ending = true
    while (running.size > 0) await Promise.all(running)
  }
  return { later, endLater }
}
