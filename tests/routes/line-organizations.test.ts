import { describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listLines } from '#db/lines.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { addHttpSource } from '#sync/sources/http-sources.ts'
import { addLines } from '../lines-given.ts'
import { addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { onSqlite } from '../stores.ts'
import { line, sayLines } from '../sync/lines/given.ts'
import { givenGrid } from './mapping-given.ts'

/** Fabrikam, and a platform that told of O-1 and O-2 in November, and of O-3 in October. */
async function givenOrganizations(open: Parameters<typeof givenGrid>[0]) {
  const app = await givenGrid(open)
  const company = addCompany(app.world, { id: 300, identifier: 'Fabrikam', name: 'Fabrikam' })
  addAgreement(app.world, { id: 88, company, name: 'Cloud' })
  await save(app.scope.db, [saveTenantSettings(app.scope, { defaultAgreementTypeId: 1 })])
  app.clock.advance(60_000)
  await sayLines(app, { 'O-3': [line({ id: 'L-0' })] }, { period: '2026-10' })
  await sayLines(app, { 'O-1': [line({ id: 'L-1' }), line({ id: 'L-2' })], 'O-2': [line({ id: 'L-3' })] })
  const load = async (months: string) => {
    const answer = await app.finance.ask('POST', '/lines/loads', { source: 'src', months })
    return { status: answer.status, html: textIn(await answer.text()), trigger: answer.headers.get('HX-Trigger') }
  }
  const placed = async () => {
    const rows = await listLines(app.scope, { sourceId: 'src', period: '2026-11' })
    return Object.fromEntries(rows.map(({ line: id, mapping, lacks }) => [id, `${mapping}: ${lacks ?? ''}`]))
  }
  return { ...app, load, placed }
}

const textIn = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** The names of the accounts a list shows. */
const namesIn = (html: string): string[] => [...html.matchAll(/<b>Account ([^<]+)<\/b>/g)].map(([, name = '']) => name)

onSqlite((open) => {
  describe('organizations of invoice lines', () => {
    it('are listed while they have lines in the months looked at, excluded at first, and need no addition (M8, M10, M17, M29)', async () => {
      const app = await givenOrganizations(open)
      const { get, post, load, placed } = app
      expect(namesIn((await get('/mappings/accounts')).html)).toEqual([])
      expect((await load('both')).trigger).toBe('ended')
      expect(namesIn((await get('/mappings/accounts')).html)).toEqual(['O-1', 'O-2'])
      expect(namesIn((await get('/mappings/accounts?months=2')).html)).toEqual(['O-1', 'O-2', 'O-3'])
      const { html } = await get('/mappings/accounts?status=unmapped')
      expect(textIn(html)).toContain('Account O-1 Platform O-1 Copy the reference number of Account O-1 2 lines')
      expect(html).not.toMatch(/id="[^"]+-include" checked/)
      expect(await placed()).toMatchObject({ 'L-1': 'excluded: excluded', 'L-3': 'excluded: excluded' })

      const row = await post('/mappings/company', 'O-1', { company: '300' })
      expect(row.html).toContain('none: one new agreement of the default type')
      expect(row.html).not.toContain('Search additions and products')
      expect(namesIn((await get('/mappings/accounts?status=excluded')).html)).toEqual(['O-1'])
      await post('/mappings/include', 'O-1', { on: 'yes' })
      expect(namesIn((await get('/mappings/accounts?status=mapped')).html)).toEqual(['O-1'])
      await post('/mappings/agreement', 'O-1', { agreement: '88' })
      expect((await placed())['L-1']).toBe('unmapped: choose the product (Products)')
      expect((await post('/mappings/agreement', 'O-1', { agreement: '' })).html).toContain('No agreement is chosen.')

      await post('/mappings/company', 'O-2', { company: '300' })
      const shared = await post('/mappings/include', 'O-2', { on: 'yes' })
      expect(shared.html).toContain('each line names its agreement (Invoice lines)')
      const which = 'two accounts share this company: choose the agreement'
      expect((await placed())['L-1']).toBe(`unmapped: choose the product (Products); ${which}`)
      await post('/mappings/removal', 'O-2', {})
      await post('/mappings/removal', 'O-1', {})
      const asked = new URLSearchParams({ action: 'company', scope: 'ticked', chosen: '300' })
      for (const account of ['O-1', 'O-2']) asked.append('keys', JSON.stringify(['src', account]))
      const review = await (await app.finance.ask('POST', '/mappings/reviews', asked)).text()
      expect(textIn(review)).toContain('Map 2 accounts to Fabrikam?')
      const digest = /&quot;digest&quot;:&quot;([^&]+)&quot;/.exec(review)?.[1] ?? ''
      asked.append('digest', digest)
      const done = await (await app.finance.ask('POST', '/mappings/bulk', asked)).text()
      expect(textIn(done)).toContain('2 of 2 mapped to Fabrikam.')
      await post('/mappings/include', 'O-2', { on: 'no' })
      expect((await placed())['L-1']).toBe('unmapped: choose the product (Products)')
      await app.close()
    })
  })

  describe('products of offers', () => {
    it('are chosen for offers invoiced in the months looked at, the one of its cross reference first (M12, M13, M24, V19)', async () => {
      const app = await givenGrid(open)
      const { get, finance, world, scope } = app
      addProduct(world, { id: 600, identifier: 'MS-BP', integrationXRef: 'M365-BP' })
      addProduct(world, { id: 601, identifier: 'MS-BP-YEAR' })
      const offer = { offer: 'M365-BP', productId: null, mapping: 'unmapped' as const }
      await addLines(scope, [
        { line: 'L-1', ...offer, billingCycle: 'Monthly' },
        { line: 'L-2', ...offer, billingCycle: 'Annual', account: 'B/2' },
        { line: 'L-3', ...offer, billingCycle: 'Annual', status: 'synced' },
        { line: 'L-4', ...offer, offer: 'OLD', period: '2026-09' },
      ])
      await finance.ask('POST', '/mappings/listing', {})
      const { html } = await get('/mappings/products')
      const text = textIn(html)
      expect(text).toContain('M365-BP every billing cycle · Platform 2 3 lines November 2026')
      expect(text).toContain('M365-BP Annual · Platform 2 2 lines')
      expect(text).toContain('Suggested MS-BP')
      expect(text).not.toContain('OLD')
      expect(textIn((await get('/mappings/products?months=3')).html)).toContain('OLD every billing cycle')
      const options = (await get('/pickers/products?search=&offer=M365-BP')).html
      expect(options.indexOf('MS-BP')).toBeGreaterThan(0)
      expect(options.indexOf('MS-BP')).toBeLessThan(options.indexOf('SEC-USER'))

      const pick = async (product: string, term = '', seen = '') => {
        const form = { source: 'src', sku: 'M365-BP', term, seen, product }
        return textIn(await (await finance.ask('POST', '/mappings/products', form)).text())
      }
      const products = async () =>
        Object.fromEntries(
          (await listLines(scope, { sourceId: 'src', period: '2026-11' })).map((row) => [row.id, row.productId]),
        )
      expect(await pick('600')).toContain('Saved. 2 invoice lines follow at the next sync.')
      expect(await products()).toEqual({ 'L-1': 600, 'L-2': 600, 'L-3': null })
      await pick('601', 'Annual')
      expect(await products()).toEqual({ 'L-1': 600, 'L-2': 601, 'L-3': null })
      await pick('', '', '600')
      expect(await products()).toEqual({ 'L-1': null, 'L-2': 601, 'L-3': null })
      await app.close()
    })
  })

  describe('loading invoices', () => {
    it('loads what was sent of the current month, the previous one or both, and says when that was (X16, X17)', async () => {
      const app = await givenOrganizations(open)
      const { load, get, placed } = app
      expect(textIn((await get('/lines/loads')).html)).toContain('October 2026: sent 2026-11-17 12:01 , not loaded')
      expect((await load('current')).html).toContain('November 2026: sent 2026-11-17 12:01 , 3 lines loaded')
      expect(Object.keys(await placed())).toEqual(['L-1', 'L-2', 'L-3'])
      expect(await listLines(app.scope, { sourceId: 'src', period: '2026-10' })).toEqual([])
      expect((await load('previous')).html).toContain('October 2026: sent 2026-11-17 12:01 , 1 line loaded')
      expect((await app.finance.ask('POST', '/lines/loads', { source: 'other', months: 'both' })).status).toBe(404)
      await app.close()
    })

    it('asks a platform for each month after the answer, shows how far it is, and loads one month where the other fails (X17)', async () => {
      const asked: string[] = []
      const fetchSource = async ({ url }: Request) => {
        const [, period = ''] = /snapshots\/(\d{4}-\d\d)/.exec(url) ?? []
        asked.push(period)
        if (period === '2026-10') return new Response('', { status: 403 })
        const lines = [line({ id: 'H-1' }), line({ id: 'H-2' })]
        const accounts = [{ id: 'H', name: 'Account H', lines }]
        return Response.json({
          kind: 'invoice-lines',
          period,
          takenAt: '2026-11-17T12:00:00Z',
          complete: true,
          accounts,
        })
      }
      const app = await givenGrid(open, { env: { SOURCE_HOSTS: 'https://api.vendor.example' }, deps: { fetchSource } })
      const { scope, deps, finance, get } = app
      await save(scope.db, [saveTenantSettings(scope, { defaultAgreementTypeId: 1 })])
      const settings = { base: 'https://api.vendor.example/x', kind: 'invoice-lines' }
      const given = { name: 'Marketplace', settings, secret: 'a-long-enough-key', billingPeriod: 'both' as const }
      const source = await addHttpSource({ deps, scope, member: 'ffin' }, given)
      const load = async () => {
        const answer = await finance.ask('POST', '/lines/loads', { source, months: 'both' })
        return { status: answer.status, html: await answer.text() }
      }
      const begun = await load()
      expect(textIn(begun.html)).toContain(
        'Marketplace is asked · … loading October 2026: nothing sent, not loaded · waits',
      )
      expect(begun.html).toContain('every 2s')
      const again = await load()
      expect([again.status, textIn(again.html)]).toEqual([409, expect.stringContaining('is being loaded already')])
      await app.settled()
      expect(asked).toEqual(['2026-10', '2026-11'])
      const { html } = await get('/lines/loads')
      expect(textIn(html)).toMatch(
        /October 2026: nothing sent, not loaded · ✕ not loaded: .+ November 2026: sent .* 2 lines loaded/,
      )
      expect(html).not.toContain('every 2s')
      expect(await listLines(scope, { sourceId: source, period: '2026-11' })).toHaveLength(2)
      await app.close()
    })
  })
})
