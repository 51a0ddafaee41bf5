import { randomBytes } from 'node:crypto'
import { CompactSign, decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { removeRole } from '#db/roles.ts'
import { createApp } from '#server/app.ts'
import { findViewer } from '#session/find-viewer.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { status } from '../sandbox/manage/faults.ts'
import { claimOf, giveRole, type SignedIn, signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'

const refused = '{"problems":[{"path":"","message":"A valid token is needed."}]}'
const unsigned = (header: object, body: object) =>
  [header, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

let app: Contoso
let ann: SignedIn
let server: ReturnType<typeof createApp>
beforeEach(async () => {
  app = await givenContoso(openMemory, 12)
  ann = await signIn(app, { member: 'jsmith', role: 'technician' })
  server = createApp(app.deps)
})

const get = async (headers: Record<string, string>, path = '/help') => server.request(path, { headers })
const bearer = (token: string) => get({ authorization: `Bearer ${token}` })
const isRefused = async (answer: Response) => {
  expect([answer.status, await answer.text()]).toEqual([401, refused])
  expect(answer.headers.get('www-authenticate')).toBe('Bearer')
}

/** Ann's own token, changed and signed again; with our key when no other is given. */
async function forged(header: object, body: object = {}, key: Uint8Array = app.deps.seal.signing.key): Promise<string> {
  const claims = { ...decodeJwt(ann.token), ...body }
  const protectedHeader = { ...decodeProtectedHeader(ann.token), alg: 'HS256', ...header }
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims))).setProtectedHeader(protectedHeader).sign(key)
}

describe('a token', () => {
  it('is good as it is, and when it is signed again unchanged', async () => {
    expect((await bearer(ann.token)).status).toBe(200)
    expect((await bearer(await forged({}))).status).toBe(200)
    expect(decodeProtectedHeader(ann.token)).toEqual({
      alg: 'HS256',
      typ: 'trueup-access+jwt',
      kid: app.deps.seal.signing.id,
    })
    const { exp = 0, iat = 0, ...claims } = decodeJwt(ann.token)
    expect(exp - iat).toBe(60)
    expect(claims).toMatchObject({ tenant: 'acme', sub: 'jsmith', role: 'technician', iss: 'http://127.0.0.1:4600' })
  })

  it('TOK-1 is needed', async () => {
    await isRefused(await get({}))
    await isRefused(await get({ authorization: '' }))
    await isRefused(await get({ authorization: 'Bearer' }))
    await isRefused(await get({ authorization: `Basic ${ann.token}` }))
  })

  it('TOK-2 TOK-3 names the one algorithm and is signed by it', async () => {
    const claims = decodeJwt(ann.token)
    const header = decodeProtectedHeader(ann.token)
    await isRefused(await bearer(`${unsigned({ ...header, alg: 'none' }, claims)}.`))
    await isRefused(await bearer(`${unsigned({ ...header, alg: 'none' }, claims)}.AAAA`))
    const signature = ann.token.split('.')[2]
    await isRefused(await bearer(`${unsigned({ ...header, alg: 'RS256' }, claims)}.${signature}`))
    await isRefused(await bearer(await forged({ alg: 'HS512' }, {}, randomBytes(64))))
  })

  it('TOK-4 is signed by our key, which is no data key and no master key', async () => {
    await isRefused(await bearer(await forged({}, {}, randomBytes(32))))
    const master = Buffer.from(app.deps.config.MASTER_KEY ?? '', 'base64')
    await isRefused(await bearer(await forged({}, {}, master)))
  })

  it('TOK-5 TOK-6 is good in its minute, give or take ten seconds', async () => {
    const now = Math.floor(app.deps.now() / 1000)
    await isRefused(await bearer(await forged({}, { exp: now - 11 })))
    await isRefused(await bearer(await forged({}, { nbf: now + 11 })))
    expect((await bearer(await forged({}, { exp: now - 9 }))).status).toBe(200)
    expect((await bearer(await forged({}, { nbf: now + 9 }))).status).toBe(200)
    app.clock.advance(71_000)
    await isRefused(await bearer(ann.token))
  })

  it('TOK-7 TOK-8 is for us and of its type', async () => {
    for (const body of [{ aud: 'another' }, { iss: 'https://evil.example' }, { aud: undefined }, { jti: undefined }])
      await isRefused(await bearer(await forged({}, body)))
    await isRefused(await bearer(await forged({ typ: 'JWT' })))
    await isRefused(await bearer(await forged({ typ: undefined })))
  })

  it('TOK-9 of one tenant finds nothing of another', async () => {
    await isRefused(await bearer(await forged({}, { tenant: 'stranger' })))
    expect((await bearer(await forged({}, { sid: 'another' }))).status).toBe(401)
  })

  it('TOK-10 TOK-11 TOK-12 names our key, and brings none along', async () => {
    for (const kid of ['another', '../../etc/passwd', "' or 1=1 --", '', undefined])
      await isRefused(await bearer(await forged({ kid })))
    await isRefused(await bearer(await forged({ jku: 'https://evil.example/keys' })))
    await isRefused(await bearer(await forged({ jwk: { kty: 'oct', k: 'AAAA' } })))
    await isRefused(await bearer(await forged({ x5u: 'https://evil.example' })))
  })

  it('TOK-13 TOK-14 comes once, in its one header', async () => {
    const twice = new Headers([
      ['authorization', `Bearer ${ann.token}`],
      ['authorization', `Bearer ${ann.token}`],
    ])
    await isRefused(await server.request('/help', { headers: twice }))
    await isRefused(await get({}, `/help?access_token=${ann.token}&authorization=Bearer%20${ann.token}`))
    await isRefused(await get({ cookie: `token=${ann.token}; authorization=Bearer ${ann.token}` }))
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    await isRefused(await server.request('/runs', { method: 'POST', headers: form, body: `access_token=${ann.token}` }))
  })

  it('TOK-15 is not 9 kB long', async () => {
    await isRefused(await bearer(await forged({}, { pad: 'x'.repeat(9_000) })))
    await isRefused(await bearer('x'.repeat(9_000)))
  })

  it('ends with its session', async () => {
    const headers = { authorization: `Bearer ${ann.token}` }
    expect((await server.request('/session', { method: 'DELETE', headers })).status).toBe(204)
    await isRefused(await bearer(ann.token))
    await isRefused(await server.request('/session', { method: 'DELETE', headers }))
  })
})

describe('a handle', () => {
  const renew = async (refresh: string) =>
    app.clock.run(
      Promise.resolve(
        server.request('/session/renewal', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ refresh }),
        }),
      ),
    )
  const passOf = async (answer: Response) => (await answer.json()) as { token: string; refresh: string }

  it('TOK-16 renews once; a second use ends every token and handle of the session', async () => {
    const renewed = await renew(ann.refresh)
    expect(renewed.status).toBe(200)
    const pass = await passOf(renewed)
    expect((await bearer(pass.token)).status).toBe(200)
    await isRefused(await renew(ann.refresh))
    await isRefused(await bearer(pass.token))
    await isRefused(await bearer(ann.token))
    await isRefused(await renew(pass.refresh))
    expect(app.lines.join()).toContain('session.revoked')
    for (const secret of [ann.refresh, ann.token, pass.refresh, claimOf(app, 'jsmith').memberHash])
      expect(app.lines.join()).not.toContain(secret)
  })

  it('of two who use it at once serves one, and the session ends', async () => {
    const answers = await Promise.all([renew(ann.refresh), renew(ann.refresh)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it('is good for 15 minutes, and a session for 8 hours', async () => {
    app.clock.advance(15 * 60_000 + 1)
    await isRefused(await renew(ann.refresh))
    let { refresh } = await signIn(app, { member: 'jsmith' })
    for (let minutes = 0; minutes < 8 * 60; minutes += 14) {
      const answer = await renew(refresh)
      expect(answer.status).toBe(200)
      refresh = (await passOf(answer)).refresh
      app.clock.advance(14 * 60_000)
    }
    await isRefused(await renew(refresh))
  })

  it('asks ConnectWise again after 15 minutes of use, and ends with the login there', async () => {
    const before = app.manage.requests.length
    app.clock.advance(10 * 60_000)
    const first = await passOf(await renew(ann.refresh))
    expect(app.manage.requests.length).toBe(before)
    app.clock.advance(5 * 60_000)
    const second = await passOf(await renew(first.refresh))
    expect(app.manage.requests.length).toBe(before + 1)
    app.world.sessions.clear()
    app.clock.advance(14 * 60_000)
    await isRefused(await renew(second.refresh))
    await isRefused(await bearer(second.token))
  })

  it('stays unused while ConnectWise cannot be asked', async () => {
    app.clock.advance(14 * 60_000 + 1)
    app.manage.faults.add({ match: { times: 1 }, fault: status(503) })
    expect((await renew(ann.refresh)).status).toBe(503)
    expect((await renew(ann.refresh)).status).toBe(200)
  })

  it('brings a changed role, and no token is good until it has', async () => {
    const give = (role: 'admin' | 'finance') => giveRole(app, 'jsmith', role)
    await giveRole(app, 'other', 'admin')
    expect((await bearer(ann.token)).status).toBe(200)
    await give('admin')
    await isRefused(await bearer(ann.token))
    const admin = await passOf(await renew(ann.refresh))
    expect(decodeJwt(admin.token).role).toBe('admin')
    expect((await bearer(admin.token)).status).toBe(200)
    await give('finance')
    await isRefused(await bearer(admin.token))
    expect(decodeJwt((await passOf(await renew(admin.refresh))).token).role).toBe('finance')
  })

  it('brings no role that is taken away while it is renewed', async () => {
    await giveRole(app, 'other', 'admin')
    for (const minutes of [1, 14])
      for (let turns = 0; turns < 60; turns += 3) {
        await giveRole(app, 'jsmith', 'admin')
        const { refresh } = await signIn(app, { member: 'jsmith' })
        app.clock.advance(minutes * 60_000)
        const renewing = renew(refresh)
        for (let turn = 0; turn < turns; turn++) await Promise.resolve()
        await save(app.deps.db, removeRole(app.scope, { subject: 'member', name: 'jsmith' }).statements)
        const { token } = await passOf(await renewing)
        const viewer = await findViewer(app.deps, `Bearer ${token}`)
        expect([turns, viewer?.role ?? 'technician']).toEqual([turns, 'technician'])
      }
  })

  it('that nobody gave is refused like a token', async () => {
    for (const refresh of ['', 'x', randomBytes(32).toString('base64url')]) await isRefused(await renew(refresh))
  })
})
