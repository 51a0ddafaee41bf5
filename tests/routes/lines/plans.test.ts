import { describe, expect, it } from 'vitest'
import { plainLineSettings } from '#billing/lines/settings.ts'
import { save } from '#db/db.ts'
import { listLogs } from '#db/logs.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { addCustomField } from '../../sandbox/manage/build.ts'
import { status } from '../../sandbox/manage/faults.ts'
import { emptyWorld, setLevel } from '../../sandbox/manage/world.ts'
import { signIn } from '../../session/signed-in.ts'
import { eachStore, type Open, onSqlite } from '../../stores.ts'
import { givenMarketplace, line, type Marketplace, mapAccount, sayLines } from '../../sync/lines/given.ts'
import { hideFrom } from '../mapping-given.ts'
import { wordsOf } from '../words.ts'

async function reader(app: Marketplace, role: 'technician' | 'finance') {
  const { ask } = await signIn(app, { member: role, role })
  return async (method: 'GET' | 'POST', path: string, form?: Record<string, string>) => {
    const answer = await ask(method, path, form)
    const html = await answer.text()
    return { status: answer.status, html, text: wordsOf(html) }
  }
}

const usage = (id: string) => line({ id, chargeType: 'UsageFee', subscriptionName: 'Storage', quantity: '2' })

const told = async ({ scope }: Marketplace) =>
  (await listLogs(scope, { since: 0, readable: 'all' }, { size: 50, number: 1 })).map(
    ({ level, text }) => `${level}: ${text}`,
  )

async function waiting(open: Open) {
  const app = await givenMarketplace(open)
  await sayLines(app, { 'A-17': [line({ id: 'L1' }), usage('L2')] })
  const { plan } = await app.sync()
  return { app, plan: plan ?? '' }
}

eachStore((open) => {
  it('a plan says of each line its days, invoice description, offer, month and the invoice it lands on (P20, P23)', async () => {
    const { app, plan } = await waiting(open)
    const finance = await reader(app, 'finance')
    const { text } = await finance('GET', `/plans/${plan}`)
    expect(text).toContain('Contoso Ltd Account A-17 New addition of')
    expect(text).toContain('first day from none → to 2026-11-03')
    expect(text).toContain('last day from none → to no end')
    expect(text).toContain('last day from none → to 2026-11-30')
    expect(text).toContain('invoice description from none → to Business Premium - CycleFee')
    expect(text).toContain('Platform: M365-BP, November 2026')
    expect(text).toContain('price from none → to 20')
    const technician = await reader(app, 'technician')
    expect((await technician('GET', `/plans/${plan}`)).text).not.toContain('price from')
    await app.close()
  })
})

onSqlite((open) => {
  describe('a run of invoice lines', () => {
    it('ends for each company in a word, and a refused line can be tried again (X7, X13, X21)', async () => {
      const app = await givenMarketplace(open)
      await sayLines(app, { 'A-17': [line({ id: 'L1' }), usage('L2')] })
      const fault = status(400, { body: { code: 'InvalidObject', message: 'The product is locked' } })
      app.manage.faults.add({ match: { method: 'POST', times: 1 }, fault })
      const { run, details } = await app.sync({ approveAs: 'ffin' })
      const finance = await reader(app, 'finance')
      const page = await finance('GET', `/runs/${run}`)
      expect(page.text).toMatch(/Contoso Ltd . Failed/)
      expect(page.text).toContain('The product is locked')
      expect(details.find(({ outcome }) => outcome === 'created')?.line).toMatchObject({
        period: '2026-11',
        days: { first: [null, '2026-11-03'] },
      })
      const retry = /name="line" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
      expect((await finance('POST', '/runs', { line: retry })).status).toBe(200)
      await app.settled()
      const rows = [...(await app.stored()).values()]
      expect(rows.map((row) => row.status)).toEqual(['synced', 'synced'])
      expect((await finance('GET', '/runs')).text).toContain('1 invoice line')
      expect((await finance('GET', '/dashboard')).text).toContain('Last run')
      await app.close()
    })

    it('is started from the pod of a company that is billed by lines alone (X2, X4)', async () => {
      const { app } = await waiting(open)
      const finance = await reader(app, 'finance')
      const pod = await finance('GET', '/companies/250')
      expect(pod.html).toContain('Push now')
      expect(pod.text).not.toContain('Nothing is mapped')
      expect(pod.text).toContain('2 held')
      const started = await finance('POST', '/runs', { company: '250' })
      expect(started.status).toBe(200)
      await app.settled()
      expect((await finance('GET', '/runs')).text).toContain('2 invoice lines')
      expect((await finance('POST', '/runs', { company: '999' })).status).toBeGreaterThanOrEqual(400)
      await app.close()
    })

    it('logs each refusal with its cause, and what is skipped once per reason (X8, X14)', async () => {
      const app = await givenMarketplace(open)
      await mapAccount(app, 'A-18', { companyId: 250, agreementId: 87, include: false })
      const unknown = ['L2', 'L3', 'L4'].map((id) => line({ id, offer: 'NEW' }))
      await sayLines(app, { 'A-17': [line({ id: 'L1' }), ...unknown], 'A-18': [line({ id: 'L9' })] })
      const fault = status(400, { body: { code: 'InvalidObject', message: 'The product is locked' } })
      app.manage.faults.add({ match: { method: 'POST', times: 1 }, fault })
      await app.sync({ approveAs: 'ffin' })
      const lines = await told(app)
      expect(lines.filter((text) => text.startsWith('error: Account A-17, Business Premium - CycleFee'))).toEqual([
        expect.stringContaining('The product is locked'),
      ])
      expect(lines.filter((text) => /skipped: .*unmapped/.test(text))).toHaveLength(1)
      expect(lines.filter((text) => /warning: .*excluded/.test(text))).toEqual([])
      await app.close()
    })

    it('tells nothing of lines that are held together to who may not read their company (8.2)', async () => {
      const app = await givenMarketplace(open)
      await sayLines(app, { 'A-17': ['L2', 'L3'].map((id) => line({ id, subscription: 'S-1' })) })
      const { plan, run } = await app.sync()
      const technician = await reader(app, 'technician')
      expect((await technician('GET', `/plans/${plan}`)).text).toContain('Account A-17')
      setLevel(app.world, 'technician', 'Companies > Company Maintenance', 'inquire', 'None')
      setLevel(app.world, 'technician', 'Finance > Agreements', 'inquire', 'None')
      app.clock.advance(6 * 60_000)
      for (const path of [`/plans/${plan}`, `/runs/${run}`, '/logs', '/dashboard'])
        expect((await technician('GET', path)).text, path).not.toContain('A-17')
      await app.close()
    })

    it('is not started for an account by who may not read the company its lines go to (8.2)', async () => {
      const app = await givenMarketplace(open)
      await sayLines(app, { 'A-17': [line({ id: 'L1' })] })
      hideFrom(app, 'finance', 'company', [250])
      const finance = await reader(app, 'finance')
      const answer = await finance('POST', '/runs', { source: 'src', account: 'A-17' })
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('a company that you cannot see')
      await app.close()
    })

    it('gives the addition the id of its line or subscription in the chosen custom field (M23)', async () => {
      const world = emptyWorld()
      addCustomField(world, { id: 44, caption: 'Line', screenId: 'AgreementAdditions' })
      const app = await givenMarketplace(open, { world })
      const crossReferences = { additionFieldId: 44, existing: false }
      await save(app.scope.db, [
        saveTenantSettings(app.scope, { lineSettings: { ...plainLineSettings, crossReferences } }),
      ])
      await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-77' }), usage('L2')] })
      await app.sync({ approveAs: 'ffin' })
      const values = [...world.additions.values()].map(({ customFields }) => customFields?.[0]?.value)
      expect(values.sort()).toEqual(['L2', 'S-77'])
      await app.close()
    })
  })
})
