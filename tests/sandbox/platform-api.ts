import { Hono } from 'hono'
import type { Marketplace } from './marketplace.ts'
import type { Platform, Snapshot } from './platform.ts'

/** What a fault makes of a page: another body, or another answer altogether. */
export type PlatformFault = (page: { body: Body; number: number; request: Request }) => Body | Response | string

type Body = Record<string, unknown>

export interface PlatformApi {
  fetch(request: Request): Promise<Response>
  /** What is wrong with the pages from now on; undefined: nothing. */
  fault: PlatformFault | undefined
  requests: Request[]
}

interface Options {
  platform: Platform
  key: string
  /** Accounts on a page. */
  size?: number
  /** The customers with usage and invoice lines; absent: all. */
  sold?: readonly string[]
  /** Whose invoice lines are told; absent: one line for each subscription of the customers. */
  marketplace?: Marketplace
}

type Count = (told: Pick<Options, 'platform' | 'sold' | 'marketplace'>, period: string) => Snapshot

const kinds: Record<string, Count> = {
  counts: ({ platform }, period) => platform.counts(period),
  usage: ({ platform, sold }, period) => onlyOf(platform.usage(period), sold),
  'invoice-lines': ({ platform, sold, marketplace }, period) =>
    marketplace?.snapshot(period) ?? onlyOf(platform.invoiceLines(period), sold),
}

const onlyOf = (said: Snapshot, ids: readonly string[] | undefined): Snapshot => ({
  ...said,
  accounts: said.accounts.filter((account) => !ids || ('id' in account && ids.includes(String(account.id)))),
})

/**
 * The platform's own API, which TrueUp asks: each kind in the published layout below `/counts`, `/usage` and
 * `/invoice-lines`, and users in a layout of its own at `/v1/customers`.
 */
export function createPlatformApi({ platform, key, size = 20, ...sells }: Options): PlatformApi {
  const app = new Hono()
  const counted = new Map<string, Snapshot | undefined>()
  app.use(async (c, next) => {
    const given = c.req.header('x-api-key') ?? c.req.header('authorization')?.replace(/^Bearer /, '')
    return given === key ? next() : c.json({ error: 'unauthorized' }, 401)
  })
  app.get('/:kind/snapshots/:period', (c) => {
    const number = Number(c.req.query('page') ?? 1)
    const { kind, period } = c.req.param()
    // Counted with the first page, and told page by page.
    if (number === 1) counted.set(`${kind} ${period}`, kinds[kind]?.({ platform, ...sells }, period))
    const said = counted.get(`${kind} ${period}`)
    if (!said) return c.notFound()
    const accounts = said.accounts.slice((number - 1) * size, number * size)
    const pages = Math.max(1, Math.ceil(said.accounts.length / size))
    return answer({ ...said, page: number, pages, total: said.accounts.length, accounts }, number, c.req.raw)
  })
  app.get('/v1/customers', (c) => {
    const month = c.req.query('month') ?? ''
    const number = Number(c.req.query('page') ?? c.req.query('after') ?? 1)
    const all = customersOf(platform)
    const pages = Math.max(1, Math.ceil(all.length / size))
    const customers = all.slice((number - 1) * size, number * size)
    const next = number < pages ? String(number + 1) : null
    const url = new URL(c.req.url)
    url.searchParams.set('page', String(number + 1))
    if (next) c.header('Link', `<${url.href}>; rel="next"`)
    const body = { meta: { month, total: all.length, pages, next, done: true }, customers }
    return answer(body, number, c.req.raw, c.res.headers)
  })
  const answer = (body: Body, number: number, request: Request, headers?: Headers): Response => {
    const said = api.fault?.({ body: structuredClone(body), number, request }) ?? body
    if (said instanceof Response) return said
    const text = typeof said === 'string' ? said : JSON.stringify(said)
    const link = headers?.get('link')
    return new Response(text, { headers: { 'content-type': 'application/json', ...(link ? { link } : {}) } })
  }
  const api: PlatformApi = {
    requests: [],
    fault: undefined,
    fetch: async (request) => {
      api.requests.push(request)
      return app.fetch(request)
    },
  }
  return api
}

/** The layout of its own: numbers for ids, people below each customer. */
const customersOf = ({ customers }: Platform) =>
  [...customers.values()].map(({ id, name, users, currency }, index) => ({
    id: 1000 + index,
    code: id,
    label: name,
    seats: [{ sort: 'users', count: users.length, price: { amount: 4.5, currency }, members: users }],
  }))
