/** What the client needs from outside. Times are epoch milliseconds. */
export interface Effects {
  fetch: (request: Request) => Promise<Response>
  now(): number
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A uniform number in [0, 1). */
  random(): number
  log?: CallLog
}

/** One line per call; `req` is ConnectWise's own request id. */
interface CallLog {
  debug(event: string, fields: CallFields): void
  warn(event: string, fields: CallFields): void
}

interface CallFields {
  status?: number
  ms: number
  req?: string
  reason?: string
}

/** Gives work `ms`, then aborts its signal and rejects, whether or not the work listens. */
export async function within<T>(
  effects: Pick<Effects, 'sleep'>,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const timer = new AbortController()
  const late = effects.sleep(ms, timer.signal).then(() => {
    const reason = new Error(`no answer within ${Math.round(ms / 1000)} seconds`)
    stop.abort(reason)
    throw reason
  })
  try {
    return await Promise.race([work(stop.signal), late])
  } finally {
    timer.abort()
  }
}
