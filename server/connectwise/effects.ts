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
