import { afterEach, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listLedger } from '#db/ledger.ts'
import { findPlan } from '#db/plans.ts'
import { approvePlan, dismissPlan } from '#sync/approve/approve.ts'
import { finishRun } from '#sync/sync.ts'
import { givenContoso, killSwitchStatements } from '../given.ts'
import { addAddition, addAgreement } from '../sandbox/manage/build.ts'
import { skewedClock } from '../sandbox/manage/faults.ts'
import { type App, type Options, wholeLife } from '../start.ts'
import { eachStore, type Open, onSqlite } from '../stores.ts'

let app: App | undefined
afterEach(() => app?.close())
const contosoOn =
  (open: Open) =>
  async (quantity: number, options: Options = {}) => {
    const made = await givenContoso(open, quantity, options)
    app = made
    return made
  }
const approve = async (made: App, plan: string | null, run: string) => {
  await approvePlan(made.deps, made.scope, plan ?? '', { member: 'Fay' })
  return made.clock.run(finishRun(made.deps, made.scope, run, wholeLife))
}

/** The guard decides the same whatever the store. */
onSqlite((open) => {
  const contoso = contosoOn(open)

  it.each([
    ['V8: 10 → 12 is written by itself', 10, 12, undefined],
    ['V8, G2: 10 → 7 waits', 10, 7, 'G2: falls by 3 from 10, above 2'],
    ['E6, G2: 15 → 12 waits', 15, 12, 'G2: falls by 3 from 15, above 2'],
    ['G1: 10 → 16 waits', 10, 16, 'G1: rises by 6 from 10, above 5'],
    ['G1: 100 → 120 is inside 20 %', 100, 120, undefined],
    ['G1: 100 → 121 waits', 100, 121, 'G1: rises by 21 from 100, above 20'],
    ['G2: 100 → 90 is inside 10 %', 100, 90, undefined],
    ['G2: 100 → 89 waits', 100, 89, 'G2: falls by 11 from 100, above 10'],
    ['G3: 3 → 0 waits', 3, 0, 'G3: 3 would become 0'],
  ])('%s', async (_, before, after, reason) => {
    const app = await contoso(before)
    await app.say({ 'A-17': after })
    const run = await app.sync()
    expect(run.state).toBe(reason === undefined ? 'done' : 'held')
    if (reason !== undefined) expect(run.details[0]?.reason).toContain(reason)
    expect(app.held()).toEqual([{ id: 301, quantity: reason === undefined ? after : before }])
  })

  it('G5: an agreement that changes by more than 500 a period waits', async () => {
    const app = await contoso(1000)
    await app.say({ 'A-17': 1060 })
    const run = await app.sync()
    expect(run.details[0]?.reason).toContain('G5: agreement 87 changes by 600 USD a period, above 500')
  })

  it('G4: a plan that changes more than 30 % of ten or more additions waits as a whole', async () => {
    const app = await contoso(10)
    const said: Record<string, number> = { 'A-17': 11 }
    for (let i = 1; i < 10; i++) {
      addAddition(app.world, {
        id: 400 + i,
        agreement: addAgreement(app.world, { id: 100 + i, company: 250 }),
        product: 512,
        quantity: 10,
      })
      await app.map({ account: `B-${i}`, agreementId: 100 + i, additionId: 400 + i })
      said[`B-${i}`] = i < 4 ? 11 : 10
    }
    await app.say(said)
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'held', changes: { held: 4, unchanged: 6 } })
    expect(run.details[0]?.reason).toContain('G4: 4 of 10 mapped additions change (40 %), above 30 %')
    expect(await approve(app, run.plan, run.run)).toMatchObject({ state: 'done', changes: { updated: 4 } })
  })

  it('G8: the first plan after a rule changed waits', async () => {
    const app = await contoso(10)
    await app.map({
      ...app.mapping,
      rule: { write: ['quantity'], minimum: '12' },
      confirmedRule: app.mapping.confirmedRule,
    })
    await app.say({ 'A-17': 10 })
    expect((await app.sync()).details[0]?.reason).toContain('G8')
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
  })

  it("V4, G9: a person's edit since the last write is held and not overwritten", async () => {
    const app = await contoso(14)
    await app.say({ 'A-17': 15 })
    await app.sync()
    app.manage.edit(app.addition, { quantity: 14 }, 'Pat')
    await app.say({ 'A-17': 16 })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'held', changes: { held: 1 } })
    expect(run.details[0]?.reason).toContain('G9: TrueUp last wrote quantity 15, ConnectWise holds 14')
    expect(app.held()).toEqual([{ id: 301, quantity: 14 }])
  })

  it('4.11: a person who sets the desired value themselves makes no conflict, now or later', async () => {
    const app = await contoso(14)
    await app.say({ 'A-17': 15 })
    await app.sync()
    app.manage.edit(app.addition, { quantity: 16 })
    await app.say({ 'A-17': 16 })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { unchanged: 1 } })
    await app.say({ 'A-17': 17 })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  })

  it.each([
    ['a price change', { price: '11' }, 'G13: the price changes from 10 to 11'],
    ['a cost that rises by more than 10 %', { cost: '4.5' }, 'G13: the cost changes from 4 to 4.5, more than 10 %'],
    ['a price below the cost', { price: '3' }, 'G13: the price 3 is below the cost 4'],
    ['a stated price of 0', { price: '0' }, 'G13: the source states a price of 0'],
  ])('G13: %s waits', async (_, { price, cost }: { price?: string; cost?: string }, reason) => {
    const app = await contoso(10)
    await app.map({ ...app.mapping, rule: { write: ['quantity', 'cost', 'price'] }, confirmedRule: null })
    const money = { currency: 'USD', ...(price ? { unitPrice: price } : {}), ...(cost ? { unitCost: cost } : {}) }
    await app.say({ 'A-17': 10 }, { money })
    const run = await app.sync()
    expect(run.details[0]?.reason).toContain(reason)
  })

  it('V14, E10, G20: a USD price never reaches an EUR agreement; the quantity alone does', async () => {
    const app = await contoso(10)
    app.manage.edit(app.agreement, { currency: { id: 2 } } as never)
    await app.map({ ...app.mapping, rule: { write: ['quantity', 'price'] } })
    await app.say({ 'A-17': 11 }, { money: { unitPrice: '4.00', currency: 'USD' } })
    const run = await app.sync({ approveAs: 'Fay' })
    expect(run.details[0]?.reason).toContain('G20: The source bills in USD, the agreement in EUR.')
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    await app.map({ ...app.mapping, rule: { write: ['quantity'] } })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  })

  it('C16: a price or cost the source did not state is never written', async () => {
    const app = await contoso(10)
    await app.map({ ...app.mapping, rule: { write: ['quantity', 'cost', 'price'] } })
    await app.say({ 'A-17': 11 })
    await app.sync({ approveAs: 'Fay' })
    expect(app.world.additions.get(301)).toMatchObject({ quantity: 11, unitPrice: 10, unitCost: 4 })
  })

  it('G21: a cancelled agreement blocks, and an approval does not help', async () => {
    const app = await contoso(10)
    app.manage.edit(app.agreement, { cancelledFlag: true, dateCancelled: '2026-11-01T00:00:00Z' } as never)
    await app.say({ 'A-17': 11 })
    const run = await app.sync({ approveAs: 'Fay' })
    expect(run).toMatchObject({ state: 'held', changes: { held: 1 } })
    expect(run.details[0]?.reason).toContain('G21: agreement 87 is Cancelled')
  })

  it('G22: included units are not taken off twice', async () => {
    const app = await contoso(10)
    app.manage.edit(app.addition, { lessIncluded: 2 })
    await app.map({ ...app.mapping, rule: { write: ['quantity'], included: '2' } })
    await app.say({ 'A-17': 13 })
    expect((await app.sync()).details[0]?.reason).toContain('G22: included units taken off twice')
  })

  it('G22: rows of one addition with different rules wait', async () => {
    const app = await contoso(10)
    await app.map({ account: 'A-18', agreementId: 87, additionId: 301, rule: { write: ['quantity'], minimum: '5' } })
    await app.say({ 'A-17': 6, 'A-18': 6 })
    expect((await app.sync()).details[0]?.reason).toContain('different rules')
  })

  it('G23: nothing is written while the clocks differ by more than 30 s', async () => {
    const app = await contoso(10)
    app.manage.faults.add({ fault: skewedClock(45_000) })
    await app.say({ 'A-17': 11 })
    expect((await app.sync()).details[0]?.reason).toContain("G23: this clock differs from ConnectWise's by 45 s")
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
  })
})

eachStore((open) => {
  const contoso = contosoOn(open)

  it('G6: the first write of a mapping that nobody confirmed waits; once approved, the next does not', async () => {
    const app = await contoso(10)
    await app.map({ ...app.mapping, confirmedTarget: null, confirmedRule: null })
    await app.say({ 'A-17': 11 })
    const run = await app.sync()
    expect(run.details[0]?.reason).toContain('G6: the first write to this target')
    await approve(app, run.plan, run.run)
    await app.say({ 'A-17': 12 })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  })

  it('G7: a halved snapshot holds everything of its source, also when it is sent again', async () => {
    const app = await contoso(10)
    const all = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`A-${17 + i}`, 10]))
    await app.say(all)
    await app.sync()
    for (const minutes of [1, 2]) {
      app.clock.advance(minutes * 60_000)
      await app.say({ 'A-17': 11, 'A-18': 10, 'A-19': 10, 'A-20': 10, 'A-21': 10 })
      const run = await app.sync()
      expect(run.state).toBe('held')
      expect(run.details[0]?.reason).toContain('G7: Platform lists 5 accounts, 10 in its last complete snapshot')
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    }
  })

  it('G11: an invoice that was removed holds the changes of its agreement until somebody approved', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 10 })
    await app.sync()
    app.manage.edit(app.agreement, { nextInvoiceDate: '2026-11-01T00:00:00Z' })
    await app.say({ 'A-17': 11 })
    const run = await app.sync()
    expect(run.details[0]?.reason).toContain('G11: the next invoice date moved back from 2026-12-01 to 2026-11-01')
    await approve(app, run.plan, run.run)
    await app.say({ 'A-17': 12 })
    expect(await app.sync()).toMatchObject({ state: 'done' })
  })

  it('G15: what was approved before the freeze window is not written inside it without a yes to that', async () => {
    const app = await contoso(10, { at: '2026-11-27T12:00:00Z', limits: { freezeHours: 48 } })
    await app.say({ 'A-17': 20 })
    const run = await app.sync()
    app.clock.advance(2 * 86_400_000)
    const late = await approve(app, run.plan, run.run)
    expect(late.details[0]).toMatchObject({ outcome: 'held', reason: expect.stringContaining('inside the 48 hours') })
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    await app.say({ 'A-17': 20 })
    const again = await app.sync()
    expect(again.details[0]?.reason).toContain('G15: inside the 48 hours before the invoice of 2026-12-01')
    await approve(app, again.plan, again.run)
    expect(app.held()).toEqual([{ id: 301, quantity: 20 }])
  })

  it.each(['tenant', 'install'] as const)('G24: the kill switch of the %s stops every write', async (which) => {
    const app = await contoso(10)
    await save(app.deps.db, killSwitchStatements(app, which, true))
    await app.say({ 'A-17': 11 })
    const run = await app.sync({ approveAs: 'Fay' })
    expect(run.details[0]?.reason).toContain('G24: the kill switch is on')
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    await save(app.deps.db, killSwitchStatements(app, which, false))
    expect(await app.sync()).toMatchObject({ state: 'done' })
  })

  it('G24: a kill switch thrown after the plan stops what is not sent yet', async () => {
    const app = await contoso(10)
    app.deps.at = (point) => {
      if (point === 'plan.saved') void save(app.deps.db, killSwitchStatements(app, 'tenant', true))
    }
    await app.say({ 'A-17': 11 })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'held', changes: { held: 1, updated: 0 } })
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
  })

  it('an approval is bound to the fingerprint, is given once, and is in the ledger with its member', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 20 })
    const run = await app.sync()
    const plan = run.plan ?? ''
    await expect(approvePlan(app.deps, app.scope, plan, { member: 'Fay', fingerprint: 'other' })).rejects.toThrow(
      'not the one you saw',
    )
    const fingerprint = (await findPlan(app.scope, plan))?.fingerprint ?? ''
    await approvePlan(app.deps, app.scope, plan, { member: 'Fay', fingerprint })
    await expect(approvePlan(app.deps, app.scope, plan, { member: 'Fay' })).rejects.toThrow('is approved')
    await app.tick()
    expect(app.held()).toEqual([{ id: 301, quantity: 20 }])
    const entries = await listLedger(app.scope)
    expect(entries.find(({ event }) => event === 'approved')?.body).toContain('"member":"Fay"')
  })

  it('a plan older than a newer plan of the same mapping cannot be approved (V1)', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 20 })
    const older = await app.sync()
    await app.say({ 'A-17': 21 })
    await app.sync()
    await expect(approvePlan(app.deps, app.scope, older.plan ?? '', { member: 'Fay' })).rejects.toThrow('is stale')
  })

  it('a dismissed plan writes nothing, and the next run proposes anew', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 20 })
    const run = await app.sync()
    await dismissPlan(app.deps, app.scope, run.plan ?? '', 'Fay')
    await expect(approvePlan(app.deps, app.scope, run.plan ?? '', { member: 'Fay' })).rejects.toThrow('is dismissed')
    expect(await app.sync()).toMatchObject({ state: 'held', changes: { held: 1 } })
  })

  it('held rows wait alone: the rest of the plan is written', async () => {
    const app = await contoso(10)
    addAddition(app.world, {
      id: 302,
      agreement: addAgreement(app.world, { id: 88, company: 250 }),
      product: 512,
      quantity: 5,
    })
    await app.map({ account: 'B-1', agreementId: 88, additionId: 302 })
    await app.say({ 'A-17': 20, 'B-1': 6 })
    expect(await app.sync()).toMatchObject({ state: 'held', changes: { held: 1, updated: 1 } })
  })
})
