import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { platformFaults } from '../sandbox/platform-faults.ts'
import { givenPlatformApi, key, origin, ownLayout } from './http-given.ts'

describe('a platform’s API in the published layout', () => {
  it.each(['counts', 'usage', 'invoice-lines'])('is read whole, page by page: %s', async (kind) => {
    const { ask, api, platform } = givenPlatformApi()
    const collected = await ask({ base: `${origin}/${kind}`, kind })
    expect(collected).toMatchObject({ kind, period: '2026-11', complete: true, pages: 2, isCut: false })
    expect(collected.accounts.map(({ id }) => id)).toEqual([...platform.customers.keys()])
    expect(api.requests.map(({ url }) => url)).toEqual([
      `${origin}/${kind}/snapshots/2026-11?page=1`,
      `${origin}/${kind}/snapshots/2026-11?page=2`,
    ])
    expect(api.requests[0]?.headers.get('authorization')).toBe(`Bearer ${key}`)
  })

  it('that says it told only half is partial', async () => {
    const { ask, api } = givenPlatformApi()
    api.fault = platformFaults['says half']
    expect(await ask({})).toMatchObject({ complete: false })
  })

  it('never takes its first page for all of them because its number of pages is none', async () => {
    const { refusal } = givenPlatformApi()
    const head = { kind: 'counts', period: '2026-11', takenAt: '2026-11-17T11:00:00Z', complete: true, accounts: [] }
    for (const pages of [null, '', 0, false, [], -1, 1.5, {}])
      expect(await refusal({}, {}, { fetch: async () => Response.json({ ...head, pages }) })).toContain('page 1: pages')
  })

  it('is looked at in a sample, which is never complete', async () => {
    const { ask } = givenPlatformApi()
    const sample = await ask({}, { pages: 1, isWaitedFor: true })
    expect(sample).toMatchObject({ pages: 1, isCut: true, complete: false })
    expect(sample.accounts).toHaveLength(20)
  })

  it.each([
    ['wrong key', 'refuses the key (401): enter a valid one'],
    ['no right', 'refuses the key (403): enter a valid one'],
    ['redirect', 'redirects elsewhere, which is not followed'],
    ['web page', 'gave a web page instead of data'],
    ['cut off', 'gave an answer that is cut off or not JSON'],
    ['nothing at all', 'gave an empty answer'],
    ['not found', 'There is nothing at this address (404)'],
    ['always busy', 'asks to wait (429)'],
    ['always down', 'answered with status 502'],
    ['endless pages', 'pages do not end: more than 1000 pages came'],
    ['the same page', 'Page 2 of the platform is the same as page 1'],
    ['missing page', 'counts 39 accounts and listed 20, so nothing of them is used'],
    ['moved between pages', 'takenAt changed between page 1 and page 2'],
    ['changed field', 'page 2: accounts[0].name is missing'],
    ['huge page', 'larger than 10 MB'],
    ['negative', 'page 2: accounts[0].counts[0].quantity must not be negative'],
    ['huge', 'page 2: accounts[0].counts[0].quantity must be at most 10,000,000'],
    ['fractional', 'page 2: accounts[0].counts[0].quantity must have at most 4 decimals'],
    ['exponent', 'page 2: accounts[0].counts[0].quantity must be written without an exponent'],
    ['duplicate account', 'page 2: accounts[0].id repeats page 1: accounts[0]'],
    ['other period', 'was asked for counts of November 2026 and gave counts of October 2026'],
    ['other kind', 'is missing'],
    ['clock ahead', 'page 1: takenAt must not be more than 10 minutes in the future'],
  ] as const)('F49: is refused with its reason: %s', async (name, reason) => {
    const { refusal, api } = givenPlatformApi()
    api.fault = platformFaults[name]
    expect(await refusal({})).toContain(reason)
  })

  it('is asked again politely while it is busy or down, and never for long', async () => {
    const { ask, refusal, api, waits } = givenPlatformApi()
    api.fault = platformFaults['busy twice']
    expect(await ask({})).toMatchObject({ complete: true })
    expect(waits.splice(0)).toEqual([20_000, 20_000])
    api.fault = platformFaults['down twice']
    expect(await ask({})).toMatchObject({ complete: true })
    expect(waits.splice(0)).toEqual([1000, 2000])
    api.requests.length = 0
    api.fault = platformFaults['always down']
    expect(await refusal({})).toContain('502')
    expect(api.requests).toHaveLength(5)
    api.requests.length = 0
    expect(await refusal({}, { isWaitedFor: true })).toContain('502')
    expect(api.requests).toHaveLength(1)
  })

  it('that is silent, slow or repeats our key is refused', async () => {
    const { refusal } = givenPlatformApi()
    const dead = Object.assign(new Error('fetch failed'), { cause: { code: 'ENOTFOUND' } })
    expect(await refusal({}, {}, { fetch: () => Promise.reject(dead) })).toContain('its name does not exist')
    expect(await refusal({}, {}, { fetch: () => new Promise(() => undefined) })).toContain(
      'no answer within 30 seconds',
    )
    const echo = async (request: Request) => Response.json({ sent: request.headers.get('authorization') })
    expect(await refusal({}, {}, { fetch: echo })).toContain('repeats our key')
  })

  it('that names accounts and sends a wrong body says so, whatever it is', async () => {
    const { refusal } = givenPlatformApi()
    for (const body of [null, [], 7, 'text', {}, { accounts: [] }, { page: 'x' }, { pages: -1 }, { accounts: 7 }])
      expect(await refusal({}, {}, { fetch: async () => Response.json(body) })).toMatch(/platform/)
  })
})

describe('a platform’s API in a layout of its own', () => {
  it.each([
    ['page', {}],
    ['page, counted', { pages: 'meta.pages' }],
    ['cursor', { paging: 'cursor', parameter: 'after', next: 'meta.next' }],
    ['link', { paging: 'link' }],
  ])('is read by its declared fields, people included, paged by %s', async (_, paging) => {
    const { ask, api, platform } = givenPlatformApi()
    const collected = await ask({ ...ownLayout, ...paging })
    expect(collected).toMatchObject({ period: '2026-11', complete: true, pages: 2 })
    const [first] = platform.customers.values()
    expect(collected.accounts).toHaveLength(platform.customers.size)
    expect(collected.accounts[0]).toEqual({
      id: first?.id,
      name: first?.name,
      readings: [
        {
          kind: 'metric',
          name: 'users',
          quantity: String(first?.users.length),
          unitPrice: '4.5',
          currency: first?.currency,
          people: first?.users,
        },
      ],
    })
    expect(api.requests[0]?.headers.get('x-api-key')).toBe(key)
    expect(api.requests[0]?.headers.get('authorization')).toBeNull()
    expect(api.requests[0]?.url).toContain('/v1/customers?month=2026-11')
  })

  const plain = {
    base: `${origin}/x`,
    path: '/list?month={period}',
    account: 'rows[].customer.id',
    metric: '"users"',
    quantity: 'rows[].count',
  }
  const rows = (...all: object[]) => ({ fetch: async () => Response.json({ rows: all, total: all.length }) })

  it('counts people where it states no quantity, in a list below each account or in one flat list', async () => {
    const { ask } = givenPlatformApi()
    const nested = { ...plain, account: 'rows[].id', person: 'rows[].users[].id' }
    const { quantity: _, ...counted } = nested
    const below = await ask(
      counted,
      {},
      rows({ id: 1, users: [{ id: 'a' }, { id: 'b' }] }, { id: 2, users: [] }, { id: 3, users: [{ id: 'c' }] }),
    )
    expect(below.accounts.map(({ id, readings }) => [id, readings[0]?.quantity])).toEqual([
      ['1', '2'],
      ['2', '0'],
      ['3', '1'],
    ])
    const flat = await ask(
      { ...counted, account: 'rows[].customer', person: 'rows[].id', personName: 'rows[].name' },
      {},
      rows({ id: 'a', name: 'Ann', customer: 'X' }, { id: 'b', customer: 'Y' }, { id: 'c', customer: 'X' }),
    )
    expect(flat.accounts).toEqual([
      {
        id: 'X',
        name: 'X',
        readings: [{ kind: 'metric', name: 'users', quantity: '2', people: [{ id: 'a', name: 'Ann' }, { id: 'c' }] }],
      },
      { id: 'Y', name: 'Y', readings: [{ kind: 'metric', name: 'users', quantity: '1', people: [{ id: 'b' }] }] },
    ])
  })

  it('is complete only where it says so or its total equals what came', async () => {
    const { ask, refusal } = givenPlatformApi()
    const row = { customer: { id: 1 }, count: 3 }
    expect(await ask(plain, {}, rows(row))).toMatchObject({ complete: false })
    expect(await ask({ ...plain, total: 'total' }, {}, rows(row))).toMatchObject({ complete: true })
    const short = { fetch: async () => Response.json({ rows: [row], total: 2, whole: true }) }
    expect(await ask({ ...plain, complete: 'whole' }, {}, short)).toMatchObject({ complete: true })
    expect(await refusal({ ...plain, total: 'total' }, {}, short)).toContain('counts 2 rows and listed 1')
    const unsure = { fetch: async () => Response.json({ rows: [row], whole: 'yes' }) }
    expect(await refusal({ ...plain, complete: 'whole' }, {}, unsure)).toContain('complete must be true or false')
  })

  it('never takes its first page for all of them because its number of pages or rows is none', async () => {
    const { refusal } = givenPlatformApi()
    const list = [{ customer: { id: 1 }, count: 3 }]
    for (const number of [null, '', false, [], -1, 1.5, '1e1', {}])
      for (const name of ['pages', 'total'])
        expect(
          await refusal(
            { ...plain, paging: 'page', complete: 'whole', [name]: 'n' },
            {},
            { fetch: async () => Response.json({ rows: list, whole: true, n: number }) },
          ),
        ).toContain(`${name} must be a whole number`)
  })

  it('F52: keeps every digit of a number and takes none that is not one', async () => {
    const { ask, refusal } = givenPlatformApi()
    const text = (count: string) => ({
      fetch: async () => new Response(`{"rows":[{"customer":{"id":12345678901234567890},"count":${count}}]}`),
    })
    const { accounts } = await ask(plain, {}, text('12.0001'))
    expect(accounts[0]).toMatchObject({ id: '12345678901234567890', readings: [{ quantity: '12.0001' }] })
    for (const count of ['-1', '10000001', '1.00001', '1e3', 'null', '"many"', '"1.234,56"', '[]', 'true'])
      expect(await refusal(plain, {}, text(count))).toContain('page 1: rows[0].count')
  })

  it('F50: a field that is gone is named, and so is the list that is not there', async () => {
    const { refusal } = givenPlatformApi()
    const priced = { ...plain, unitPrice: 'rows[].price' }
    expect(await refusal(priced, {}, rows({ customer: { id: 1 }, count: 3 }))).toContain(
      'unitPrice, at rows[].price, is in none of its rows',
    )
    const { api, ...other } = givenPlatformApi()
    api.fault = platformFaults['changed field']
    expect(await other.refusal({ ...ownLayout, name: 'customers[].name' })).toContain('name, at customers[].name')
    const moved = { fetch: async () => Response.json({ items: [], next: null }) }
    expect(await refusal(plain, {}, moved)).toContain('page 1: rows is not a list; the page holds items, next')
    expect(await refusal({ ...plain, total: 'meta.total' }, {}, rows())).toContain('total, at meta.total, is not on')
  })

  it('names the place of what is wrong as the platform wrote it', async () => {
    const { refusal, api } = givenPlatformApi()
    api.fault = platformFaults.negative
    expect(await refusal(ownLayout)).toContain('page 2: customers[0].seats[0].count must not be negative')
    const twice = rows({ customer: { id: 1 }, count: 3 }, { customer: { id: 1 }, count: 4 })
    expect(await refusal(plain, {}, twice)).toMatch(/page 1: rows\[1\].* repeats page 1: rows\[0\]/)
    const nested = { ...plain, account: 'rows[].id', quantity: 'rows[].counts[].n' }
    const account = { id: 1, counts: [{ n: 1 }] }
    expect(await refusal(nested, {}, rows(account, account))).toContain('rows[1] repeats page 1: rows[0]')
  })

  it('that tells only what is so now is asked for no other month', async () => {
    const { ask, refusal } = givenPlatformApi()
    const now = { ...plain, path: '/list' }
    const row = rows({ customer: { id: 1 }, count: 3 })
    expect(await ask(now, {}, row)).toMatchObject({ period: '2026-11' })
    expect(await refusal(now, { period: '2026-10' }, row)).toContain('says only what is so now')
  })

  it('leads no further than its own origin', async () => {
    const { refusal } = givenPlatformApi()
    const link = (to: string) => ({
      fetch: async () => Response.json({ rows: [] }, { headers: { link: `<${to}>; rel="next"` } }),
    })
    for (const to of [
      'http://169.254.169.254/',
      'https://evil.example/',
      '//evil.example/',
      'http://api.vendor.example/',
    ])
      expect(await refusal({ ...plain, paging: 'link' }, {}, link(to))).toContain('next page to another address')
    expect(await refusal({ ...plain, paging: 'link' }, {}, link('?again'))).toContain('is the same as page 1')
  })

  it('answers any JSON with what it says or why it is not used, in either layout', async () => {
    const { refusal } = givenPlatformApi()
    const answering = (text: string) => ({ fetch: async () => new Response(text) })
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.constantFrom('$', 'accounts', 'rows'), async (json, name) => {
        const text = name === '$' ? json : `{"${name}":${json}}`
        for (const settings of [{}, plain, { ...plain, paging: 'cursor', parameter: 'after', next: 'rows' }])
          expect(await refusal(settings, {}, answering(text))).toMatch(/^accepted$|platform/)
      }),
      { numRuns: 300 },
    )
  })
})
