import { oneLine } from '#billing/one-line.ts'
/** What one request came to. Only an `ok` answer holds a parsed body. */
export type Answer =
  | { kind: 'ok'; status: number; body: unknown; link: string | undefined }
  /** Refused before it did anything; `retryAfterMs` is ConnectWise's own wish. */
  | { kind: 'throttled'; status: number; retryAfterMs: number | undefined }
  /** The keys or the role do not allow it (401, 403). */
  | { kind: 'forbidden'; status: number; message: string }
  /** A record that does not exist: 404 with ConnectWise's own error body. */
  | { kind: 'missing'; status: number; message: string }
  /** Any other 4xx. */
  | { kind: 'refused'; status: number; message: string }
  /** 5xx, timeout, reset: it may have landed, now or later. */
  | { kind: 'failed'; status: number | undefined; message: string }
  /** A success whose body cannot be read: a web page, cut or oversized JSON, a redirect. */
  | { kind: 'garbled'; status: number; message: string }

/** A finished exchange as it came over the wire. */
export interface Received {
  status: number
  text: string
  link: string | undefined
  retryAfterMs: number | undefined
}

export function classify(received: Received): Answer {
  const { status } = received
  const json = parseJson(received.text)
  if (status >= 200 && status < 300) return success(received, json)
  if (status === 429) return { kind: 'throttled', status, retryAfterMs: received.retryAfterMs }
  const message = errorMessage(status, json)
  if (status === 401 || status === 403) return { kind: 'forbidden', status, message }
  if (status === 404 && isRecordError(json)) return { kind: 'missing', status, message }
  if (status >= 400 && status < 500) return { kind: 'refused', status, message }
  if (status >= 300 && status < 400) return { kind: 'garbled', status, message: `a redirect (${status})` }
  return { kind: 'failed', status, message }
}

/** undefined stands for text that is not JSON; JSON itself cannot say undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function success({ status, text, link }: Received, json: unknown): Answer {
  if (json !== undefined) return { kind: 'ok', status, body: json, link }
  const page = text.trimStart().startsWith('<')
  return {
    kind: 'garbled',
    status,
    message: page ? 'a web page instead of data' : 'an answer that is cut off or not JSON',
  }
}

interface ErrorBody {
  message?: unknown
  errors?: unknown
}

const isErrorBody = (json: unknown): json is ErrorBody => typeof json === 'object' && json !== null

const isRecordError = (json: unknown): boolean =>
  isErrorBody(json) && typeof json.message === 'string' && !/endpoint does not exist/i.test(json.message)

/** ConnectWise's own words, to stand within a sentence: its message and its `errors`, at most 500 characters on one line. */
function errorMessage(status: number, json: unknown): string {
  if (!isErrorBody(json)) return `status ${status}`
  const inner = Array.isArray(json.errors) ? json.errors.filter(isErrorBody).map((error) => error.message) : []
  const sentences = [json.message, ...inner].filter((part) => typeof part === 'string' && part !== '')
  const line = oneLine([...new Set(sentences)].join(' '))
  // A word that is cut goes: half a key would not be known as one.
  const cut = line.length > 500 ? line.slice(0, 500).replace(/\S*$/, '') : line
  return cut.trim().replace(/\.$/, '') || `status ${status}`
}
