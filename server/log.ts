import { Temporal } from 'temporal-polyfill'

/** The fields a log line may carry; secrets have no field, so they cannot be passed in (TRUST 7.3). */
export interface LogFields {
  tenant?: string
  run?: string
  plan?: string
  intent?: string
  source?: string
  snapshot?: string
  account?: string
  agreement?: number
  addition?: number
  fence?: number
  status?: number
  requests?: number
  ms?: number
  count?: number
  state?: string
  /** ConnectWise's member id, as somebody claims it before ConnectWise has confirmed it. */
  member?: string
  session?: string
  reason?: string
  /** Our own request id, as answered in X-Request-Id. */
  request?: string
  /** ConnectWise's request id. */
  req?: string
  port?: number
  counts?: object
  /** What this process runs with; secrets only by where they come from. */
  settings?: Record<string, string | number | boolean>
}

export type Level = 'debug' | 'info' | 'warn' | 'error'

export type Log = Record<Level, (event: string, fields?: LogFields) => void>

const order: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** One JSON line per event. `write` gets the finished line without its newline. */
export function createLog(options: { level: Level; now: () => number; write: (line: string) => void }): Log {
  const line =
    (level: Level) =>
    (event: string, fields: LogFields = {}) => {
      if (order.indexOf(level) < order.indexOf(options.level)) return
      options.write(escaped(JSON.stringify({ ts: isoTime(options.now()), level, event, ...fields })))
    }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

const isoTime = (at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ fractionalSecondDigits: 3 })

/** JSON leaves DEL, the C1 controls and Unicode's line ends as they are; a terminal or a log reader may obey them. */
const escaped = (line: string): string =>
  line.replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** What an unexpected error says, without the query and its values that the database layer adds. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? reasonOf(error.cause) : undefined
  return cause ?? (error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown')
}
