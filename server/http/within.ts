/** Gives work `ms`, then aborts its signal and rejects, whether or not the work listens. */
export async function within<T>(
  effects: { sleep(ms: number, signal?: AbortSignal): Promise<void> },
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
