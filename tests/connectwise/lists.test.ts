import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenConnectWise, json, page, pagesOf, record, records } from './given.ts'

const listAll = async (answer: Parameters<typeof givenConnectWise>[0]) => {
  const { clock, manage, calls } = givenConnectWise(answer)
  const additions = await clock.run(manage.listAdditions(87))
  return { ids: additions.map((addition) => addition.id), requests: calls.length }
}

describe('a list of additions', () => {
  it('takes one request for up to 999 rows', async () => {
    expect(await listAll(pagesOf(records(7)))).toEqual({ ids: records(7).map(({ id }) => id), requests: 1 })
    expect((await listAll(pagesOf(records(999)))).requests).toBe(1)
  })

  it('asks for the count where the last page proves nothing', async () => {
    expect((await listAll(pagesOf(records(25)))).requests).toBe(2)
    expect((await listAll(pagesOf([]))).requests).toBe(2)
    expect((await listAll(pagesOf(records(1000)))).requests).toBe(3)
  })

  it('comes whole from a server that always sends 25', async () => {
    const { ids } = await listAll(pagesOf(records(60), { pageSize: 25 }))
    expect(ids).toHaveLength(60)
  })

  it('comes whole from a server that does not know forward-only paging', async () => {
    const { ids } = await listAll(pagesOf(records(2300), { noLinks: true }))
    expect(ids).toEqual(records(2300).map(({ id }) => id))
  })

  it('is whole or refused, whatever the number of rows and the size of pages', async () => {
    const sizes = fc.record({
      count: fc.nat(130),
      pageSize: fc.option(fc.constantFrom(25, 50, 100), { nil: undefined }),
      noLinks: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(sizes, async ({ count, pageSize, noLinks }) => {
        const { ids } = await listAll(pagesOf(records(count), { noLinks, ...(pageSize && { pageSize }) }))
        expect(ids).toEqual(records(count).map(({ id }) => id))
      }),
      { numRuns: 60 },
    )
  })

  it('is refused when the count says otherwise', async () => {
    await expect(listAll(pagesOf(records(25), { count: 24 }))).rejects.toMatchObject({ kind: 'incomplete' })
    await expect(listAll(pagesOf([], { count: 3 }))).rejects.toMatchObject({ kind: 'incomplete' })
  })

  it('is refused when the second of three pages comes empty', async () => {
    const pages = pagesOf(records(2500))
    const answer = (url: URL, request: Request) =>
      url.searchParams.has('pageId') ? json([], { headers: { link: '' } }) : pages(url, request)
    await expect(listAll(answer)).rejects.toMatchObject({ kind: 'incomplete' })
  })

  it('is refused when ids fall or repeat', async () => {
    const link = { headers: { link: '<https://api-na.myconnectwise.net/x?pageId=9>; rel="next"' } }
    await expect(listAll(() => json([record(9), record(7)], link))).rejects.toMatchObject({ kind: 'incomplete' })
    await expect(listAll(() => json([record(9), record(9)]))).rejects.toMatchObject({ kind: 'incomplete' })
  })

  it('is refused when a link names another host, which is never called', async () => {
    const { clock, manage, calls } = givenConnectWise(() =>
      json([record(1)], { headers: { link: '<https://evil.example/x?pageId=1>; rel="next"' } }),
    )
    await expect(clock.run(manage.listAdditions(87))).rejects.toMatchObject({ kind: 'incomplete' })
    expect(calls.map(({ url }) => url.host)).toEqual(['api-na.myconnectwise.net'])
  })

  it('is refused when links lead back', async () => {
    const pages = pagesOf(records(2500))
    const answer = (url: URL, request: Request) => {
      const response = pages(url, request)
      response.headers.set('link', `<${url.href}>; rel="next"`)
      return response
    }
    await expect(listAll(answer)).rejects.toMatchObject({ kind: 'incomplete' })
  })

  it('is refused when it is a web page, cut off or not as documented', async () => {
    await expect(listAll(page)).rejects.toMatchObject({ kind: 'broken' })
    await expect(listAll(() => new Response('[{"id": 1, "prod'))).rejects.toMatchObject({ kind: 'broken' })
    await expect(listAll(() => json([record(1, { quantity: null })]))).rejects.toMatchObject({ kind: 'broken' })
    await expect(listAll(() => json({ rows: [] }))).rejects.toMatchObject({ kind: 'broken' })
  })

  it('is refused when it is larger than 10 MB', async () => {
    const huge = () => new Response(`[${' '.repeat(11 * 1024 * 1024)}]`)
    await expect(listAll(huge)).rejects.toMatchObject({ kind: 'broken' })
  })
})

describe('an addition', () => {
  const read = async (more: object) => {
    const { clock, manage } = givenConnectWise(() => json(record(301, more)))
    return clock.run(manage.findAddition(87, 301))
  }

  it('has exact numbers, whatever form ConnectWise gave them', async () => {
    expect(await read({ quantity: 10.000000000000002 })).toMatchObject({ quantity: '10' })
    expect(await read({ quantity: '12.50' })).toMatchObject({ quantity: '12.5' })
    expect(await read({ quantity: 1e3, unitPrice: 0.1 + 0.2 })).toMatchObject({ quantity: '1000', unitPrice: '0.3' })
    expect(await read({ unitPrice: null })).toMatchObject({ unitPrice: undefined, lessIncluded: '0' })
  })

  it('is open-ended when its end is absent, null or empty', async () => {
    for (const cancelledDate of [undefined, null, '']) {
      expect(await read({ cancelledDate })).toMatchObject({ cancelledOn: undefined, effectiveOn: '2026-01-01' })
    }
    expect(await read({ cancelledDate: '2026-11-30T00:00:00Z' })).toMatchObject({ cancelledOn: '2026-11-30' })
  })

  it('that does not exist is undefined', async () => {
    const { clock, manage } = givenConnectWise(() => json({ code: 'NotFound', message: 'gone' }, { status: 404 }))
    expect(await clock.run(manage.findAddition(87, 301))).toBeUndefined()
  })

  it('behind a bad path is not taken for one that does not exist', async () => {
    const { clock, manage } = givenConnectWise(() => new Response('<html>404', { status: 404 }))
    await expect(clock.run(manage.findAddition(87, 301))).rejects.toMatchObject({ kind: 'broken' })
  })
})

describe('agreements by their ids', () => {
  const agreement = (id: number) => ({ id, name: `A${id}`, company: { id: 5, name: 'Ann & Co' }, startDate: '' })
  const asked = (url: URL) => [...(url.searchParams.get('conditions') ?? '').matchAll(/\d+/g)].map(([id]) => Number(id))
  const answer = (url: URL) => json(asked(url).map(agreement), { headers: { link: '' } })

  it('come with as few requests as the address allows', async () => {
    const { clock, manage, calls } = givenConnectWise(answer)
    const ids = Array.from({ length: 1000 }, (_, at) => 10_000 + at)
    const agreements = await clock.run(manage.listAgreements(ids))
    expect(agreements.map(({ id }) => id)).toEqual(ids)
    expect(calls.length).toBeLessThanOrEqual(5)
    expect(calls.every(({ request }) => request.url.length < 2000)).toBe(true)
  })

  it('take one request for 200, also when 25 of them are asked', async () => {
    for (const count of [25, 200]) {
      const { clock, manage, calls } = givenConnectWise(answer)
      await clock.run(manage.listAgreements(Array.from({ length: count }, (_, at) => 1000 + at)))
      expect(calls).toHaveLength(1)
    }
  })

  it('leave out those that do not exist', async () => {
    const { clock, manage } = givenConnectWise((url) => json(asked(url).slice(1).map(agreement)))
    const agreements = await clock.run(manage.listAgreements([1, 2, 3]))
    expect(agreements).toMatchObject([
      { id: 2, companyId: 5, companyName: 'Ann & Co', status: 'Unknown', currency: undefined, startOn: undefined },
      { id: 3 },
    ])
  })

  it('are refused when others come than were asked for', async () => {
    const { clock, manage } = givenConnectWise(() => json([agreement(9)]))
    await expect(clock.run(manage.listAgreements([1, 2]))).rejects.toMatchObject({ kind: 'incomplete' })
  })

  it('cost nothing when none are asked for', async () => {
    const { clock, manage } = givenConnectWise(answer)
    expect(await clock.run(manage.listAgreements([]))).toEqual([])
    expect(manage.requests()).toBe(0)
  })
})
