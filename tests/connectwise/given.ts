import { type Connection, connectWise, type Effects } from '#connectwise/connectwise.ts'
import { createClock } from '../clock.ts'

export const connection: Connection = {
  site: 'https://na.myconnectwise.net',
  apiOrigin: 'https://api-na.myconnectwise.net',
  codebase: 'v2025_1/',
  companyId: 'acme',
  publicKey: 'pubKq71',
  privateKey: 'sEcr3tXy9',
  clientId: '5f2b1c1e-3f7a-4b0e-9d55-6a1c0f7d2e10',
}

type Answer = Response | Promise<Response>

/** A client over a ConnectWise that is one function; time moves only while everything sleeps. */
export function givenConnectWise(answer: (url: URL, request: Request) => Answer) {
  const clock = createClock('2026-11-21T22:00:00Z')
  const calls: { url: URL; request: Request; at: number }[] = []
  const lines: object[] = []
  const note = (event: string, fields: object) => void lines.push({ event, ...fields })
  const effects: Effects = {
    fetch: async (request) => {
      const url = new URL(request.url)
      calls.push({ url, request, at: clock.now() })
      return answer(url, request)
    },
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0.5,
    log: { debug: note, warn: note },
  }
  const manage = connectWise(connection, effects, { concurrency: 4, readTimeoutMs: 60_000, writeTimeoutMs: 30_000 })
  return { clock, calls, lines, effects, manage }
}

export const json = (body: unknown, init: ResponseInit = {}) => Response.json(body, init)

export const page = () =>
  new Response('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } })

export const tooMany = (retryAfter?: string) =>
  json(
    { error: 'ConnectWiseAPI', message: 'Too many requests. Please try again in 30 seconds.' },
    { status: 429, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } },
  )

export const record = (id: number, more: object = {}) => ({
  id,
  product: { id: 512 },
  quantity: 12,
  lessIncluded: 0,
  billCustomer: 'Billable',
  effectiveDate: '2026-01-01T00:00:00Z',
  ...more,
})

/** Pages rows as ConnectWise does, with its Link header; `spoil` may change what one page says. */
export function pagesOf(
  rows: readonly { id: number }[],
  spoil: { pageSize?: number; noLinks?: boolean; count?: number } = {},
) {
  return (url: URL, request: Request): Response => {
    if (url.pathname.endsWith('/count')) return json({ count: spoil.count ?? rows.length })
    const size = spoil.pageSize ?? Number(url.searchParams.get('pageSize') ?? 25)
    const isForward = request.headers.get('pagination-type') === 'forward-only' && !spoil.noLinks
    const after = Number(url.searchParams.get('pageId') ?? 0)
    const number = Number(url.searchParams.get('page') ?? 1)
    const found = isForward
      ? rows.filter((row) => row.id > after).slice(0, size)
      : rows.slice((number - 1) * size, number * size)
    if (spoil.noLinks) return json(found)
    const next = isForward
      ? `pageId=${found.at(-1)?.id ?? ''}`
      : number * size < rows.length
        ? `page=${number + 1}`
        : undefined
    const first = `<${url.origin}${url.pathname}?page=1>; rel="first"`
    const links = next === undefined ? first : `<${url.origin}${url.pathname}?pageSize=${size}&${next}>; rel="next"`
    return json(found, { headers: { link: links } })
  }
}

export const records = (count: number) => Array.from({ length: count }, (_, at) => record(100 + at * 3))
