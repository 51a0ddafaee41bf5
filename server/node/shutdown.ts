import { type Log, reasonOf } from '#server/log.ts'

const drainMs = 24_000

/**
 * Ends the process well (TRUST section 9): the first SIGTERM or SIGINT drains, a second one ends it at once, and so
 * does an error nobody foresaw.
 */
export function endWell(log: Log, drain: () => Promise<void>): void {
  let isDraining = false
  const end = (signal: string) => {
    if (isDraining) process.exit(1)
    isDraining = true
    log.info('server.draining', { reason: signal })
    setTimeout(() => leave(log, 1, 'not everything stopped in time'), drainMs).unref()
    drain().then(
      () => leave(log, 0, 'drained'),
      (error: unknown) => leave(log, 1, reasonOf(error)),
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  process.on('uncaughtException', (error) => leave(log, 1, reasonOf(error)))
}

function leave(log: Log, code: number, reason: string): void {
  log[code === 0 ? 'info' : 'error']('server.ended', { reason })
  process.exit(code)
}
