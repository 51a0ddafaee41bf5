import { afterEach, describe, expect, it } from 'vitest'
import { plainCreation } from '#billing/creation.ts'
import type { NewAgreement, NewCompany, NewContact, NewProduct } from '#billing/record.ts'
import { listCreations } from '#db/creations.ts'
import { save } from '#db/db.ts'
import { listLedger } from '#db/ledger.ts'
import { listMappings, saveMappings } from '#db/mappings.ts'
import { findTenant, saveTenantSettings } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { wantRecord, withdrawRecord } from '#sync/records/creations.ts'
import { killSwitchStatements } from '../given.ts'
import { addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { lateCommit, reset } from '../sandbox/manage/faults.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import type { World } from '../sandbox/manage/tables.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, type Options, startApp } from '../start.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { horizon, listOpen, live, posts } from './tools.ts'

const company: NewCompany = {
  ...{ record: 'company', identifier: 'NORTHWIND', name: 'Northwind Traders' },
  ...{ statusId: 1, typeId: 1, siteName: 'Main' },
}
const contactAt = (companyId: number): NewContact => ({
  ...{
    record: 'contact',
    companyId,
    firstName: 'Ann',
    lastName: 'Lee',
    email: 'ann@northwind.example',
    isDefault: true,
  },
})
const agreementAt = (companyId: number): NewAgreement => ({
  ...{ record: 'agreement', name: 'Managed Services', typeId: 1, companyId, startOn: '2026-11-01' },
})
const product: NewProduct = {
  ...{ record: 'product', identifier: 'M365-BP', description: 'Microsoft 365 Business Premium' },
  ...{ categoryId: 1, subcategoryId: 1, typeId: 1, unitOfMeasureId: 2, crossReference: 'M365-BP' },
}

/** A new customer of whom ConnectWise knows nothing: company, contact, agreement, product and line are to be made. */
async function givenNewCustomer(open: Open, options: Options = {}) {
  const app = await startApp(open, options)
  const want = (draft: Parameters<typeof wantRecord>[3]) => wantRecord(app.deps, app.scope, 'ann', draft)
  const companyId = (await want(company)).id
  await want(contactAt(companyId))
  const agreementId = (await want(agreementAt(companyId))).id
  const productId = (await want(product)).id
  await app.map({ account: 'A-17', companyId, agreementId, productId })
  await app.say({ 'A-17': 4 })
  return Object.assign(app, { ids: { companyId, agreementId, productId } })
}

const heldBy = ({ world }: App) => ({
  companies: world.companies.rows().map(({ identifier }) => identifier),
  contacts: world.contacts.rows().map(({ firstName }) => firstName),
  agreements: world.agreements.rows().map(({ name }) => name),
  products: world.products.rows().map(({ identifier }) => identifier),
  quantities: world.additions.rows().map(({ quantity }) => quantity),
})
const all = {
  ...{ companies: ['NORTHWIND'], contacts: ['Ann'], agreements: ['Managed Services'], products: ['M365-BP'] },
  quantities: [4],
}
const none = { companies: [], contacts: [], agreements: [], products: [], quantities: [] }

const to = (path: RegExp) => ({ match: { method: 'POST', path, times: 1 } })
const kinds = [
  ['company', /company\/companies$/],
  ['contact', /company\/contacts$/],
  ['agreement', /finance\/agreements$/],
  ['product', /procurement\/catalog$/],
] as const

eachStore((open) => {
  let app: Awaited<ReturnType<typeof givenNewCustomer>> | undefined
  afterEach(() => app?.close())
  const newCustomer = async (options: Options = {}) => {
    const made = await givenNewCustomer(open, options)
    app = made
    return made
  }

  it('M5 P18 S4 G12 makes company, contact, agreement, product and line in one plan that was approved once', async () => {
    const app = await newCustomer()
    const waiting = await app.sync()
    expect([waiting.state, waiting.changes.held, heldBy(app)]).toEqual(['held', 5, none])
    expect(posts(app)).toEqual([])
    const done = await app.sync({ approveAs: 'ann' })
    expect([done.state, heldBy(app)]).toEqual(['done', all])
    const [made] = app.world.companies.rows()
    const [mapping] = await listMappings(app.scope)
    expect(mapping).toMatchObject({ companyId: made?.id, agreementId: app.world.agreements.rows()[0]?.id })
    expect(mapping?.additionId).toBe(app.world.additions.rows()[0]?.id)
    expect([await listCreations(app.scope), await listOpen(app)]).toEqual([[], []])
    const again = await app.sync()
    expect([again.state, again.changes.unchanged, heldBy(app)]).toEqual(['done', 1, all])
    const told = (await listLedger(app.scope))
      .filter(({ event }) => event === 'made')
      .map(({ body }) => JSON.parse(body))
    expect(told.map(({ record }) => record).sort()).toEqual(['agreement', 'company', 'contact', 'product'])
  })

  it('I1 F22 makes no second company when the answer was lost or came late', async () => {
    const app = await newCustomer()
    await lateAnswer(app, kinds[0][1])
    expect(heldBy(app)).toEqual(all)
  })
})

/** The record lands two minutes after its answer was given up. */
async function lateAnswer(app: App, path: RegExp): Promise<void> {
  app.manage.faults.add({ ...to(path), fault: lateCommit(120_000) })
  await app.sync({ approveAs: 'ann' })
  await live(app, horizon + 120_000)
  expect(await listOpen(app)).toEqual([])
  await app.sync({ approveAs: 'ann' })
}

describe('records to be made, where something goes wrong', () => {
  let app: Awaited<ReturnType<typeof givenNewCustomer>> | undefined
  afterEach(() => app?.close())
  const newCustomer = async (options: Options = {}) => {
    const made = await givenNewCustomer(openMemory, options)
    app = made
    return made
  }

  it.each(kinds.slice(1))('I1 F22 makes no second %s when the answer was lost or came late', async (_, path) => {
    const app = await newCustomer()
    await lateAnswer(app, path)
    expect(heldBy(app)).toEqual(all)
  })

  it.each(kinds)('F20 sends the %s again when it never arrived', async (_, path) => {
    const app = await newCustomer()
    app.manage.faults.add({ ...to(path), fault: reset('beforeCommit') })
    await app.sync({ approveAs: 'ann' })
    await live(app, horizon + 120_000)
    await app.sync({ approveAs: 'ann' })
    expect([heldBy(app), await listOpen(app)]).toEqual([all, []])
  })

  it.each(kinds)('F1 goes on after a kill once the %s was sent', async (_, path) => {
    let killed = false
    const app = await newCustomer({
      deps: {
        at: (point) => {
          const isSent = app?.manage.requests.some((one) => one.method === 'POST' && path.test(one.path) && one.status)
          if (killed || point !== 'write.answered' || !isSent) return
          killed = true
          throw new Error('killed')
        },
      },
    })
    await expect(app.sync({ approveAs: 'ann' })).rejects.toThrow('killed')
    await live(app, horizon + 240_000)
    await app.sync({ approveAs: 'ann' })
    expect([killed, heldBy(app), await listOpen(app)]).toEqual([true, all, []])
  })

  it('4.5 fails the company ConnectWise refuses with its own words, and holds what needs it', async () => {
    const app = await newCustomer()
    app.world.companyStatuses.set(1, { ...named(1, 'Active'), disallowSavingFlag: true })
    const run = await app.sync({ approveAs: 'ann' })
    expect(heldBy(app)).toEqual({ ...none, products: ['M365-BP'] })
    expect(run.changes).toMatchObject({ failed: 1, created: 1, held: 3 })
    const reasons = run.details.map(({ outcome, reason }) => `${outcome}: ${reason}`).join('\n')
    expect(reasons).toMatch(/failed: .*cannot be saved/)
    expect(reasons).toMatch(/held: waits for the new company of A-17: .*cannot be saved/)
  })

  it('K12 names the right that is missing to make a company, and goes on billing', async () => {
    const app = await newCustomer()
    setLevel(app.world, 'TrueUp', 'Companies > Company Maintenance', 'add', 'None')
    const run = await app.sync({ approveAs: 'ann' })
    expect(run.details.map(({ reason }) => reason).join()).toContain('needs Companies › Company Maintenance › Add')
    expect((await findTenant(app.deps.db, app.scope.tenant))?.state).toBe('connected')
  })

  it('leaves a company that appeared since the plan to a person', async () => {
    const app = await newCustomer()
    await app.sync()
    addCompany(app.world, { id: 251, identifier: 'Northwind', name: 'Northwind Ltd' })
    const run = await app.sync({ approveAs: 'ann' })
    expect(app.world.companies.rows()).toHaveLength(1)
    expect(run.details.map(({ reason }) => reason).join()).toContain('company 251 (Northwind Ltd) is there now')
  })

  it('does not take somebody else\u2019s company for the one whose creation had no answer', async () => {
    const app = await newCustomer()
    app.manage.faults.add({ ...to(kinds[0][1]), fault: reset('beforeCommit') })
    await app.sync({ approveAs: 'ann' })
    addCompany(app.world, { id: 251, identifier: 'NORTHWIND', name: 'Another Northwind' })
    await live(app, horizon + 120_000)
    expect([await listOpen(app), app.world.companies.rows().length]).toEqual([[], 1])
    expect((await listMappings(app.scope))[0]?.companyId).toBe(app.ids.companyId)
  })

  it('M8 makes nothing for a mapping that is excluded, nor for a reading of zero', async () => {
    const app = await newCustomer()
    await app.say({ 'A-17': 0 })
    expect((await app.sync({ approveAs: 'ann' })).details.map(({ outcome }) => outcome)).not.toContain('created')
    const [mapping] = await listMappings(app.scope)
    if (mapping) await save(app.deps.db, saveMappings(app.scope, [{ ...mapping, include: false }]))
    await app.say({ 'A-17': 4 })
    await app.sync({ approveAs: 'ann' })
    expect(heldBy(app)).toEqual(none)
  })

  it('G24 makes nothing while the kill switch is on', async () => {
    const app = await newCustomer()
    await save(app.deps.db, killSwitchStatements(app, 'tenant', true))
    await app.sync({ approveAs: 'ann' })
    expect([heldBy(app), posts(app)]).toEqual([none, []])
  })

  it('I11 makes one of each when two runs start at once', async () => {
    const app = await newCustomer()
    await Promise.allSettled([app.sync({ approveAs: 'ann' }), app.sync({ approveAs: 'bob' })])
    await app.tick()
    await app.sync({ approveAs: 'ann' })
    expect(heldBy(app)).toEqual(all)
  })

  it('P13, 4.3: makes one agreement for two accounts, without asking where settings allow it, and none for a renamed type', async () => {
    const world = emptyWorld()
    const company = addCompany(world, { id: 250, identifier: 'Contoso' })
    addProduct(world, { id: 512 })
    const made = await givenAgreementWanted(world, company.id)
    const done = await made.sync()
    expect([done.state, done.changes.created, world.agreements.rows().length]).toEqual(['done', 2, 1])
    const [agreement] = world.agreements.rows()
    made.manage.edit(world.agreementTypes.get(1) ?? named(1, ''), { name: 'Renamed' })
    if (agreement) made.manage.edit(agreement, { name: 'Renamed as well' })
    const again = await wantRecord(made.deps, made.scope, 'ann', agreementAt(250))
    expect([again.state, again.madeId]).toEqual(['made', agreement?.id])
    expect([(await made.sync()).changes.unchanged, heldBy(made).quantities]).toEqual([1, [4]])
    await made.close()
  })

  it('makes one record for two plans that wait with it, whichever is approved first', async () => {
    const app = await newCustomer()
    const { companyId, agreementId } = app.ids
    addProduct(app.world, { id: 512 })
    await app.map({ account: 'B-1', companyId, agreementId, productId: 512 })
    await app.say({ 'A-17': 4, 'B-1': 3 })
    const first = await app.sync({ accounts: ['A-17'] })
    const second = await app.sync({ accounts: ['B-1'] })
    for (const { plan } of [second, first]) {
      await approvePlan(app.deps, app.scope, plan ?? '', { member: 'ann' })
      await app.tick()
    }
    expect(heldBy(app)).toEqual({ ...all, products: ['PRODUCT-512', 'M365-BP'], quantities: [3, 4] })
    expect(await listOpen(app)).toEqual([])
  })

  it('I1 makes one agreement that was wanted at a new company and, once it landed late, at the company itself', async () => {
    const app = await newCustomer()
    app.manage.faults.add({ ...to(kinds[0][1]), fault: lateCommit(120_000) })
    await app.sync({ approveAs: 'ann' })
    await live(app, 300_000)
    const landed = app.world.companies.rows()[0]?.id ?? 0
    await wantRecord(app.deps, app.scope, 'ann', contactAt(landed))
    const { id: agreementId } = await wantRecord(app.deps, app.scope, 'ann', agreementAt(landed))
    await app.map({ account: 'A-18', companyId: landed, agreementId, productId: app.ids.productId, leaveAlone: [] })
    await live(app, horizon)
    expect([await listOpen(app), (await listCreations(app.scope)).map(({ id }) => id)]).toEqual([
      [],
      [agreementId + 1, agreementId],
    ])
    await app.say({ 'A-17': 4, 'A-18': 3 })
    await app.sync({ approveAs: 'ann' })
    expect(heldBy(app)).toMatchObject({ companies: ['NORTHWIND'], contacts: ['Ann'], agreements: ['Managed Services'] })
    expect(app.world.additions.rows()).toHaveLength(1)
    expect(await listCreations(app.scope)).toEqual([])
  })

  it('I1 asks which one is meant when somebody made the same agreement while ours had no answer', async () => {
    const app = await newCustomer()
    app.manage.faults.add({ ...to(kinds[2][1]), fault: lateCommit(120_000) })
    await app.sync({ approveAs: 'ann' })
    const [company] = app.world.companies.rows()
    if (!company) throw new Error('the company was made')
    const same = { name: 'Managed Services', startDate: '2026-11-01T00:00:00Z', type: { id: 1, name: 'x' } }
    addAgreement(app.world, { company, ...same }, '2026-11-17')
    await live(app, horizon + 120_000)
    const run = await app.sync({ approveAs: 'ann' })
    expect([heldBy(app).agreements.length, heldBy(app).quantities]).toEqual([2, []])
    expect(run.details.map(({ reason }) => reason).join()).toMatch(
      /agreement \d+ .* and agreement \d+ .* are there now/,
    )
  })

  it('makes nothing that was withdrawn after the plan', async () => {
    const app = await newCustomer()
    const { plan } = await app.sync()
    await withdrawRecord(app.deps, app.scope, 'ann', app.ids.companyId)
    await expect(approvePlan(app.deps, app.scope, plan ?? '', { member: 'ann' })).rejects.toThrow(
      'was changed after plan',
    )
    await app.tick()
    expect(heldBy(app)).toEqual(none)
  })

  it('4.7 writes no money to a new agreement that bills in another currency than it was taken for', async () => {
    const app = await newCustomer()
    const [mapping] = await listMappings(app.scope)
    const rule = { write: ['quantity' as const, 'price' as const] }
    if (mapping) await save(app.deps.db, saveMappings(app.scope, [{ ...mapping, rule }]))
    await app.say({ 'A-17': 4 }, { money: { unitPrice: '5', currency: 'USD' } })
    app.world.currencies.set(1, { ...named(1, 'Euro'), currencyIdentifier: 'EUR', symbol: '€', numberOfDecimals: 2 })
    const run = await app.sync({ approveAs: 'ann' })
    expect(heldBy(app)).toEqual({ ...all, quantities: [] })
    expect(run.details.map(({ reason }) => reason).join()).toContain(
      'the new agreement bills in EUR, the source in USD',
    )
  })

  it('withdraws a company with all that was to be made at it, and what was mapped to it', async () => {
    const app = await newCustomer()
    await withdrawRecord(app.deps, app.scope, 'ann', app.ids.companyId)
    expect((await listCreations(app.scope)).map(({ record }) => record)).toEqual(['product'])
    expect(await listMappings(app.scope)).toEqual([])
    await app.sync({ approveAs: 'ann' })
    expect(heldBy(app)).toEqual(none)
    expect((await wantRecord(app.deps, app.scope, 'ann', company)).id).toBeLessThan(app.ids.productId)
  })
})

const named = (id: number, name: string) => ({
  id,
  name,
  _info: { lastUpdated: '2026-11-17T00:00:00Z', updatedBy: 'x' },
})

/** Two accounts of one company, both added up on one new agreement that settings allow without asking. */
async function givenAgreementWanted(world: World, companyId: number) {
  const app = await startApp(openMemory, { world })
  await save(app.deps.db, [saveTenantSettings(app.scope, { creation: { ...plainCreation, agreements: 'automatic' } })])
  const { id: agreementId } = await wantRecord(app.deps, app.scope, 'ann', agreementAt(companyId))
  await app.map({ account: 'A-17', companyId, agreementId, productId: 512 })
  await app.map({ account: 'B-1', companyId, agreementId, productId: 512 })
  await app.say({ 'A-17': 3, 'B-1': 1 })
  return app
}
