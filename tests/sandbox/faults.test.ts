import { describe, expect, it } from 'vitest'
import { givenManage, linksOf, site } from './caller.ts'
import * as faults from './manage/faults.ts'
import { addAddition, addAgreement, generatedWorld } from './manage/world.ts'

const change = [{ op: 'replace', path: 'quantity', value: 12 }]
const list = '/finance/agreements/1/additions'

/** One addition with nine. */
function givenNine() {
  const given = givenManage()
  const addition = addAddition(given.world, { agreement: addAgreement(given.world), quantity: 9 })
  return { ...given, addition, path: `${list}/${addition.id}` }
}

describe('a fault on a write', () => {
  it.each([
    ['status 503 before the commit', faults.status(503), 9],
    ['status 502 after the commit', faults.status(502, { when: 'afterCommit' }), 12],
    ['a 401', faults.unauthorized401(), 9],
    ['a 403', faults.forbidden403(), 9],
    ['a 429', faults.throttle429(), 9],
    ['HTML with 200', faults.html200(), 12],
    ['truncated JSON', faults.truncatedJson(), 12],
  ])('%s leaves the effect it says', async (_, fault, quantity) => {
    const { manage, call, path, addition } = givenNine()
    manage.faults.add({ match: { method: 'PATCH' }, fault })
    await call('PATCH', path, change).catch((error: Error) => expect(error).toBeInstanceOf(SyntaxError))
    expect(addition.quantity).toBe(quantity)
    expect((await call('GET', path)).body.quantity).toBe(quantity)
  })

  it.each([
    ['beforeCommit', 9],
    ['afterCommit', 12],
  ] as const)('a reset %s rejects like fetch does', async (when, quantity) => {
    const { manage, call, path, addition } = givenNine()
    manage.faults.add({ fault: faults.reset(when) })
    await expect(call('PATCH', path, change)).rejects.toThrow(TypeError)
    expect(addition.quantity).toBe(quantity)
    expect(manage.requests[0]).toMatchObject({ method: 'PATCH', body: change, status: undefined })
  })

  it.each([
    ['beforeCommit', 9],
    ['afterCommit', 12],
  ] as const)('a hang %s lasts until the caller gives up', async (when, quantity) => {
    const { clock, manage, call, path, addition } = givenNine()
    manage.faults.add({ fault: faults.hang(when) })
    const giveUp = new AbortController()
    const answer = call('PATCH', path, change, {}, giveUp.signal)
    const timeout = clock.sleep(30_000).then(() => giveUp.abort(new Error('given up')))
    await expect(clock.run(Promise.all([answer, timeout]))).rejects.toThrow('given up')
    expect(addition.quantity).toBe(quantity)
    expect(clock.now()).toBe(Date.parse('2026-11-21T10:00:30Z'))
  })

  it('a late commit lands after the caller saw a reset', async () => {
    const { clock, manage, call, world } = givenNine()
    manage.faults.add({ match: { method: 'POST', times: 1 }, fault: faults.lateCommit(240_000) })
    const body = { product: { id: 1 }, billCustomer: 'Billable' }
    await expect(call('POST', list, body)).rejects.toThrow(TypeError)
    clock.advance(239_999)
    expect(world.additions.size).toBe(1)
    clock.advance(1)
    await manage.settled()
    expect(world.additions.size).toBe(2)
    expect(world.additions.get(2)?._info.lastUpdated).toBe('2026-11-21T10:04:00Z')
  })

  it('reads that lag do not see a write until it is old enough', async () => {
    const { clock, manage, call, path } = givenNine()
    manage.faults.add({ match: { method: 'GET' }, fault: faults.lag(10_000) })
    const made = await call('POST', list, { product: { id: 1 }, billCustomer: 'Billable' })
    await call('PATCH', path, change)
    const seen = async () => (await call('GET', list)).body.map(({ quantity }: { quantity: number }) => quantity)
    expect(await seen()).toEqual([9])
    expect((await call('GET', `${list}/${made.body.id}`)).status).toBe(404)
    expect((await call('GET', '/system/reports/AgreementAdditions?columns=Total_Quantity')).body.row_values).toEqual([
      [9],
    ])
    clock.advance(10_000)
    expect(await seen()).toEqual([12, 0])
    await call('DELETE', path)
    expect(await seen()).toEqual([12, 0])
  })

  it('a person edits just before the request', async () => {
    const { clock, manage, call, path, addition } = givenNine()
    clock.advance(5_000)
    const edit = faults.personEdits(() => manage.edit(addition, { quantity: 10 }))
    manage.faults.add({ match: { method: 'GET', nth: 2 }, fault: edit })
    expect((await call('GET', path)).body.quantity).toBe(9)
    const { body } = await call('GET', path)
    expect(body).toMatchObject({ quantity: 10, _info: { updatedBy: 'jsmith', lastUpdated: '2026-11-21T10:00:05Z' } })
  })

  it('an answer may differ from what was stored', async () => {
    const { manage, call, path, addition } = givenNine()
    manage.faults.add({ fault: faults.wrongEcho({ quantity: 11 }) })
    expect((await call('PATCH', path, change)).body.quantity).toBe(11)
    expect(addition.quantity).toBe(12)
  })
})

describe('a fault on a list', () => {
  const given = () => givenManage({ world: generatedWorld({ agreements: 1, additionsEach: 60 }) })
  const forward = { 'pagination-type': 'forward-only' }

  it('fails or empties one page, also when pages only go forward', async () => {
    const { manage, call } = given()
    const failing = manage.faults.add({ match: { page: 2 }, fault: faults.failingPage() })
    expect((await call('GET', `${list}?page=2`)).status).toBe(500)
    expect((await call('GET', list, undefined, forward)).status).toBe(200)
    expect((await call('GET', `${list}?pageId=25`, undefined, forward)).status).toBe(500)
    failing.remove()
    manage.faults.add({ match: { page: 3 }, fault: faults.emptyPage() })
    expect((await call('GET', `${list}?pageId=25`, undefined, forward)).body).toHaveLength(25)
    expect((await call('GET', `${list}?pageId=50`, undefined, forward)).body).toEqual([])
    expect((await call('GET', '/system/reports/AgreementAdditions?page=3&columns=AGR_RecID')).body.row_values).toEqual(
      [],
    )
  })

  it('cuts pages short, and spoils the Link', async () => {
    const { manage, call } = given()
    manage.faults.add({ match: { path: /short/ }, fault: faults.shortPages() })
    manage.faults.add({ match: { path: /nolink/ }, fault: faults.noLink() })
    manage.faults.add({ match: { path: /loop/ }, fault: faults.loopingLink() })
    manage.faults.add({ match: { path: /foreign/ }, fault: faults.foreignLink() })
    expect((await call('GET', `${list}?pageSize=1000&x=short`)).body).toHaveLength(25)
    expect((await call('GET', `${list}?x=nolink`)).headers.has('link')).toBe(false)
    expect(linksOf(await call('GET', `${list}?x=loop&page=2`)).next?.search).toBe('?x=loop&page=2')
    expect(linksOf(await call('GET', `${list}?x=foreign`)).next?.origin).toBe('https://elsewhere.example')
  })

  it('drops fields, quotes numbers, miscounts, lies about its type and its clock', async () => {
    const { manage, call } = given()
    manage.faults.add({ match: { path: /dropped/ }, fault: faults.droppedField('quantity') })
    manage.faults.add({ match: { path: /quoted/ }, fault: faults.numbersAsStrings() })
    manage.faults.add({ match: { path: /count/ }, fault: faults.wrongCount(-1) })
    manage.faults.add({ match: { path: /type/ }, fault: faults.wrongContentType() })
    manage.faults.add({ match: { path: /skew/ }, fault: faults.skewedClock(60_000) })
    expect((await call('GET', `${list}?x=dropped`)).body[0]).not.toHaveProperty('quantity')
    expect((await call('GET', `${list}?x=quoted`)).body[0].quantity).toBe('11')
    expect((await call('GET', `${list}/count`)).body).toEqual({ count: 59 })
    expect((await call('GET', `${list}?x=type`)).headers.get('content-type')).toBe('application/octet-stream')
    expect((await call('GET', `${list}?x=skew`)).headers.get('date')).toBe('Sat, 21 Nov 2026 10:01:00 GMT')
  })

  it('sends bodies that are huge, break off or trickle', async () => {
    const { clock, manage, call } = given()
    manage.faults.add({ match: { path: /huge/ }, fault: faults.hugeBody(1_000_000) })
    manage.faults.add({ match: { path: /reset/ }, fault: faults.resetMidBody() })
    manage.faults.add({ match: { path: /slow/ }, fault: faults.slowBody(1_000) })
    const huge = await manage.fetch(`${site}/?huge`)
    expect((await huge.arrayBuffer()).byteLength).toBeGreaterThanOrEqual(1_000_000)
    await expect(call('GET', `${list}?x=reset`)).rejects.toThrow('terminated')
    const slow = await clock.run(call('GET', `${list}/count?x=slow`))
    expect(slow.body).toEqual({ count: 60 })
    expect(clock.now() - Date.parse('2026-11-21T10:00:00Z')).toBe(12_000)
  })
})

describe('throttling', () => {
  it.each([
    [30, '30'],
    ['Sat, 21 Nov 2026 10:05:00 GMT', 'Sat, 21 Nov 2026 10:05:00 GMT'],
    [-5, '-5'],
    ['86400000', '86400000'],
    [null, null],
  ])('may say Retry-After %s', async (given, expected) => {
    const { manage, call } = givenManage()
    manage.faults.add({ fault: faults.throttle429(given) })
    const { status, headers, body } = await call('GET', '/system/info')
    expect([status, headers.get('retry-after')]).toEqual([429, expected])
    expect(body).toEqual({
      error: 'ConnectWiseAPI',
      message: 'Too many requests. Please try again in 30 seconds.',
    })
  })

  it('answers 429 beyond the rate of a bucket until tokens are back', async () => {
    const { clock, manage, call } = givenManage()
    manage.faults.bucket({ perSecond: 2, burst: 3 })
    const statuses = async (count: number) => {
      const answers = []
      for (let n = 0; n < count; n++) answers.push(await call('GET', '/system/info'))
      return answers.map(({ status }) => status)
    }
    expect(await statuses(4)).toEqual([200, 200, 200, 429])
    clock.advance(1_000)
    expect(await statuses(3)).toEqual([200, 200, 429])
    expect((await call('GET', '/system/info')).headers.get('retry-after')).toBe('1')
    expect(manage.faults.fired.get('throttle')).toBe(3)
  })

  it('answers everything with 429 during a storm', async () => {
    const { clock, manage, call } = givenManage()
    manage.faults.storm({ from: clock.now() + 1_000, to: clock.now() + 60_000 })
    expect((await call('GET', '/system/info')).status).toBe(200)
    clock.advance(1_000)
    expect((await call('GET', '/system/info')).status).toBe(429)
    clock.advance(59_000)
    expect((await call('GET', '/system/info')).status).toBe(200)
  })
})

describe('a script of faults', () => {
  it('fires on what matches, the nth time, so many times, and counts', async () => {
    const { manage, call } = givenManage()
    const nth = manage.faults.add({ match: { path: /info$/, nth: 2 }, fault: faults.status(500) })
    const times = manage.faults.add({ match: { path: /types/, times: 2 }, fault: faults.status(503) })
    const statuses = []
    for (const path of ['/system/info', '/system/info', '/system/info']) statuses.push((await call('GET', path)).status)
    for (let n = 0; n < 3; n++) statuses.push((await call('GET', '/finance/agreements/types')).status)
    expect(statuses).toEqual([200, 500, 200, 503, 503, 200])
    expect([nth.fired, times.fired]).toEqual([1, 2])
    manage.faults.clear()
    expect((await call('GET', '/finance/agreements/types')).status).toBe(200)
  })

  it('fires by chance the same for the same seed', async () => {
    const trace = async (seed: number) => {
      const { manage, call } = givenManage({ seed })
      manage.faults.add({ match: { share: 0.3 }, fault: faults.status(500) })
      const statuses = []
      for (let n = 0; n < 40; n++) statuses.push((await call('GET', '/system/info')).status)
      return statuses.join()
    }
    expect(await trace(7)).toBe(await trace(7))
    expect(await trace(7)).not.toBe(await trace(8))
  })

  it('waits on the sandbox clock and can be combined', async () => {
    const { clock, manage, call } = givenManage()
    manage.faults.add({ fault: faults.latency(200, 0.25) })
    manage.faults.add({ match: { nth: 2 }, fault: faults.status(500) })
    const answers = await clock.run(Promise.all([call('GET', '/system/info'), call('GET', '/system/info')]))
    expect(answers.map(({ status }) => status)).toEqual([200, 500])
    const [first] = manage.requests
    const took = (first?.endedAt ?? 0) - (first?.at ?? 0)
    expect(took).toBeGreaterThanOrEqual(150)
    expect(took).toBeLessThanOrEqual(250)
  })
})
