import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { sessions } from '#db/schema.ts'
import { createApp } from '#server/app.ts'
import { renewSession } from '#session/renew.ts'
import { connect } from '#sync/settings/connect.ts'
import { type Contoso, givenContoso } from '../given.ts'
import type { Fault } from '../sandbox/manage/faults/fault-layer.ts'
import { hang, latency, status } from '../sandbox/manage/faults.ts'
import { defaultKeys } from '../sandbox/manage/manage.ts'
import { addMember, addStaff, setLevel } from '../sandbox/manage/world.ts'
import { claimOf, giveRole, signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'

const refused = '{"problems":[{"path":"","message":"A valid token is needed."}]}'

let app: Contoso
let server: ReturnType<typeof createApp>
beforeEach(async () => {
  app = await givenContoso(openMemory, 12)
  addStaff(app.world)
  server = createApp(app.deps)
})

const post = (body: unknown, headers: Record<string, string> = {}) =>
  app.clock.run(
    Promise.resolve(
      server.request('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    ),
  )
const isRefused = async (answer: Response) => {
  expect([answer.status, await answer.text()]).toEqual([401, refused])
  expect(await app.deps.db.select().from(sessions)).toEqual([])
}
const claim = (change: object = {}, member = 'ffin') => ({ ...claimOf(app, member), ...change })

/** The hosts that are asked from now on. */
function watchHosts(): string[] {
  const hosts: string[] = []
  const answer: Fault['answer'] = ({ request }, pass) => {
    hosts.push(new URL(request.url).host)
    return pass()
  }
  app.manage.faults.add({ fault: { name: 'watch', answer } })
  return hosts
}

describe('a session', () => {
  it('opens for a member whom ConnectWise knows by this hash, with one call', async () => {
    const before = app.manage.requests.length
    await giveRole(app, 'FFin', 'finance')
    const answer = await post(claim({ memberid: 'FFIN', companyid: 'ACME' }))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.has('set-cookie')).toBe(false)
    expect(await answer.json()).toEqual({ token: expect.any(String), refresh: expect.any(String), expiresIn: 60 })
    expect(app.manage.requests.slice(before).map(({ path }) => path)).toEqual(['/system/myMembers/info'])
    const [row] = await app.deps.db.select().from(sessions)
    expect(row).toMatchObject({ member: 'ffin', memberName: 'Fay Finch', role: 'finance' })
    expect(JSON.stringify(row)).not.toContain(claim().memberHash)
    expect(app.lines.join()).toContain('session.opened')
    expect(app.lines.join()).not.toContain(claim().memberHash)
  })

  it('BOOT-1 BOOT-3 is refused for a hash that this ConnectWise does not know', async () => {
    await isRefused(await post(claim({ memberHash: randomUUID() })))
    await isRefused(await post(claim({ memberid: 'jsmith' })))
  })

  it('BOOT-2 is refused for another company id, before ConnectWise is asked', async () => {
    const before = app.manage.requests.length
    await isRefused(await post(claim({ companyid: 'globex' })))
    expect(app.manage.requests.length).toBe(before)
  })

  it('BOOT-4 asks the stored host, whatever site the message names', async () => {
    const hosts = watchHosts()
    const body = claim({ site: 'https://evil.example', codeBase: 'https://evil.example/', ssoIdToken: 'token-7781' })
    expect((await post(body)).status).toBe(200)
    expect(new Set(hosts)).toEqual(new Set(['na.myconnectwise.net']))
    expect(app.lines.join()).not.toMatch(/evil|token-7781/)
  })

  it('BOOT-5 is refused for a member who has left', async () => {
    await isRefused(await post(claim({}, 'iformer')))
  })

  it.each([{}, { inactiveFlag: null }])('BOOT-5 is refused for a member of whom ConnectWise says %j', async (said) => {
    const body = { id: 5, identifier: 'ffin', firstName: 'Fay', lastName: 'Finch', ...said }
    app.manage.faults.add({ match: { path: /myMembers/ }, fault: status(200, { body }) })
    await isRefused(await post(claim()))
  })

  it('BOOT-6 is for those who have a role here or may read records there', async () => {
    const nobody = addMember(app.world, { identifier: 'nobody', firstName: 'No', lastName: 'Body' })
    for (const module of ['Companies > Company Maintenance', 'Finance > Agreements'] as const)
      setLevel(app.world, nobody.identifier, module, 'inquire', 'None')
    const answer = await post(claim({}, 'nobody'))
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('Ask an administrator of TrueUp for a role')
    expect(await app.deps.db.select().from(sessions)).toEqual([])
    await giveRole(app, 'nobody', 'finance')
    expect((await post(claim({}, 'nobody'))).status).toBe(200)
  })

  it('takes its role from the security role when the member has none of their own', async () => {
    const role = app.world.members.rows().find(({ identifier }) => identifier === 'ffin')?.securityRole.id
    await giveRole(app, String(role), 'admin', 'security-role')
    await post(claim())
    await post(claim({}, 'ttech'))
    const rows = await app.deps.db.select().from(sessions)
    expect(rows.map(({ member, role }) => [member, role])).toEqual([
      ['ffin', 'admin'],
      ['ttech', 'technician'],
    ])
    setLevel(app.world, 'TrueUp', 'System > Member Maintenance', 'inquire', 'None')
    await post(claim())
    expect((await app.deps.db.select().from(sessions)).map((session) => session.role)).toContain('technician')
  })

  it('BOOT-7 takes nothing that could end a cookie or a header', async () => {
    const before = app.manage.requests.length
    for (const member of [
      'ffin\r\nX: y',
      'ffin; memberId=jsmith',
      'ffin,x',
      'ffin"',
      'ffin\u0000',
      'ffin\u2028',
      '\ud800',
      '',
    ])
      expect((await post(claim({ memberid: member }))).status).toBe(400)
    for (const field of ['memberHash', 'memberContext', 'companyid'])
      for (const value of ['a\r\nb', 'a;b', 'x'.repeat(501), 7, null, { a: 1 }])
        expect((await post(claim({ [field]: value }))).status).toBe(400)
    for (const body of ['', '[]', 'null', '{', '{"__proto__":{}}']) expect((await post(body)).status).toBe(400)
    expect(app.manage.requests.length).toBe(before)
  })

  it('BOOT-8 is as good as ConnectWise says, also for a body of an hour ago', async () => {
    const body = claim()
    expect((await post(body)).status).toBe(200)
    app.clock.advance(3_600_000)
    expect((await post(body)).status).toBe(200)
    app.world.sessions.clear()
    app.clock.advance(3_600_000)
    expect((await post(body)).status).toBe(401)
    expect(app.lines.filter((line) => line.includes('session.refused')).length).toBe(1)
  })

  it.each([0, 400, 2_500])(
    'BOOT-10 is refused alike for an unknown tenant, when ConnectWise takes %s ms',
    async (ms) => {
      app.manage.faults.add({ fault: latency(ms) })
      const timed = async (change: object) => {
        const startedAt = app.clock.now()
        const answer = await post(claim(change))
        const text = await answer.text()
        const headers = [...answer.headers].filter(
          ([name]) => !['x-request-id', 'content-security-policy'].includes(name),
        )
        return { ms: app.clock.now() - startedAt, status: answer.status, text, headers }
      }
      const wrong = await timed({ memberHash: 'wrong' })
      expect(wrong.status).toBe(401)
      expect(await timed({ tenant: 'nowhere' })).toEqual(wrong)
      expect(await timed({ companyid: 'globex' })).toEqual(wrong)
      expect(await timed({ memberHash: 'wrong' })).toEqual(wrong)
    },
  )

  it('BOOT-11 BOOT-12 is opened by POST of JSON only', async () => {
    const got = await server.request('/session')
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST, DELETE'])
    for (const type of [
      'text/plain',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'text/plain; application/json',
    ])
      expect((await post(claim(), { 'content-type': type })).status).toBe(415)
    expect(await app.deps.db.select().from(sessions)).toEqual([])
  })

  it('is asked for in every form that ConnectWise may take, and then in the one it took', async () => {
    const fault = app.manage.faults.add({ match: { times: 2 }, fault: status(404, { body: '<html>Sign in</html>' }) })
    expect((await post(claim())).status).toBe(200)
    expect(fault.fired).toBe(2)
    const hosts = watchHosts()
    expect((await post(claim({}, 'ttech'))).status).toBe(200)
    expect(hosts[0]).toBe('api-na.myconnectwise.net')
  })

  it('says so when ConnectWise does not answer', async () => {
    app.manage.faults.add({ fault: hang('beforeCommit') })
    const answer = await post(claim())
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('ConnectWise does not answer')])
  })

  it('is over for everybody when the tenant is disconnected, and is not the same one when it is opened again', async () => {
    const { token, refresh } = (await (await post(claim())).json()) as { token: string; refresh: string }
    const jane = await signIn(app, { member: 'jsmith', role: 'admin' })
    expect((await jane.ask('POST', '/settings/disconnection')).status).toBe(200)
    const status = async () => (await server.request('/help', { headers: { authorization: `Bearer ${token}` } })).status
    expect(await status()).toBe(401)
    expect((await post(claim())).status).toBe(200)
    const typed = { ...defaultKeys, site: 'na.myconnectwise.net' }
    await app.clock.run(connect(app.deps, app.deps.testConnection, typed))
    expect([await status(), await renewSession(app.deps, refresh)]).toEqual([401, { outcome: 'refused' }])
    expect((await post(claim())).status).toBe(200)
  })
})
