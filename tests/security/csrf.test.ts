import { beforeEach, describe, expect, it } from 'vitest'
import { addOperatorCode, endOperatorSession, isOperatorSession, openOperatorSession } from '#db/operator.ts'
import { runs } from '#db/schema.ts'
import { createApp } from '#server/app.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { type SignedIn, signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'

const form = 'application/x-www-form-urlencoded'
const origin = 'http://127.0.0.1:4600'

let app: Contoso
let fay: SignedIn
let server: ReturnType<typeof createApp>
beforeEach(async () => {
  app = await givenContoso(openMemory, 12)
  fay = await signIn(app, { member: 'jsmith', role: 'finance' })
  server = createApp(app.deps)
})

/** A change, as finance, that starts a run when it is taken. */
const change = async (
  headers: Record<string, string | undefined>,
  method = 'POST',
  path = '/runs',
  text = 'company=250',
) => {
  const all = { authorization: `Bearer ${fay.token}`, 'content-type': form, ...headers }
  const given = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: new TextEncoder().encode(text) }
  return server.request(`${origin}${path}`, {
    method,
    headers: [...given].map(([name, value]) => [name, value]),
    ...body,
  })
}
const nothingHappened = async () => expect(await app.deps.db.select().from(runs)).toEqual([])

describe('a change', () => {
  it('is taken from a page of ours', async () => {
    for (const headers of [
      {},
      { 'sec-fetch-site': 'same-origin', origin },
      { 'content-type': `${form};charset=UTF-8` },
    ])
      expect([200, 409]).toContain((await change(headers)).status)
    expect(await app.deps.db.select().from(runs)).not.toEqual([])
  })

  it('CSRF-1 CSRF-3 is not taken from another site', async () => {
    for (const site of ['cross-site', 'same-site', 'none', 'Same-Origin', ''])
      expect([site, (await change({ 'sec-fetch-site': site })).status]).toEqual([site, 403])
    await nothingHappened()
  })

  it('CSRF-2 says in which form it comes', async () => {
    for (const type of [
      undefined,
      '',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/json',
      `${form}; charset=utf-7`,
    ])
      expect([type, (await change({ 'content-type': type })).status]).toEqual([type, 415])
    await nothingHappened()
  })

  it('CSRF-4 is not taken from another origin', async () => {
    for (const from of [
      'null',
      'https://evil.example',
      `${origin}.evil.example`,
      'https://127.0.0.1:4600',
      'http://127.0.0.1',
    ])
      expect([from, (await change({ origin: from, 'sec-fetch-site': 'same-origin' })).status]).toEqual([from, 403])
    await nothingHappened()
  })

  it('CSRF-5 is promised to no other origin', async () => {
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    for (const path of ['/runs', '/session', '/session/renewal', '/nowhere']) {
      const answer = await server.request(path, { method: 'OPTIONS', headers: asked })
      expect(answer.ok).toBe(false)
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('CSRF-6 CSRF-7 CSRF-8 is never a read in disguise', async () => {
    const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override']
    for (const headers of [{}, ...overrides.map((name) => ({ [name]: 'POST' }))])
      for (const method of ['GET', 'HEAD']) {
        const answer = await change(headers, method, '/plans/plan/approval?_method=POST')
        expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST'])
      }
    await nothingHappened()
  })

  it('is made at most 60 times a minute by one member', async () => {
    const statuses = new Set<number>()
    for (let n = 0; n < 60; n++) statuses.add((await change({}, 'POST', '/runs', 'company=x')).status)
    expect(statuses).toEqual(new Set([422]))
    const late = await change({}, 'POST', '/runs', 'company=x')
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '60'])
    const other = await signIn(app, { member: 'other', role: 'finance' })
    expect((await other.ask('POST', '/runs', { company: 'x' })).status).toBe(422)
    app.clock.advance(60_000)
    expect((await change({}, 'POST', '/runs', 'company=x')).status).toBe(422)
  })
})

describe('the operator', () => {
  it('signs in once with the newest code, within the hour', async () => {
    const { db } = app.deps
    const now = app.deps.now()
    const old = await addOperatorCode(db, now)
    const code = await addOperatorCode(db, now)
    expect(await openOperatorSession(db, old, now)).toBeUndefined()
    expect(await openOperatorSession(db, code, now + 3_600_000)).toBeUndefined()
    const token = await openOperatorSession(db, code, now + 1)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await openOperatorSession(db, code, now + 2)).toBeUndefined()
    expect(await isOperatorSession(db, token ?? '', now + 8 * 3_600_000)).toBe(true)
    expect(await isOperatorSession(db, token ?? '', now + 8 * 3_600_000 + 1)).toBe(false)
    expect(await isOperatorSession(db, code, now)).toBe(false)
    await endOperatorSession(db, token ?? '')
    expect(await isOperatorSession(db, token ?? '', now)).toBe(false)
  })

  it('proves that a change comes from a page of ours, because a cookie goes along by itself', async () => {
    const { db } = app.deps
    const token = await openOperatorSession(db, await addOperatorCode(db, app.deps.now()), app.deps.now())
    const ask = (headers: Record<string, string>) =>
      server.request(`${origin}/operator/session`, {
        method: 'DELETE',
        headers: { cookie: `__Host-trueup-operator=${token}`, 'content-type': form, ...headers },
      })
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
    ]
    for (const headers of [{}, ...foreign, { origin: 'null' }, { origin: 'null', 'sec-fetch-site': 'same-origin' }])
      expect([headers, (await ask(headers)).status]).toEqual([headers, 403])
    expect(await isOperatorSession(db, token ?? '', app.deps.now())).toBe(true)
    expect((await ask({ origin, 'sec-fetch-site': 'same-origin' })).ok).toBe(true)
    expect(await isOperatorSession(db, token ?? '', app.deps.now())).toBe(false)
  })
})
