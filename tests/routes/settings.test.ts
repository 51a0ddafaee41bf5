import { describe, expect, it } from 'vitest'
import { plainData } from '#billing/data.ts'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { listSchedules } from '#db/schedules.ts'
import { openSecret } from '#db/secrets.ts'
import { findSourceByToken, listSources } from '#db/sources.ts'
import { findTenant } from '#db/tenants.ts'
import { addProduct } from '../sandbox/manage/build.ts'
import { defaultKeys } from '../sandbox/manage/manage.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { signIn } from '../session/signed-in.ts'
import { type App, startApp } from '../start.ts'
import { eachStore, type Open } from '../stores.ts'

async function given(open: Open) {
  const app = await startApp(open, { observe: true })
  const { ask } = await signIn(app, { member: 'jsmith', role: 'admin' })
  const read = async (method: string, path: string, form?: Record<string, string>) => {
    const answer = await ask(method, path, form)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return { app, ask: read }
}

/** What the ledger holds of changed settings: what, and by whom. */
const changes = async ({ scope }: App) => {
  const rows = await listLedger(scope)
  expect(brokenAt(rows)).toBeUndefined()
  return rows
    .filter(({ event }) => event === 'set')
    .map(({ body }) => {
      const { what, member } = JSON.parse(body)
      return `${what} by ${member}`
    })
}

eachStore((open) => {
  describe('settings', () => {
    it('need role admin, and each page answers (K17, S15)', async () => {
      const { app, ask } = await given(open)
      const finance = await signIn(app, { member: 'ffin2', role: 'finance' })
      const pages = ['authentication', 'configuration', 'sources', 'schedule', 'approvals', 'roles', 'dictionary']
      for (const page of pages) {
        const own = await ask('GET', `/settings/${page}`)
        expect([page, own.status]).toEqual([page, 200])
        expect(own.text.toLowerCase()).toContain(`<h1 tabindex="-1">settings: ${page}`)
        expect((await finance.ask('GET', `/settings/${page}`)).status).toBe(403)
      }
      expect((await ask('GET', '/settings/dictionary')).text).toContain('Addition')
      await app.close()
    })

    it('tests and replaces keys, shows only their ends, and proves each right (K4–K7, K12)', async () => {
      const { app, ask } = await given(open)
      const fresh = { publicKey: 'pub2Qx81AbCd', privateKey: 'sEcr3tXy9Zq4', clientId: '' }
      app.world.keys.set(fresh.publicKey, { privateKey: fresh.privateKey, member: 'TrueUp' })
      const stored = await ask('POST', '/settings/authentication/tests', {
        publicKey: '',
        privateKey: '',
        clientId: '',
      })
      expect(stored.text).toContain('>Test is successful.<')
      const wrong = await ask('POST', '/settings/authentication', { ...fresh, privateKey: 'wr0ngKeyXy9Zq' })
      expect([wrong.status, wrong.headers.get('hx-retarget')]).toEqual([422, null])
      expect(wrong.text).toContain('>Test is not successful.<')
      expect(await openSecret(app.scope, app.deps.seal, 'privateKey')).toBe('priv')
      const saved = await ask('POST', '/settings/authentication', fresh)
      expect([saved.status, saved.headers.get('hx-retarget')]).toEqual([200, '#main'])
      expect(saved.text).toContain('Connected')
      expect(saved.text).toContain('ends in 9Zq4')
      expect(saved.text).toContain('Stored today')
      expect(saved.text + app.lines.join()).not.toMatch(/sEcr3t|wr0ngKey/)
      expect(await openSecret(app.scope, app.deps.seal, 'privateKey')).toBe(fresh.privateKey)
      setLevel(app.world, 'TrueUp', 'System > API Reports', 'inquire', 'None')
      setLevel(app.world, 'TrueUp', 'Procurement > Product Catalog', 'inquire', 'None')
      const rights = (await ask('GET', '/settings/authentication/rights')).text
      expect(rights).toMatch(/Finance › Agreements › Inquire All[\s\S]*?Proven now/)
      expect(rights).toMatch(/Procurement › Product Catalog › Inquire All[\s\S]*?Missing/)
      expect(rights).toMatch(/System › API Reports › Inquire All[\s\S]*?\(optional\)[\s\S]*?Not given/)
      expect(rights).toContain('Shows with the first write')
      expect(await changes(app)).toEqual(['keys by jsmith'])
      await app.close()
    })

    it('says where the four credentials come from and how their role and member are made (K2, K3, K18, K19)', async () => {
      const { app, ask } = await given(open)
      const page = (await ask('GET', '/settings/authentication')).text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
      for (const words of [
        'Site and company : as on the ConnectWise login page; also under System › My Company.',
        'System › Members › API Members › API Keys. The private key is shown once',
        'System › Security Roles and press +',
        'Member id TrueUp , member name TrueUp API , your contact e-mail',
        'API Keys, press +, describe the key, save, and copy both keys',
      ])
        expect(page).toContain(words)
      await app.close()
    })

    it('stand on pages of their own, apart from the mapping (S18)', async () => {
      const { app, ask } = await given(open)
      const hub = (await ask('GET', '/mappings')).text
      expect(hub).toMatch(/hx-get="\/settings\/\w+"/)
      const configuration = (await ask('GET', '/settings/configuration')).text
      expect(configuration).toContain('Save configuration')
      expect(hub).not.toContain('Save configuration')
      await app.close()
    })

    it('disconnects: the keys go, schedules stop, mappings and ConnectWise stay, other screens wait (K13, K15)', async () => {
      const { app, ask } = await given(open)
      expect((await ask('GET', '/settings/authentication')).text).toContain('No record in ConnectWise is removed')
      await ask('POST', '/runs', {})
      const sent = app.manage.requests.length
      expect((await ask('POST', '/settings/disconnection')).text).toContain('nothing in ConnectWise was removed')
      expect(app.manage.requests.slice(sent).filter(({ method }) => method !== 'GET')).toEqual([])
      await app.settled()
      await app.tick()
      expect(await openSecret(app.scope, app.deps.seal, 'privateKey')).toBeUndefined()
      expect(await listSchedules(app.scope)).toMatchObject([{ enabled: false }])
      expect(await findTenant(app.deps.db, 'acme')).toMatchObject({ state: 'disconnected' })
      expect(await listSources(app.scope)).toHaveLength(1)
      const again = await signIn(app, { member: 'jsmith' })
      const shown = async (path: string) => (await again.ask('GET', path)).text()
      for (const path of ['/dashboard', '/mappings', '/plans', '/runs', '/logs'])
        expect([path, await shown(path)]).toEqual([path, expect.stringContaining('ConnectWise is not connected.')])
      const { publicKey, privateKey } = defaultKeys
      await again.ask('POST', '/settings/authentication', { publicKey, privateKey, clientId: '' })
      expect(await shown('/dashboard')).not.toContain('ConnectWise is not connected.')
      expect(await findTenant(app.deps.db, 'acme')).toMatchObject({ state: 'connected' })
      expect(await changes(app)).toEqual(['connection by jsmith', 'keys by jsmith'])
      await app.close()
    })

    it('previews the next five times and runs exactly then; impossible times and zones are refused (S2, X12)', async () => {
      const { app, ask } = await given(open)
      const query = 'export=every-day&time=02%3A30&zone=Europe%2FBerlin'
      const preview = (await ask('GET', `/settings/schedule/times?${query}`)).text
      expect(preview.match(/2026-11-\d\d 02:30 Europe\/Berlin/g)).toHaveLength(5)
      expect(preview).toContain('2026-11-18 01:30 UTC')
      expect((await ask('GET', '/settings/schedule/times?export=on-demand&time=02%3A30&zone=UTC')).text).toContain(
        'No run starts by itself.',
      )
      const bad = await ask('POST', '/settings/schedule', { export: 'every-day', time: '25:00', zone: 'Mars/Olympus' })
      expect(bad.status).toBe(422)
      expect(bad.text).toMatch(/role="alert" tabindex="-1" data-refusal/)
      expect(bad.text).toContain('2 fields need a change')
      expect(bad.text).toContain('value="Mars/Olympus"')
      expect(await listSchedules(app.scope)).toMatchObject([{ pattern: '0 2 * * *', zone: 'UTC' }])
      const saved = await ask('POST', '/settings/schedule', {
        export: 'every-day',
        time: '02:30',
        zone: 'Europe/Berlin',
      })
      expect([saved.status, saved.text.includes('Schedule saved.')]).toEqual([200, true])
      const [schedule] = await listSchedules(app.scope)
      expect(schedule).toMatchObject({
        pattern: '30 2 * * *',
        zone: 'Europe/Berlin',
        enabled: true,
        lastDay: '2026-11-17',
      })
      await ask('POST', '/settings/schedule', { export: 'on-demand', time: '02:30', zone: 'Europe/Berlin' })
      expect(await listSchedules(app.scope)).toMatchObject([{ enabled: false }])
      expect(await changes(app)).toEqual(['schedule by jsmith', 'schedule by jsmith'])
      await app.close()
    })

    it('does not run a day again whose run was moved to a later time', async () => {
      const { app, ask } = await given(open)
      await ask('POST', '/settings/schedule', { export: 'every-day', time: '23:00', zone: 'UTC' })
      expect((await listSchedules(app.scope))[0]?.lastDay).toBe('2026-11-17')
      expect((await ask('GET', '/settings/schedule')).text).toContain('2026-11-18 23:00 UTC')
      await app.close()
    })

    it('keeps the guard’s numbers and the kill switch, on record (TRUST 5)', async () => {
      const { app, ask } = await given(open)
      const page = (await ask('GET', '/settings/approvals')).text
      expect(page).toContain('Default 20')
      const typed = {
        ...{ 'rise.units': '5', 'rise.percent': '20', 'fall.units': '2', 'fall.percent': '10', 'share.percent': '30' },
        ...{ 'share.from': '10', amount: '500', 'shrink.percent': '10', 'shrink.units': '2', costPercent: '10' },
        freezeHours: '24',
      }
      const bad = await ask('POST', '/settings/approvals', { ...typed, amount: '-1', freezeHours: '73' })
      expect(bad.status).toBe(422)
      expect(bad.text).toContain('value="-1"')
      await ask('POST', '/settings/approvals', typed)
      expect((await findTenant(app.deps.db, 'acme'))?.limits.freezeHours).toBe(24)
      expect((await ask('POST', '/settings/kill-switch', { stopped: 'on' })).text).toContain(
        'Stopped: nothing is written',
      )
      expect((await findTenant(app.deps.db, 'acme'))?.killSwitch).toBe(true)
      await ask('POST', '/settings/kill-switch', { stopped: 'off' })
      expect((await findTenant(app.deps.db, 'acme'))?.killSwitch).toBe(false)
      expect(await changes(app)).toEqual(['limits by jsmith', 'kill switch by jsmith', 'kill switch by jsmith'])
      await app.close()
    })

    it('adds a source with a token shown once, renews it, and keeps what is billed of it (S9, S11, S20)', async () => {
      const { app, ask } = await given(open)
      addProduct(app.world, { id: 512, identifier: 'SEC-USER' })
      const added = (await ask('POST', '/settings/sources', { name: 'Second' })).text
      const [token = ''] = /tus_[\w-]{43}/.exec(added) ?? []
      expect(added).toContain(`Authorization: Bearer ${token}`)
      const source = await findSourceByToken(app.deps.db, token)
      expect(source?.name).toBe('Second')
      expect((await ask('GET', '/settings/sources')).text).not.toContain('tus_')
      const taken = await ask('POST', '/settings/sources', { name: 'Second' })
      expect([taken.status, taken.text.includes('is taken')]).toEqual([422, true])
      const renewed = (await ask('POST', `/settings/sources/${source?.id}/token`)).text
      expect(await findSourceByToken(app.deps.db, token)).toBeUndefined()
      expect(await findSourceByToken(app.deps.db, /tus_[\w-]{43}/.exec(renewed)?.[0] ?? '')).toMatchObject({
        name: 'Second',
      })
      expect((await ask('POST', '/settings/sources/nobody/token')).status).toBe(404)

      const id = source?.id ?? ''
      const pick = (productId: string) => ask('POST', `/settings/sources/${id}/product`, { productId })
      const absent = await pick('999')
      expect([absent.status, absent.text.includes('Product 999 is not in the catalogue')]).toEqual([422, true])
      expect((await pick('512')).text).toContain('Saved for Second.')
      const fields = {
        ...{ 'name.src': 'Platform', 'billingPeriod.src': 'current', 'quantity.src': 'on', agreementType: '1' },
        ...{ [`name.${id}`]: 'Third', [`billingPeriod.${id}`]: 'previous', [`cost.${id}`]: 'on' },
      }
      const bad = await ask('POST', '/settings/configuration', { ...fields, 'name.src': '' })
      expect([bad.status, bad.text.includes('Platform, name: 1 to 100 visible characters')]).toEqual([422, true])
      expect(bad.text).toContain('value="Third"')
      const saved = await ask('POST', '/settings/configuration', fields)
      expect([saved.status, saved.text.includes('Configuration saved.')]).toEqual([200, true])
      expect(await listSources(app.scope)).toMatchObject([
        { name: 'Platform', productId: null, data: plainData },
        {
          name: 'Third',
          billingPeriod: 'previous',
          productId: 512,
          data: { ...plainData, quantity: false, cost: true },
        },
      ])
      await pick('')
      expect(await listSources(app.scope)).toMatchObject([{}, { productId: null }])
      expect((await findTenant(app.deps.db, 'acme'))?.defaultAgreementTypeId).toBe(1)
      const types = (await ask('GET', '/settings/agreement-types')).text
      expect(types).toContain('Security Awareness')
      expect(types).not.toContain('Break-fix (old)')
      await app.close()
    })
  })
})
