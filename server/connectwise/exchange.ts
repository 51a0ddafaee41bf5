import { Problem } from '#server/problem.ts'
import { type Answer, classify } from './answer.ts'
import { type Effects, within } from './effects.ts'
import { readHttpDate, readRetryAfter } from './http-date.ts'

const mostBytes = 10 * 1024 * 1024

export interface Exchange {
  answer: Answer
  /** Milliseconds by which ConnectWise's clock is ahead of ours, by its Date header. */
  skewMs: number | undefined
}

/** What was learnt of one exchange so far, kept when it breaks off later. */
interface Heard {
  /** Held until the end: an abort does not reach a Request that nobody holds. */
  request?: Request
  status?: number
  req?: string
  skewMs?: number
}

/**
 * Sends one request once and says what it came to; a dead network is an answer too. Throws only the Problem of a fetch
 * that refused to call the host.
 */
export async function exchange(
  effects: Effects,
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string | FormData },
  timeoutMs: number,
): Promise<Exchange> {
  const startedAt = effects.now()
  const heard: Heard = {}
  const receive = (signal: AbortSignal) => {
    heard.request = new Request(url, { ...init, signal, redirect: 'manual' })
    return answerTo(effects, heard.request, heard)
  }
  const answer = await within(effects, timeoutMs, receive).catch((error: unknown) => lost(error, heard.status))
  note(effects, answer, heard, effects.now() - startedAt)
  return { answer, skewMs: heard.skewMs }
}

async function answerTo(effects: Effects, request: Request, heard: Heard): Promise<Answer> {
  const response = await effects.fetch(request)
  const { status, headers } = response
  const req = requestId(headers)
  const date = readHttpDate(headers.get('date'))
  Object.assign(heard, { status, ...(req && { req }), ...(date && { skewMs: date - effects.now() }) })
  const text = await readText(response)
  if (text === undefined) return { kind: 'garbled', status, message: 'an answer of more than 10 MB' }
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), effects.now())
  return classify({ status, text, link: headers.get('link') ?? undefined, retryAfterMs })
}

function note({ log }: Effects, { kind }: Answer, { status, req }: Heard, ms: number): void {
  const fields = { ms, ...(status && { status }), ...(req && { req }) }
  if (kind === 'ok') log?.debug('connectwise.answered', fields)
  else log?.warn('connectwise.answered', { ...fields, reason: kind })
}

/** The answer to a request whose response never came, or was cut off after its status. */
function lost(error: unknown, status: number | undefined): Answer {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (cause instanceof Problem) throw cause
  return { kind: 'failed', status, message: reasonOf(cause) }
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'its name does not exist',
  EAI_AGAIN: 'its name could not be resolved',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_SOCKET: 'the connection was reset',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

function reasonOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  if (cause instanceof Error && cause.message.startsWith('no answer within')) return cause.message
  return reasons[code] ?? `the connection failed${/^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : ''}`
}

/** The body as text; undefined when it is larger than anything ConnectWise has reason to send. */
async function readText(response: Response): Promise<string | undefined> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > mostBytes) {
      await reader.cancel()
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** A GUID and nothing else: what stands in ConnectWise's place could send our own key back to be logged. */
function requestId(headers: Headers): string | undefined {
  const id = headers.get('x-cw-request-id') ?? ''
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id : undefined
}
