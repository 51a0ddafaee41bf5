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

/**
 * Sends one request once and says what it came to; a dead network is an answer too. Throws only the Problem of a fetch
 * that refused to call the host.
 */
export async function exchange(
  effects: Effects,
  url: string,
  request: { method: string; headers: Record<string, string>; body?: string },
  timeoutMs: number,
): Promise<Exchange> {
  const startedAt = effects.now()
  let status: number | undefined
  let req: string | undefined
  let skewMs: number | undefined
  const receive = async (signal: AbortSignal): Promise<Answer> => {
    const response = await effects.fetch(new Request(url, { ...request, signal, redirect: 'manual' }))
    status = response.status
    req = requestId(response)
    const date = readHttpDate(response.headers.get('date'))
    skewMs = date === undefined ? undefined : date - effects.now()
    const text = await readText(response)
    if (text === undefined) return { kind: 'garbled', status, message: 'an answer of more than 10 MB' }
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), effects.now())
    return classify({ status, text, link: response.headers.get('link') ?? undefined, retryAfterMs })
  }
  const answer = await within(effects, timeoutMs, receive).catch((error: unknown) => lost(error, status))
  const event = answer.kind === 'ok' ? 'debug' : 'warn'
  effects.log?.[event]('connectwise.answered', {
    ms: effects.now() - startedAt,
    ...(status === undefined ? {} : { status }),
    ...(req === undefined ? {} : { req }),
    ...(answer.kind === 'ok' ? {} : { reason: answer.kind }),
  })
  return { answer, skewMs }
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

function requestId(response: Response): string | undefined {
  const id = response.headers.get('x-cw-request-id')
  return id !== null && /^[\w-]{1,64}$/.test(id) ? id : undefined
}
