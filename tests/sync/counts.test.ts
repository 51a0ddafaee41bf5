import { afterEach, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { addSource, findSourceByToken } from '#db/sources.ts'
import { givenContoso, givenNewLine, quantities } from '../given.ts'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import type { App } from '../start.ts'
import { eachStore, type Open, onSqlite } from '../stores.ts'

const writes = ({ manage }: App) => manage.requests.filter(({ method }) => method !== 'GET')

let app: App | undefined
afterEach(() => app?.close())
const contosoOn =
  (open: Open) =>
  async (...given: Parameters<typeof givenContoso> extends [unknown, ...infer Rest] ? Rest : never) => {
    const made = await givenContoso(open, ...given)
    app = made
    return made
  }

/** What is billed is decided the same whatever the store. */
onSqlite((open) => {
  const contoso = contosoOn(open)

  it('P20: sends the quantity alone, so prices, costs and texts stay as people set them (S11)', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 12 }, { money: { unitCost: '2.10', unitPrice: '4.00', currency: 'USD' } })
    await app.sync()
    expect(writes(app).map(({ body }) => body)).toEqual([[{ op: 'replace', path: 'quantity', value: 12 }]])
    expect(app.world.additions.get(301)).toMatchObject({ unitPrice: 10, unitCost: 4 })
  })

  it('P19, P20: only the mapped addition is written; no invoice, quote or ticket, whatever day it is (X3)', async () => {
    const app = await contoso(10, { at: '2026-11-30T23:00:00Z' })
    addAddition(app.world, { id: 302, agreement: 87, product: addProduct(app.world, { id: 513 }), quantity: 4 })
    let users = 10
    for (const day of ['2026-12-01', '2026-12-15', '2026-12-31', '2027-02-28']) {
      app.clock.set(Date.parse(`${day}T12:00:00Z`))
      await app.say({ 'A-17': ++users })
      expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
      expect(app.held()[0]).toEqual({ id: 301, quantity: users })
    }
    expect(new Set(writes(app).map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(['PATCH /finance/agreements/87/additions/301']),
    )
    expect(app.world.additions.get(302)?.quantity).toBe(4)
    expect([...app.world.invoices.values()]).toEqual([])
  })

  it('M20, E3: a renamed product and agreement change nothing', async () => {
    const app = await contoso(15)
    await app.say({ 'A-17': 15 })
    await app.sync()
    app.manage.edit(app.agreement, { name: 'Something else' })
    const product = app.world.products.get(512)
    if (product) app.manage.edit(product, { identifier: 'RENAMED', description: 'Renamed' })
    await app.say({ 'A-17': 16 })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    expect(app.held()).toEqual([{ id: 301, quantity: 16 }])
  })

  it('E7: an addition that a person ended parks the mapping with the day', async () => {
    const app = await contoso(15)
    app.manage.edit(app.addition, { cancelledDate: '2026-10-31T00:00:00Z' })
    await app.say({ 'A-17': 16 })
    const run = await app.sync()
    expect(run.details[0]?.reason).toBe('parked: ended on 2026-10-31 in ConnectWise')
    expect(writes(app)).toEqual([])
  })

  it('E1: two ongoing additions of the product are a question that names both, and nothing is written', async () => {
    const app = await contoso(10)
    addAddition(app.world, { id: 302, agreement: 87, product: 512, quantity: 5, unitPrice: 10 })
    await app.say({ 'A-17': 16 })
    const run = await app.sync({ approveAs: 'Fay' })
    expect(run).toMatchObject({ state: 'held', changes: { held: 1, updated: 0 } })
    expect(run.details[0]?.reason).toContain('301 with 10 at 10')
    expect(run.details[0]?.reason).toContain('302 with 5 at 10')
    expect(app.held()).toEqual([
      { id: 301, quantity: 10 },
      { id: 302, quantity: 5 },
    ])
  })

  it('E1: split by maximum and above, the two additions together hold the count', async () => {
    const app = await contoso(10)
    addAddition(app.world, { id: 302, agreement: 87, product: 512, quantity: 5 })
    await app.map({
      account: 'C-1',
      agreementId: 87,
      additionId: 302,
      rule: { write: ['quantity'], above: '10' },
    })
    await app.say({ 'A-17': 10, 'C-1': 16 })
    await app.sync()
    expect(app.held()).toEqual([
      { id: 301, quantity: 10 },
      { id: 302, quantity: 6 },
    ])
  })

  it('4.15: the one ongoing addition of the product is adopted, not doubled', async () => {
    const made = await givenNewLine(open)
    app = made
    addAddition(made.world, { id: 400, agreement: 87, product: 512, quantity: 3 })
    await made.say({ 'A-17': 4 })
    expect(await made.sync()).toMatchObject({ state: 'done', changes: { updated: 1, created: 0 } })
    expect(made.held()).toEqual([{ id: 400, quantity: 4 }])
  })

  it('4.9: two accounts of one addition are added together', async () => {
    const app = await contoso(10)
    await app.map({ account: 'A-18', agreementId: 87, additionId: 301 })
    await app.say({ 'A-17': 7, 'A-18': 5 })
    expect(await app.sync()).toMatchObject({ changes: { updated: 1 } })
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })

  it('4.10: one unknown part makes the whole sum unknown', async () => {
    const app = await contoso(10)
    await app.map({ account: 'A-18', agreementId: 87, additionId: 301 })
    await app.say({ 'A-17': 12 })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'held', changes: { skipped: 1 } })
    expect(run.details[0]?.reason).toContain('account A-18 is not in the snapshot')
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
  })

  it('V12: people are counted by service, each once', async () => {
    const app = await contoso(1)
    await app.map({ ...app.mapping, reads: [{ metric: 'users', services: ['mail', 'training'] }] })
    const users = [
      { id: 'a', services: ['mail', 'training'] },
      { id: 'b', services: ['mail'] },
      { id: 'c', services: ['backup'] },
    ]
    await app.say({ 'A-17': { users } })
    await app.sync()
    expect(app.held()).toEqual([{ id: 301, quantity: 2 }])
  })

  describe('V2: with 15 last written', () => {
    const given = async () => {
      const made = await contoso(14)
      await made.say({ 'A-17': 15 })
      await made.sync()
      made.manage.requests.length = 0
      made.clock.advance(3_600_000)
      return made
    }

    it.each([
      ['an absent account', { other: 3 }, {}, 'is not in the snapshot'],
      ['an empty snapshot', {}, {}, 'source returned nothing'],
      ['a partial snapshot with less', { 'A-17': 3 }, { complete: false }, 'a partial one never lowers'],
      ['a metric that is missing', { 'A-17': { devices: 3 } }, {}, 'metric users is missing'],
    ])('%s leaves 15 and waits with its reason', async (_, said, how, reason) => {
      const app = await given()
      await app.say(said, how)
      const run = await app.sync()
      expect(run.state).toBe('held')
      expect(run.details.find(({ account }) => account === 'A-17')?.reason).toContain(reason)
      expect(writes(app)).toEqual([])
      expect(app.held()).toEqual([{ id: 301, quantity: 15 }])
    })

    it('a snapshot of another period is kept and not written', async () => {
      const app = await given()
      app.clock.set(Date.parse('2026-12-01T02:00:00Z'))
      await app.say({ 'A-17': 3 }, { period: '2026-11' })
      const run = await app.sync()
      expect(run.details[0]?.reason).toBe('stale: no reading stored for December 2026; the newest is of November 2026')
      expect(app.held()).toEqual([{ id: 301, quantity: 15 }])
    })

    it('an older snapshot that arrives late changes nothing', async () => {
      const app = await given()
      await app.say({ 'A-17': 14 }, { takenAt: app.clock.now() - 10 * 3_600_000 })
      expect(await app.sync()).toMatchObject({ state: 'done', changes: { unchanged: 1 } })
    })

    it('a complete 0 is one held change 15 → 0, and is written once approved', async () => {
      const app = await given()
      await app.say({ 'A-17': 0 })
      const run = await app.sync()
      expect(run).toMatchObject({ state: 'held', details: [{ fields: { quantity: [15, 0] }, outcome: 'held' }] })
      expect(run.details[0]?.reason).toContain('G3: 15 would become 0')
      expect(app.held()).toEqual([{ id: 301, quantity: 15 }])
      expect(await app.sync({ approveAs: 'Fay' })).toMatchObject({ state: 'done', changes: { updated: 1 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 0 }])
    })

    it('a partial snapshot with more raises', async () => {
      const app = await given()
      await app.say({ 'A-17': 17 }, { complete: false })
      expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 17 }])
    })
  })
})

eachStore((open) => {
  const contoso = contosoOn(open)

  it('P1: writes the count of a mapped account to its addition, and nothing the second time', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 12 })

    const first = await app.sync()
    expect(first).toMatchObject({ state: 'done', tenant: 'acme', changes: { updated: 1, unchanged: 0 } })
    expect(first.details).toMatchObject([
      { account: 'A-17', addition: 301, change: 'update', fields: { quantity: [10, 12] }, outcome: 'updated' },
    ])
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])

    app.manage.requests.length = 0
    const second = await app.sync()
    expect(second).toMatchObject({ state: 'done', changes: { updated: 0, unchanged: 1 } })
    expect(writes(app)).toEqual([])
  })

  it('K16, K20: two sources work side by side over the one connection, each for its own mapping', async () => {
    const app = await contoso(10)
    const { saved, token } = addSource(app.scope, {
      ...{ id: 'src2', kind: 'push', name: 'Backup vendor', settings: {} },
      ...{ billingPeriod: 'current' as const, createdAt: app.clock.now() },
    })
    await save(app.scope.db, [saved])
    addAddition(app.world, { id: 302, agreement: 87, product: addProduct(app.world, { id: 513 }), quantity: 4 })
    await app.map({ account: 'A-17', sourceId: 'src2', agreementId: 87, additionId: 302 })
    await app.say({ 'A-17': 12 })
    await app.say({ 'A-17': 5 }, { source: 'src2' })
    expect((await findSourceByToken(app.deps.db, token))?.id).toBe('src2')
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 2 } })
    expect(app.held()).toEqual([
      { id: 301, quantity: 12 },
      { id: 302, quantity: 5 },
    ])
    await app.say({}, { source: 'src2' })
    await app.say({ 'A-17': 11 })
    expect(await app.sync()).toMatchObject({ changes: { updated: 1, skipped: 1 } })
    expect(app.held()).toEqual([
      { id: 301, quantity: 11 },
      { id: 302, quantity: 5 },
    ])
  })

  it('M21: a deleted addition parks the mapping and asks for mapping again; nothing is made instead', async () => {
    const app = await contoso(15)
    await app.say({ 'A-17': 15 })
    await app.sync()
    app.world.additions.delete(301)
    await app.say({ 'A-17': 16 })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'held', changes: { skipped: 1 } })
    expect(run.details[0]?.reason).toBe('parked: addition 301 was deleted in ConnectWise')
    expect(writes(app)).toEqual([])
    expect((await app.sync()).details[0]?.reason).toContain('parked')
  })

  it('M22, X20: a company deleted in ConnectWise parks its mapping and the others go on', async () => {
    const app = await contoso(10)
    const other = addCompany(app.world, { id: 251, name: 'Fabrikam' })
    const agreement = addAgreement(app.world, { id: 88, company: other })
    addAddition(app.world, { id: 302, agreement, product: 512, quantity: 5 })
    await app.map({ account: 'B-1', companyId: 251, agreementId: 88, additionId: 302 })
    const company = app.world.companies.get(250)
    if (company) app.manage.edit(company, { deletedFlag: true })
    await app.say({ 'A-17': 12, 'B-1': 6 })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'held', changes: { updated: 1, skipped: 1 } })
    expect(run.details.find(({ account }) => account === 'A-17')?.reason).toContain('company 250 was deleted')
    expect(quantities(app, 88)).toEqual([{ id: 302, quantity: 6 }])
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
  })

  it('4.15: a product on an agreement without a line of it is made once, and later updated', async () => {
    const made = await givenNewLine(open)
    app = made
    await made.say({ 'A-17': 4 })
    expect(await made.sync()).toMatchObject({ state: 'done', changes: { created: 1 } })
    expect(made.held()).toMatchObject([{ quantity: 4 }])
    await made.say({ 'A-17': 5 })
    expect(await made.sync()).toMatchObject({ state: 'done', changes: { updated: 1, created: 0 } })
    expect(made.held()).toMatchObject([{ quantity: 5 }])
  })

  it('4.6: an excluded mapping writes nothing and is counted with its reason; so is an account nobody mapped', async () => {
    const app = await contoso(10)
    await app.map({ account: 'X-1', agreementId: 87, additionId: 999, include: false })
    await app.say({ 'A-17': 10, 'X-1': 3, 'N-1': 3 })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'done', changes: { unchanged: 1, skipped: 2 } })
    expect(run.details.map(({ account, reason }) => [account, reason])).toEqual([
      ['X-1', 'excluded'],
      ['N-1', 'unmapped'],
    ])
  })

  it('V23: a preview says what a sync would do, and writes and keeps nothing', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 12 })
    expect(await app.preview()).toMatchObject({
      state: 'held',
      plan: null,
      details: [{ fields: { quantity: [10, 12] } }],
    })
    expect(writes(app)).toEqual([])
    await app.sync()
    expect(await app.preview()).toMatchObject({ state: 'done', changes: { unchanged: 1 } })
  })
})
