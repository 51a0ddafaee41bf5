import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { listLedger } from '#db/ledger.ts'
import { listRoles } from '#db/roles.ts'
import { openSecret } from '#db/secrets.ts'
import { listSources } from '#db/sources.ts'
import { signIn } from '../session/signed-in.ts'
import { type App, startApp } from '../start.ts'
import { eachStore, type Open } from '../stores.ts'

async function given(open: Open) {
  const app = await startApp(open, { observe: true })
  const { ask } = await signIn(app, { member: 'jsmith', role: 'admin' })
  const read = async (method: string, path: string, form?: Record<string, string>) => {
    const answer = await ask(method, path, form)
    return { status: answer.status, text: await answer.text() }
  }
  return { app, ask: read }
}

const held = async ({ scope }: App) => (await listRoles(scope)).map(({ name, role }) => `${name} ${role}`)
const recorded = async ({ scope }: App) => (await listLedger(scope)).map(({ body }) => JSON.parse(body).what)

eachStore((open) => {
  it('roles are given and taken, and the last administrator stays (8.2)', async () => {
    const { app, ask } = await given(open)
    const admin = { subject: 'member', name: 'JSmith', role: 'admin' }
    expect((await ask('DELETE', '/settings/roles/member/jsmith')).text).toContain('is the only administrator')
    expect((await ask('POST', '/settings/roles', { ...admin, role: 'finance' })).status).toBe(422)
    const bad = await ask('POST', '/settings/roles', { subject: 'security-role', name: 'Admin', role: 'admin' })
    expect([bad.status, bad.text.includes('the number of a security role')]).toEqual([422, true])
    await ask('POST', '/settings/roles', { subject: 'security-role', name: '4', role: 'finance' })
    await ask('POST', '/settings/roles', { ...admin, name: 'BBoss' })
    expect(await held(app)).toEqual(['bboss admin', 'jsmith admin', '4 finance'])
    expect((await ask('DELETE', '/settings/roles/member/bboss')).status).toBe(200)
    const again = await ask('DELETE', '/settings/roles/member/bboss')
    expect([again.status, again.text.includes('Member bboss has no role here.')]).toEqual([404, true])
    expect(await held(app)).toEqual(['jsmith admin', '4 finance'])
    const names = ['Security role 4', 'Member BBoss', 'Member bboss']
    expect(await recorded(app)).toEqual(names.map((name) => `role of ${name}`))
    await app.close()
  })

  it('a security role that is administrator keeps no member from being the last one, as perhaps nobody holds it', async () => {
    const { app, ask } = await given(open)
    await ask('POST', '/settings/roles', { subject: 'security-role', name: '999', role: 'admin' })
    const demoted = await ask('POST', '/settings/roles', { subject: 'member', name: 'jsmith', role: 'finance' })
    expect([demoted.status, (await ask('DELETE', '/settings/roles/member/jsmith')).status]).toEqual([422, 422])
    expect((await ask('DELETE', '/settings/roles/security-role/999')).status).toBe(200)
    expect(await held(app)).toEqual(['jsmith admin'])
    await app.close()
  })

  it('nothing is saved that cannot be put on record', async () => {
    const { app, ask } = await given(open)
    const keys = { publicKey: 'pub2Qx81AbCd', privateKey: 'sEcr3tXy9Zq4', clientId: '' }
    app.world.keys.set(keys.publicKey, { privateKey: keys.privateKey, member: 'TrueUp' })
    await app.deps.db.run(sql`create trigger stop before insert on ledger begin select raise(abort, 'no'); end`)
    expect([
      (await ask('POST', '/settings/roles', { subject: 'member', name: 'bboss', role: 'admin' })).status,
      (await ask('POST', '/settings/sources', { name: 'Other' })).status,
      (await ask('POST', '/settings/authentication', keys)).status,
    ]).toEqual([500, 500, 500])
    expect(await held(app)).toEqual(['jsmith admin'])
    expect(await listSources(app.scope)).toHaveLength(1)
    expect(await openSecret(app.scope, app.deps.seal, 'privateKey')).toBe('priv')
    await app.close()
  })
})
