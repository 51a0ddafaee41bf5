import { beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '#server/app.ts'
import { type Contoso, givenContoso } from '../given.ts'
import type { Fault } from '../sandbox/manage/faults/fault-layer.ts'
import { addStaff } from '../sandbox/manage/world.ts'
import { claimOf } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'

let app: Contoso
let server: ReturnType<typeof createApp>
beforeEach(async () => {
  app = await givenContoso(openMemory, 12)
  addStaff(app.world)
  server = createApp(app.deps)
})

const post = (body: object, headers: Record<string, string> = {}) => {
  const json = { 'content-type': 'application/json', ...headers }
  const asked = server.request('/session', { method: 'POST', headers: json, body: JSON.stringify(body) })
  return app.clock.run(Promise.resolve(asked))
}
const claim = (change: object = {}, member = 'ffin') => ({ ...claimOf(app, member), ...change })

describe('a session', () => {
  it('BOOT-9 is tried at most ten times a minute', async () => {
    const statuses: number[] = []
    // At once: every refusal takes a second.
    await Promise.all(
      Array.from({ length: 50 }, async () => statuses.push((await post(claim({ memberHash: 'wrong' }))).status)),
    )
    expect(statuses.filter((one) => one === 401).length).toBe(10)
    expect(statuses.filter((one) => one === 429).length).toBe(40)
    expect((await post(claim({}, 'ttech'))).status).toBe(200)
    app.clock.advance(60_000)
    expect((await post(claim())).status).toBe(200)
  })

  it('is opened as often as screens are', async () => {
    for (let n = 0; n < 30; n++) expect((await post(claim())).status).toBe(200)
    expect((await post(claim())).status).toBe(429)
    expect((await post(claim({}, 'ttech'))).status).toBe(200)
  })

  it('opens while somebody at the same address guesses members, who are asked for eight at once', async () => {
    const asked = new Set<string>()
    let most = 0
    const answer: Fault['answer'] = async ({ request, clock }, pass) => {
      const member = /memberId=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? ''
      asked.add(member)
      most = Math.max(most, asked.size)
      await clock.sleep(100)
      asked.delete(member)
      return pass()
    }
    app.manage.faults.add({ fault: { name: 'count', answer } })
    const guess = (n: number) => post(claim({ memberid: `guess${n}`, memberHash: 'wrong' }))
    const guesses = Array.from({ length: 90 }, (_, n) => guess(n))
    expect((await post(claim())).status).toBe(200)
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect(most).toBe(8)
    let done = 0
    const tryElsewhere = (n: number) => post(claim({ memberid: `m${n}`, companyid: 'wrong' })).then(() => done++)
    const elsewhere = Array.from({ length: 90 }, (_, n) => tryElsewhere(n))
    expect((await post(claim())).status).toBe(200)
    expect(done).toBeLessThan(60)
    await Promise.all(elsewhere)
  })

  it('counts what the last proxy says where the operator trusts it, and no header else', async () => {
    const wrong = claim({ memberHash: 'wrong' })
    const from = (...hops: string[]) => ({ 'x-forwarded-for': hops.join(', ') })
    const statusOf = async (headers: Record<string, string>) => (await post(wrong, headers)).status
    for (let n = 0; n < 10; n++) expect(await statusOf(from(`10.0.0.${n}`))).toBe(401)
    expect(await statusOf(from('10.0.0.99'))).toBe(429)
    server = createApp({ ...app.deps, config: { ...app.deps.config, TRUSTED_PROXY: true } })
    for (let n = 0; n < 10; n++) expect(await statusOf(from(`10.0.0.${n}`, '192.0.2.1'))).toBe(401)
    expect(await statusOf(from('10.0.0.99', '192.0.2.1'))).toBe(429)
    expect(await statusOf(from('192.0.2.1:4711'))).toBe(429)
    for (let n = 0; n < 10; n++) expect(await statusOf(from(`[2001:db8::1]:${n}`))).toBe(401)
    expect(await statusOf(from('2001:db8::1'))).toBe(429)
    expect((await post(claim(), from('192.0.2.1', '192.0.2.2'))).status).toBe(200)
  })
})
