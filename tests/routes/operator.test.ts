import { describe, expect, it } from 'vitest'
import { listLedger } from '#db/ledger.ts'
import { addOperatorCode } from '#db/operator.ts'
import { listRoles } from '#db/roles.ts'
import { findTenant } from '#db/tenants.ts'
import { createApp } from '#server/app.ts'
import { createManage, defaultKeys } from '../sandbox/manage/manage.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, startApp } from '../start.ts'
import { eachStore, type Open } from '../stores.ts'

const origin = 'http://127.0.0.1:4600'

const typed = {
  site: 'na.myconnectwise.net',
  companyId: defaultKeys.companyId,
  publicKey: 'pub2Qx81Ab',
  privateKey: 'sEcr3tXy9Zq4',
  clientId: '',
}

/** A browser of the operator: keeps its cookie, sends forms as our pages do. */
function browser({ deps, clock }: App) {
  const server = createApp(deps)
  let cookie = ''
  return async (method: string, path: string, form?: Record<string, string>) => {
    const headers = {
      accept: 'text/html',
      ...(cookie ? { cookie } : {}),
      ...(method === 'GET' ? {} : { origin, 'sec-fetch-site': 'same-origin' }),
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    }
    const body = form ? { body: new URLSearchParams(form).toString() } : {}
    const answer = await clock.run(
      Promise.resolve(server.fetch(new Request(`${origin}${path}`, { method, headers, ...body }))),
    )
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
}

async function signedIn(open: Open) {
  const app = await startApp(open)
  app.manage.world.keys.set(typed.publicKey, { privateKey: typed.privateKey, member: 'TrueUp' })
  const ask = browser(app)
  await ask('POST', '/operator/session', { code: await addOperatorCode(app.deps.db, app.clock.now()) })
  return { app, ask }
}

eachStore((open) => {
  describe('the operator’s first visit', () => {
    it('needs the printed code, which works once and within the hour', async () => {
      const app = await startApp(open)
      const ask = browser(app)
      const { db } = app.deps
      expect((await ask('GET', '/operator')).text).toContain('One-time code')
      expect((await ask('GET', '/operator/tenants/acme')).status).toBe(401)
      expect((await ask('POST', '/operator/session', { code: 'wrong' })).status).toBe(422)
      const old = await addOperatorCode(db, app.clock.now() - 3_600_001)
      expect((await ask('POST', '/operator/session', { code: old })).status).toBe(422)
      const code = await addOperatorCode(db, app.clock.now())
      const answer = await ask('POST', '/operator/session', { code })
      expect([answer.status, answer.headers.get('hx-redirect')]).toEqual([204, '/operator'])
      expect(answer.headers.get('set-cookie')).toMatch(
        /^__Host-trueup-operator=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      )
      expect((await ask('GET', '/operator')).text).toContain('acme')
      expect((await browser(app)('POST', '/operator/session', { code })).status).toBe(422)
      await ask('DELETE', '/operator/session')
      expect((await ask('GET', '/operator')).text).toContain('One-time code')
      await app.close()
    })

    it('is tried ten times a minute from one address', async () => {
      const app = await startApp(open)
      const ask = browser(app)
      for (let n = 0; n < 10; n++)
        expect((await ask('POST', '/operator/session', { code: `wrong${n}` })).status).toBe(422)
      const code = await addOperatorCode(app.deps.db, app.clock.now())
      const stopped = await ask('POST', '/operator/session', { code })
      expect([stopped.status, stopped.headers.get('retry-after')]).toEqual([429, '60'])
      expect(stopped.text).toContain('try again in 60 seconds')
      app.clock.advance(60_000)
      expect((await ask('POST', '/operator/session', { code })).status).toBe(204)
      await app.close()
    })

    it('tests and stores a connection, says exactly how it went, and never shows a key (K1–K5, K12)', async () => {
      const { app, ask } = await signedIn(open)
      const test = await ask('POST', '/operator/tests', typed)
      expect(test.text).toContain('>Test is successful.<')
      const wrong = await ask('POST', '/operator/tenants', { ...typed, privateKey: 'wr0ngKeyXy9Zq' })
      expect([wrong.status, wrong.headers.get('hx-redirect')]).toEqual([422, null])
      expect(wrong.text).toContain('>Test is not successful.<')
      expect(wrong.text).toContain('does not accept the keys (401')
      setLevel(app.world, 'TrueUp', 'Procurement > Product Catalog', 'inquire', 'None')
      const lacking = await ask('POST', '/operator/tests', typed)
      expect(lacking.text).toContain('lacks Procurement › Product Catalog › Inquire All (for mapping to products)')
      setLevel(app.world, 'TrueUp', 'Procurement > Product Catalog', 'inquire', 'All')
      const before = await findTenant(app.deps.db, 'acme')
      const empty = await ask('POST', '/operator/tenants', { ...typed, site: '', clientId: 'mine' })
      expect(empty.status).toBe(422)
      expect(empty.text).toContain('Site: is needed')
      expect(empty.text).toContain('Client id: a GUID')
      const whole = await ask('POST', '/operator/tests', { ...typed, site: 'https://na.myconnectwise.net/v4_6/x' })
      expect(whole.text).toContain('Use na.myconnectwise.net, the host alone.')
      expect(await findTenant(app.deps.db, 'acme')).toEqual(before)

      const saved = await ask('POST', '/operator/tenants', typed)
      expect([saved.status, saved.headers.get('hx-redirect')]).toEqual([204, '/operator/tenants/acme'])
      expect(await findTenant(app.deps.db, 'acme')).toMatchObject({
        state: 'connected',
        version: 'v2025.8.92110',
        keysSavedAt: app.clock.now(),
      })
      const page = await ask('GET', '/operator/tenants/acme')
      expect(page.text).toContain('Connected')
      expect(page.text).toContain('every day at 02:00 UTC')
      expect(page.text + app.lines.join()).not.toMatch(/sEcr3t|wr0ngKey/)
      expect((await ask('GET', '/operator/tenants/nobody')).status).toBe(404)
      await app.close()
    })

    it('connects a second instance beside the first', async () => {
      const { app } = await signedIn(open)
      const beta = createManage({ clock: app.clock, world: emptyWorld(), companyId: 'Beta_Ltd' })
      app.manage.fetch = beta.fetch
      const ask = browser(app)
      await ask('POST', '/operator/session', { code: await addOperatorCode(app.deps.db, app.clock.now()) })
      const saved = await ask('POST', '/operator/tenants', { ...typed, ...defaultKeys, companyId: 'Beta_Ltd' })
      expect(saved.headers.get('hx-redirect')).toBe('/operator/tenants/beta-ltd')
      expect((await ask('GET', '/operator')).text).toMatch(/acme[\s\S]*Beta_Ltd/)
      await app.close()
    })

    it('names the first admin on record, and registers tabs and pods once', async () => {
      const { app, ask } = await signedIn(open)
      expect((await ask('GET', '/operator/tenants/acme')).text).toContain('Nobody is an administrator yet.')
      const bad = await ask('POST', '/operator/tenants/acme/admins', { member: 'j smith;' })
      expect(bad.status).toBe(422)
      expect(bad.text).toContain('value="j smith;"')
      expect((await ask('POST', '/operator/tenants/acme/admins', { member: 'JSmith' })).text).toContain('jsmith')
      expect(await listRoles(app.scope)).toMatchObject([{ subject: 'member', name: 'jsmith', role: 'admin' }])
      expect((await listLedger(app.scope)).map(({ event, body }) => [event, JSON.parse(body).to])).toEqual([
        ['set', 'admin'],
      ])
      const [first, second] = [
        await ask('POST', '/operator/tenants/acme/screens', {}),
        await ask('POST', '/operator/tenants/acme/screens', {}),
      ]
      expect(first.text.match(/Registered now/g)).toHaveLength(5)
      expect(second.text.match(/> Registered</g)).toHaveLength(5)
      expect(app.world.hostedSetups.rows()).toHaveLength(5)
      app.world.hostedSetups.clear()
      setLevel(app.world, 'TrueUp', 'System > Table Setup', 'add', 'None')
      const byHand = (await ask('POST', '/operator/tenants/acme/screens', {})).text
      expect(byHand.match(/To do by hand/g)).toHaveLength(5)
      const url = `${origin}/company?tenant=acme&amp;as=pod&amp;screen=[cw_screen]&amp;id=[cw_id]`
      for (const typed of ['Company, Pod', url, origin, '320']) expect(byHand).toContain(typed)
      await app.close()
    })
  })
})
