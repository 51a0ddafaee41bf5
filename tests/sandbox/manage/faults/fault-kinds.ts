import { forbidden, unauthorized } from '../api/refusal.ts'
import type { World } from '../tables.ts'
import type { Exchange, Fault } from './fault-layer.ts'
import { tooMany } from './throttle.ts'

/** Whether the request has had its effect when the fault strikes. */
export type Moment = 'beforeCommit' | 'afterCommit'

const fault = (name: string, answer: Fault['answer']): Fault => ({ name, answer })

const lost = () => new TypeError('fetch failed')

/** Never answers; only the caller's own signal ends it. */
const never = ({ request }: Exchange): Promise<never> =>
  new Promise((_, reject) => {
    const end = () => reject(request.signal.reason)
    if (request.signal.aborted) end()
    else request.signal.addEventListener('abort', end, { once: true })
  })

/** Waits before the request is handled; `spread` 0.25 varies it by a quarter either way. */
export const latency = (ms: number, spread = 0): Fault =>
  fault('latency', async (exchange, pass) => {
    const factor = spread === 0 ? 1 : 1 + spread * (2 * exchange.random() - 1)
    await exchange.clock.sleep(Math.round(ms * factor), exchange.request.signal)
    return pass()
  })

/** Another status, before or after the effect. */
export const status = (
  code: number,
  {
    when = 'beforeCommit',
    body = { code: 'ServerError', message: 'The request could not be completed.' },
    headers = {},
  }: { when?: Moment; body?: unknown; headers?: Record<string, string> } = {},
): Fault =>
  fault(`status ${code} ${when}`, async (_, pass) => {
    if (when === 'afterCommit') await pass()
    return typeof body === 'string'
      ? new Response(body, { status: code, headers: { 'content-type': 'text/html', ...headers } })
      : Response.json(body, { status: code, headers })
  })

/** The connection breaks: fetch rejects with a TypeError. */
export const reset = (when: Moment): Fault =>
  fault(`reset ${when}`, async (_, pass) => {
    if (when === 'afterCommit') await pass()
    throw lost()
  })

/** No answer ever comes. */
export const hang = (when: Moment): Fault =>
  fault(`hang ${when}`, async (exchange, pass) => {
    if (when === 'afterCommit') await pass()
    return never(exchange)
  })

/** The caller sees a reset or a hang now; the effect lands `ms` later. */
export const lateCommit = (ms: number, seen: 'reset' | 'hang' = 'reset'): Fault =>
  fault('lateCommit', (exchange, pass) => {
    exchange.later(exchange.clock.sleep(ms).then(() => pass()))
    return seen === 'hang' ? never(exchange) : Promise.reject(lost())
  })

/** Reads answer from a replica that misses writes younger than `ms`. */
export const lag = (ms: number): Fault => fault('lag', (_, pass) => pass({ lagMs: ms }))

/** A person changes something just before the request arrives. */
export const personEdits = (edit: (world: World) => void): Fault =>
  fault('personEdits', ({ world }, pass) => {
    edit(world)
    return pass()
  })

/** Lists are cut at 25 whatever was asked. */
export const shortPages = (): Fault =>
  fault('shortPages', ({ request }, pass) => {
    const url = new URL(request.url)
    url.searchParams.set('pageSize', '25')
    return pass({ url })
  })

/** The key is no longer good. */
export const unauthorized401 = (): Fault => refused('unauthorized401', 401, unauthorized().body)

/** A right is missing. */
export const forbidden403 = (): Fault => refused('forbidden403', 403, forbidden().body)

const refused = (name: string, code: number, body: object): Fault =>
  fault(name, async () => Response.json(body, { status: code }))

/** One page of a list fails: match it with `page`. */
export const failingPage = (code = 500): Fault => ({ ...status(code), name: 'failingPage' })

/** A 429 before any effect, with whatever Retry-After; null sends none. */
export const throttle429 = (retryAfter: number | string | null = 30): Fault =>
  fault('throttle429', async () =>
    retryAfter === null ? withoutRetryAfter(tooMany(30)) : tooMany(30, String(retryAfter)),
  )

function withoutRetryAfter(response: Response): Response {
  response.headers.delete('retry-after')
  return response
}
