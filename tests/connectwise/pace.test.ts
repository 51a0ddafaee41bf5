import { describe, expect, it } from 'vitest'
import { createPacing } from '#connectwise/pacing.ts'
import { readHttpDate, readRetryAfter } from '#server/http/http-date.ts'
import { createClock } from '../clock.ts'
import { connection, givenConnectWise, json, record, tooMany } from './given.ts'

const agreements = Array.from({ length: 200 }, (_, at) => 1000 + at)
const ok = { kind: 'ok', status: 200, body: [], link: undefined } as const

const guid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'

describe('reads', () => {
  it('never have more in flight than allowed', async () => {
    let inFlight = 0
    let most = 0
    const { clock, manage } = givenConnectWise(async () => {
      most = Math.max(most, ++inFlight)
      await clock.sleep(50)
      inFlight--
      return json([record(1)])
    })
    await clock.run(Promise.all(agreements.map((id) => manage.listAdditions(id))))
    expect(most).toBeGreaterThanOrEqual(4)
    expect(most).toBeLessThanOrEqual(8)
    expect(manage.requests()).toBe(200)
  })

  it('stop altogether after a 429 until ConnectWise said, then one goes first', async () => {
    let throttled = false
    const { clock, manage, calls } = givenConnectWise(async () => {
      await clock.sleep(50)
      if (calls.length < 5 || throttled) return json([record(1)])
      throttled = true
      return tooMany('40')
    })
    const startedAt = clock.now()
    await clock.run(Promise.all(agreements.slice(0, 30).map((id) => manage.listAdditions(id))))
    const times = calls.map(({ at }) => at - startedAt)
    expect(times.filter((at) => at > 100 && at < 40_100)).toEqual([])
    const [first = 0, second = 0] = times.filter((at) => at >= 40_100)
    expect(second - first).toBeGreaterThanOrEqual(50)
  })

  it('outlast half an hour of 429 with hardly a wasted request', async () => {
    const { clock, manage, calls } = givenConnectWise(() =>
      clock.now() < Date.parse('2026-11-21T22:30:00Z') ? tooMany() : json([record(1)]),
    )
    const lists = await clock.run(Promise.all(agreements.map((id) => manage.listAdditions(id))))
    expect(lists).toHaveLength(200)
    expect(calls.length).toBeLessThanOrEqual(200 + 12)
  })

  it('are repeated after a short outage', async () => {
    const { clock, manage } = givenConnectWise(() =>
      clock.now() < Date.parse('2026-11-21T22:00:20Z') ? new Response('', { status: 503 }) : json([record(1)]),
    )
    const lists = await clock.run(Promise.all(agreements.map((id) => manage.listAdditions(id))))
    expect(lists).toHaveLength(200)
    expect(manage.requests()).toBeLessThan(220)
  })

  it('give up in the end, in a sentence', async () => {
    const { clock, manage, calls } = givenConnectWise(() => new Response('', { status: 503 }))
    await expect(clock.run(manage.listAdditions(87))).rejects.toMatchObject({ kind: 'unreachable', retry: true })
    expect(calls.length).toBeLessThanOrEqual(6)
  })

  it('without an answer are given up after their time, each try', async () => {
    const { clock, manage } = givenConnectWise(() => new Promise<Response>(() => undefined))
    await expect(clock.run(manage.listAdditions(87))).rejects.toThrow('no answer within 60 seconds')
  })

  it.each([401, 403])('answered with %i are not repeated', async (status) => {
    const { clock, manage, calls } = givenConnectWise(() => json({ code: 'Unauthorized', message: 'no' }, { status }))
    await expect(clock.run(manage.listAdditions(87))).rejects.toMatchObject({ kind: 'forbidden' })
    expect(calls).toHaveLength(1)
  })

  it('follow ConnectWise to its new codebase, once', async () => {
    const { clock, manage, calls } = givenConnectWise((url) => {
      if (url.pathname.startsWith('/login/companyinfo/acme')) return json({ Codebase: 'v2026_1/' })
      return url.pathname.startsWith('/v2026_1/') ? json([record(1)]) : new Response('<html>', { status: 404 })
    })
    const lists = await clock.run(Promise.all([1, 2, 3].map((id) => manage.listAdditions(id))))
    expect(lists.map((list) => list.length)).toEqual([1, 1, 1])
    expect(calls.filter(({ url }) => url.pathname.includes('companyinfo'))).toHaveLength(1)
    expect(manage.requests()).toBe(calls.length)
  })

  it('leave a line with the request id and no secret', async () => {
    const { clock, manage, lines } = givenConnectWise(() =>
      json([record(1)], { headers: { 'x-cw-request-id': guid, date: 'Sat, 21 Nov 2026 22:00:31 GMT' } }),
    )
    await clock.run(manage.listAdditions(87))
    expect(lines).toEqual([{ event: 'connectwise.answered', ms: 0, status: 200, req: guid }])
    expect(JSON.stringify(lines)).not.toContain(connection.privateKey)
    expect(manage.clockSkew()).toBe(31_000)
  })
})

describe('pacing', () => {
  const start = (concurrency: number) => {
    const clock = createClock(0)
    const pacing = createPacing(clock, concurrency)
    const call = (ms: number) =>
      pacing.pace(async () => {
        await clock.sleep(ms)
        return ok
      }, Number.POSITIVE_INFINITY)
    const calls = async (count: number, ms: number) => {
      for (let at = 0; at < count; at++) await clock.run(call(ms))
    }
    return { clock, pacing, calls }
  }

  it('grows by one for 50 good calls, to 8 at most', async () => {
    const { pacing, calls } = start(4)
    await calls(49, 200)
    expect(pacing.limit()).toBe(4)
    await calls(1, 200)
    expect(pacing.limit()).toBe(5)
    await calls(300, 200)
    expect(pacing.limit()).toBe(8)
  })

  it('halves when calls become slow', async () => {
    const { pacing, calls } = start(4)
    await calls(50, 200)
    await calls(50, 700)
    expect(pacing.limit()).toBe(2)
  })

  it('halves once for answers that left together', async () => {
    const { clock, pacing } = start(8)
    const fail = () =>
      pacing.pace(async () => {
        await clock.sleep(10)
        return { kind: 'failed', status: 503, message: '' } as const
      }, Number.POSITIVE_INFINITY)
    await clock.run(Promise.all([fail(), fail(), fail(), fail()]))
    expect(pacing.limit()).toBe(4)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T22:00:00Z')
  it.each([
    ['30', 30_000],
    ['Sat, 21 Nov 2026 22:01:00 GMT', 60_000],
    ['Fri, 20 Nov 2026 22:01:00 GMT', undefined],
    ['-5', undefined],
    ['999999999', 900_000],
    ['0', 1000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j waits %s ms', (text, ms) => {
    expect(readRetryAfter(text, now)).toBe(ms)
  })

  it('reads HTTP dates only', () => {
    expect(readHttpDate('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(784_111_777_000)
    expect(readHttpDate('2026-11-21T22:00:00Z')).toBeUndefined()
    expect(readHttpDate('Sun, 06 Foo 1994 08:49:37 GMT')).toBeUndefined()
  })
})
