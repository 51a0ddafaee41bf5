import { describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listLedger } from '#db/ledger.ts'
import { listLines } from '#db/lines.ts'
import { listMappings, parkMapping } from '#db/mappings.ts'
import { givenContoso } from '../given.ts'
import { addLines } from '../lines-given.ts'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { reset } from '../sandbox/manage/faults.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, startApp } from '../start.ts'
import { type Open, onSqlite } from '../stores.ts'
import { typer } from './given.ts'
import { row } from './mapping-row.ts'

/** Contoso with additions 301 (product 512), 302 (513) and 303 (512, ended), and Fabrikam (251) beside it. */
async function givenFile(open: Open) {
  const world = emptyWorld()
  const seat = addProduct(world, { id: 512, identifier: 'SEAT' })
  const backup = addProduct(world, { id: 513, identifier: 'BACKUP' })
  addProduct(world, { id: 514, identifier: 'OLD', inactiveFlag: true })
  addProduct(world, { id: 515, identifier: 'PACK', productClass: 'Bundle' })
  const company = addCompany(world, { id: 250, identifier: 'Contoso', name: 'Contoso Ltd' })
  addCompany(world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam Inc' })
  addCompany(world, { id: 252, identifier: 'Gone', name: 'Gone Ltd', deletedFlag: true })
  const agreement = addAgreement(world, { id: 87, company, startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  addAddition(world, { id: 301, agreement, product: seat, quantity: 10 })
  addAddition(world, { id: 302, agreement, product: backup, quantity: 5 })
  addAddition(world, { id: 303, agreement, product: seat, quantity: 5, cancelledDate: '2026-10-31' })
  const app = await startApp(open, { world })
  const type = typer(app)
  const load = (rows: unknown) =>
    type('mappings import --tenant acme --json', { input: typeof rows === 'string' ? rows : JSON.stringify(rows) })
  const exported = async () => (await type('mappings export --tenant acme')).out
  return { app, type, load, exported }
}

const placesOf = (answer: { error: { places: { path: string; message: string }[] } }) =>
  answer.error.places.map(({ path, message }) => `${path}: ${message}`)

onSqlite((open) => {
  describe('trueup mappings import', () => {
    it('stores what the file says, and its first write needs no hold', async () => {
      const { app, load } = await givenFile(open)
      const { exit, json } = await load([
        row(),
        row({ account: 'B-2', addition: 302, rule: { minimum: 3, prorate: false } }),
      ])
      expect({ exit, answer: json() }).toEqual({
        exit: 0,
        answer: { tenant: 'acme', added: 2, changed: 0, unchanged: 0 },
      })
      await app.say({ 'A-17': 12, 'B-2': 1 })
      const summary = await app.sync()
      expect(summary.state).toBe('done')
      expect(summary.details).toMatchObject([
        { account: 'A-17', addition: 301, outcome: 'updated', fields: { quantity: [10, 12] } },
        { account: 'B-2', addition: 302, fields: { quantity: [5, 3] } },
      ])
      await app.close()
    })

    it('places invoice lines by offer, charge type and subscription, and gives their account its company (V23)', async () => {
      const { app, load, exported } = await givenFile(open)
      const place = { mapping: 'unmapped' as const, companyId: null, placedAgreementId: null, productId: null }
      await addLines(app.scope, [
        { line: 'L-1', account: 'O-1', chargeType: 'CycleFee', offer: 'M365', subscription: 'S-1', ...place },
        { line: 'L-2', account: 'O-1', chargeType: 'CycleFee', offer: 'M365', subscription: 'S-2', ...place },
        { line: 'L-3', account: 'O-1', chargeType: 'UsageFee', offer: 'M365', ...place },
      ])
      const lines = (reads: object, target: object) => row({ account: 'O-1', reads, addition: undefined, ...target })
      const cycle = { offer: 'M365', chargeType: 'CycleFee' }
      const file = [
        lines(cycle, { product: 513, leaveAlone: [302] }),
        lines({ ...cycle, subscription: 'S-1' }, { addition: 301 }),
      ]
      expect((await load(file)).json()).toMatchObject({ added: 2 })
      const placed = await listLines(app.scope, { ids: ['L-1', 'L-2', 'L-3'] })
      expect(placed).toMatchObject([
        { mapping: 'mapped', companyId: 250, placedAgreementId: 87, productId: 512, placedAdditionId: 301 },
        { mapping: 'mapped', placedAgreementId: 87, productId: 513, placedAdditionId: null, leaveAlone: [302] },
        { mapping: 'unmapped', companyId: 250, productId: null },
      ])
      const before = await exported()
      expect((await load(before)).json()).toMatchObject({ added: 0, changed: 0, unchanged: 2 })
      expect(await exported()).toBe(before)
      expect(JSON.parse(before)).toMatchObject([{ reads: cycle }, { reads: { ...cycle, subscription: 'S-1' } }])
      await app.say({ 'O-1': 3 })
      expect((await app.sync()).changes).toMatchObject({ created: 0, updated: 0 })
      await app.close()
    })

    it('refuses offers beside numbers, rules for lines, and lines that two rows place', async () => {
      const { app, load } = await givenFile(open)
      const cycle = { offer: 'M365', chargeType: 'CycleFee' }
      const { exit, json } = await load([
        row(),
        row({ reads: [cycle, { metric: 'users' }] }),
        row({ reads: { offer: 'M365' }, addition: 302 }),
        row({ reads: cycle, addition: 302, rule: { prorate: true } }),
        row({ account: 'O-1', reads: cycle }),
        row({ account: 'O-1', reads: cycle, addition: 302 }),
      ])
      expect(exit).toBe(1)
      expect(placesOf(json())).toEqual([
        'row 2: reads: offers cannot be summed with metrics or SKUs: invoice lines are posted one by one',
        expect.stringMatching(/^row 3: reads\[0\]: must name a metric, .* or an offer with its chargeType/),
        'row 4: rule: prorate is for numbers: invoice lines are posted as they are, so a rule may only hold write',
        'row 5: addition: is written by row 1 too: it stands for invoice lines or for numbers, not for both',
        'row 6: reads: CycleFee lines of M365 are placed by row 5 too',
      ])
      await app.close()
    })

    it('excludes what does not say include', async () => {
      const { app, load } = await givenFile(open)
      await load({ mappings: [row({ include: undefined })] })
      expect(await listMappings(app.scope)).toMatchObject([{ include: false }])
      await app.close()
    })

    it('holds a changed rule once, and keeps who the mapping is', async () => {
      const { app, load } = await givenFile(open)
      await load([row()])
      const [before] = await listMappings(app.scope)
      app.clock.advance(60_000)
      expect((await load([row({ rule: { included: 1 } })])).json()).toMatchObject({ added: 0, changed: 1 })
      const [after] = await listMappings(app.scope)
      expect(after).toMatchObject({
        id: before?.id,
        createdAt: before?.createdAt,
        confirmedRule: before?.confirmedRule,
      })
      await app.say({ 'A-17': 12 })
      expect((await app.sync()).details[0]?.reason).toContain('G8')
      await app.close()
    })

    it('takes a mapping out of parking', async () => {
      const { app, load } = await givenFile(open)
      await load([row()])
      const [before] = await listMappings(app.scope)
      await save(app.deps.db, [parkMapping(app.scope, before?.id ?? '', 'was deleted', 1)])
      expect((await load([row()])).json()).toMatchObject({ changed: 1 })
      expect(await listMappings(app.scope)).toMatchObject([
        { id: before?.id, parkedReason: null, parkedAt: null, additionId: 301 },
      ])
      await app.close()
    })

    it('holds what a product is written to anew after its addition was deleted', async () => {
      const { app, load } = await givenFile(open)
      const byProduct = row({ addition: undefined, product: 512 })
      await load([byProduct])
      await app.say({ 'A-17': 12 })
      await app.sync()
      expect(await listMappings(app.scope)).toMatchObject([{ additionId: 301, targetKey: 'product:512' }])
      app.world.additions.delete(301)
      await app.say({ 'A-17': 13 })
      await app.sync()
      expect(await listMappings(app.scope)).toMatchObject([{ parkedReason: 'addition 301 was deleted in ConnectWise' }])
      await load([byProduct])
      const { details } = await app.sync()
      expect(details).toMatchObject([{ change: 'create', outcome: 'held', reason: expect.stringContaining('G6') }])
      await app.close()
    })

    it('records what it changed in the ledger, and nothing when nothing changed', async () => {
      const { app, load } = await givenFile(open)
      await load([row()])
      expect((await load([row()])).json()).toEqual({ tenant: 'acme', added: 0, changed: 0, unchanged: 1 })
      const entries = (await listLedger(app.scope)).filter(({ event }) => event === 'imported')
      expect(entries).toHaveLength(1)
      expect(JSON.parse(entries[0]?.body ?? '')).toMatchObject({ added: 1, rows: [{ account: 'A-17', addition: 301 }] })
      await app.close()
    })

    it('names every bad row with its place and stores nothing', async () => {
      const { app, load } = await givenFile(open)
      const { exit, json } = await load([
        row(),
        row({ addition: undefined }),
        row({ source: 'nowhere', account: 'C' }),
        row({ account: 'D', company: 999 }),
        row({ account: 'E', company: 251 }),
        row({ account: 'F', company: 252 }),
        row({ account: 'G', agreement: 999 }),
        row({ account: 'H', addition: 999 }),
        row({ account: 'I', addition: 303 }),
        row({ account: 'J', addition: 302, product: 512 }),
        row({ account: 'K', addition: undefined, product: 999 }),
        row({ account: 'L', addition: undefined, product: 514 }),
        row({ account: 'M', addition: undefined, product: 515 }),
        row({ account: 'N', rule: { above: 10 } }),
        row(),
      ])
      expect(exit).toBe(1)
      expect(json().error.message).toBe('14 rows are not valid; nothing was imported.')
      expect(placesOf(json())).toEqual([
        'row 2: addition: is missing: name an addition, or a product whose addition is adopted or made',
        'row 3: source: there is no source nowhere; there is Platform',
        'row 4: company: company 999 does not exist in ConnectWise',
        'row 4: agreement: agreement 87 belongs to company 250 (Contoso Ltd), not 999',
        'row 5: agreement: agreement 87 belongs to company 250 (Contoso Ltd), not 251',
        'row 6: company: company 252 (Gone Ltd) was deleted in ConnectWise',
        'row 6: agreement: agreement 87 belongs to company 250 (Contoso Ltd), not 252',
        'row 7: agreement: agreement 999 does not exist in ConnectWise',
        'row 8: addition: addition 999 does not exist on agreement 87',
        'row 9: addition: addition 303 ended on 2026-10-31 in ConnectWise',
        'row 10: addition: addition 302 is of product 513, not 512',
        'row 11: product: product 999 does not exist in the catalogue',
        'row 12: product: product 514 (OLD) is inactive',
        'row 13: product: product 515 (PACK) is a bundle, which no addition can hold',
        'row 14: rule: differs from the rule of row 1 for the same addition 301',
        'row 15: is the same mapping as row 1',
      ])
      expect(await listMappings(app.scope)).toEqual([])
      expect(await listLedger(app.scope)).toEqual([])
      await app.close()
    })

    it('V12: refuses what one account would count twice on one addition', async () => {
      const { app, load } = await givenFile(open)
      await load([row()])
      const { json } = await load([row({ reads: { metric: 'users', services: ['training'] } })])
      expect(placesOf(json())).toEqual([
        'row 1: reads: users is read twice, so some of it would be counted twice: another mapping of the account writes to this addition 301',
      ])
      expect((await load([row({ reads: { metric: 'admins' } })])).json()).toMatchObject({ added: 1 })
      await app.close()
    })

    it('compares rules with mappings that are not in the file', async () => {
      const { app, load } = await givenFile(open)
      await load([row()])
      const { json } = await load([row({ account: 'B-2', rule: { above: 10 } })])
      expect(placesOf(json())).toEqual([
        'row 1: rule: differs from the rule of the mapping of account A-17 for the same addition 301',
      ])
      await app.close()
    })

    it('compares the rules of mappings that one product will be found for', async () => {
      const { app, load } = await givenFile(open)
      const product = { addition: undefined, product: 513 }
      const { json } = await load([row(product), row({ ...product, account: 'B-2', rule: { above: 10 } })])
      expect(placesOf(json())).toEqual([
        'row 2: rule: differs from the rule of row 1 for the same product 513 of agreement 87',
      ])
      await load([row(product)])
      await app.say({ 'A-17': 6 })
      await app.sync()
      const later = await load([row({ addition: 302, account: 'B-2', rule: { above: 10 } })])
      expect(placesOf(later.json())).toEqual([
        'row 1: rule: differs from the rule of the mapping of account A-17 for the same addition 302',
      ])
      await app.close()
    })

    it('stores nothing when ConnectWise cannot be asked', async () => {
      const { app, load } = await givenFile(open)
      app.manage.faults.add({ fault: reset('beforeCommit') })
      const { exit, json } = await load([row()])
      expect({ exit, kind: json().error.kind }).toEqual({ exit: 1, kind: 'unreachable' })
      expect(await listMappings(app.scope)).toEqual([])
      await app.close()
    })
  })

  describe('trueup mappings export', () => {
    it('V23 S3 V12: writes what importing leaves as it is, byte for byte', async () => {
      const { app, load, exported } = await givenFile(open)
      await load([
        row({
          reads: [
            { metric: 'users', services: ['training'] },
            { sku: 'M365', term: 'P1M', subscription: 's-1' },
          ],
        }),
        row({ account: 'Ünï "x" & y', addition: undefined, product: 513, leaveAlone: [302], include: false }),
        row({
          account: 'B',
          addition: 302,
          product: 513,
          rule: { write: ['cost', 'quantity'], prorate: true, packSize: 0.5, rounding: 'down' },
        }),
        row({
          account: 'C',
          addition: undefined,
          product: 512,
          rule: { writeFrom: 'source', exclude: ['svc-*', '*@x.example'] },
        }),
      ])
      const before = await exported()
      const stored = await listMappings(app.scope)
      app.clock.advance(60_000)
      expect((await load(before)).json()).toEqual({ tenant: 'acme', added: 0, changed: 0, unchanged: 4 })
      expect(await exported()).toBe(before)
      expect(await listMappings(app.scope)).toEqual(stored)
      await app.close()
    })

    it('names the product, not the addition it was found as', async () => {
      const { app, load, exported } = await givenFile(open)
      await load([row({ addition: undefined, product: 512 })])
      await app.say({ 'A-17': 12 })
      await app.sync()
      expect(await listMappings(app.scope)).toMatchObject([{ additionId: 301 }])
      const before = await exported()
      expect(JSON.parse(before)).toEqual([expect.not.objectContaining({ addition: 301 })])
      expect((await load(before)).json()).toMatchObject({ unchanged: 1 })
      expect(await listMappings(app.scope)).toMatchObject([{ additionId: 301 }])
      await app.close()
    })

    it('writes an empty list when there is none', async () => {
      const { app, exported } = await givenFile(open)
      expect(await exported()).toBe('[]\n')
      await app.close()
    })

    it('shows mappings made elsewhere in the same words', async () => {
      const app: App = await givenContoso(open, 10)
      const { out } = await typer(app)('mappings export --tenant acme')
      expect(JSON.parse(out)).toEqual([{ ...row(), rule: { write: ['quantity'] } }])
      await app.close()
    })
  })
})
