import type { PlatformFault } from './platform-api.ts'

const json = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers })

/** Only the first so many pages are wrong. */
const times = (count: number, fault: PlatformFault): PlatformFault => {
  let left = count
  return (page) => (left-- > 0 ? fault(page) : page.body)
}

type Row = Record<string, unknown>
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value : [])

/** Changes the first account of page 2, and its first reading. */
const second =
  (change: (account: Row, reading: Row) => void): PlatformFault =>
  ({ body, number }) => {
    const [account] = rowsOf(body.accounts ?? body.customers)
    const [reading] = rowsOf(account?.counts ?? account?.usage ?? account?.lines ?? account?.seats)
    if (number === 2 && account && reading) change(account, reading)
    return body
  }

const quantity = (value: unknown) =>
  second((_, reading) => {
    reading['count' in reading ? 'count' : 'quantity'] = value
  })

/** Page 2 begins with the account that page 1 began with. */
const repeated = (): PlatformFault => {
  let first: unknown
  return ({ body, number }) => {
    const [account] = rowsOf(body.accounts)
    if (number === 1) first = account
    return number === 2 ? { ...body, accounts: [first, ...rowsOf(body.accounts).slice(1)] } : body
  }
}

const later = (moment: unknown, ms: number): string => new Date(Date.parse(String(moment)) + ms).toISOString()

/** Every way in which a platform's API is wrong, by name. */
export const platformFaults = {
  'wrong key': () => json(401),
  'no right': () => json(403),
  redirect: () => new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/latest' } }),
  'web page': () => new Response('<!doctype html><title>Log in</title>', { headers: { 'content-type': 'text/html' } }),
  'cut off': ({ body }) => JSON.stringify(body).slice(0, -9),
  'nothing at all': () => '',
  'not found': () => json(404),
  'always busy': () => json(429, {}, { 'retry-after': '20' }),
  'busy twice': times(2, () => json(429, {}, { 'retry-after': '20' })),
  'down twice': times(2, () => json(503)),
  'always down': () => json(502),
  'endless pages': ({ body, number }) => ({
    ...body,
    pages: 5_000,
    total: 100_000,
    accounts: [{ id: `E-${number}`, name: 'E', counts: [] }],
  }),
  'the same page': ({ body }) => ({ ...body, page: undefined, pages: 9, total: undefined, accounts: [] }),
  'missing page': ({ body, number }) => (number === 2 ? { ...body, accounts: [] } : body),
  'moved between pages': ({ body, number }) => ({ ...body, takenAt: `2026-11-17T11:0${number}:00Z` }),
  'changed field': second((account) => {
    account.title = account.name
    delete account.name
  }),
  'huge page': ({ body }) => ({ ...body, padding: 'x'.repeat(10_000_001) }),
  negative: quantity(-1),
  huge: quantity(10_000_001),
  fractional: quantity('1.00001'),
  exponent: quantity('1e3'),
  'duplicate account': repeated(),
  'other period': ({ body }) => ({ ...body, period: '2026-10' }),
  'other kind': ({ body }) => ({ ...body, kind: 'usage' }),
  'clock ahead': ({ body }) => ({ ...body, takenAt: later(body.takenAt, 601_000) }),
  'says half': ({ body }) => ({ ...body, complete: false }),
} satisfies Record<string, PlatformFault>
