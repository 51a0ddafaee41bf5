import { readHttpDate, readRetryAfter } from '#server/http/http-date.ts'
import { networkReason } from '#server/http/network-reason.ts'
import { readText } from '#server/http/read-text.ts'
import { within } from '#server/http/within.ts'
import { Problem } from '#server/problem.ts'
import { type Answer, classify } from './answer.ts'
import type { Effects } from './effects.ts'

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
  const text = await readText(response, mostBytes)
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
  return { kind: 'failed', status, message: networkReason(cause) }
}

/** A GUID and nothing else: what stands in ConnectWise's place could send our own key back to be logged. */
function requestId(headers: Headers): string | undefined {
  const id = headers.get('x-cw-request-id') ?? ''
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id : undefined
}
