import { afterEach, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listIntents } from '#db/intents.ts'
import { listMappings } from '#db/mappings.ts'
import { findNewestRun } from '#db/runs.ts'
import { addSchedule } from '#db/schedules.ts'
import { secrets } from '#db/schema.ts'
import { findTenant } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { each } from '#sync/slice.ts'
import { finishRun } from '#sync/sync.ts'
import { tick } from '#sync/tick.ts'
import { type Contoso, givenContoso, givenNewLine, quantities } from '../given.ts'
import { addAddition, addProduct } from '../sandbox/manage/build.ts'
import { failingPage, personEdits, reset, wrongEcho } from '../sandbox/manage/faults.ts'
import { type App, type Options, wholeLife } from '../start.ts'
import { eachStore, onSqlite } from '../stores.ts'
import {
  type Between,
  between,
  firstReason,
  horizon,
  listOpen,
  live,
  newest,
  patch,
  patches,
  post,
  posts,
} from './tools.ts'

eachStore((openStore) => {
  let app: App | undefined
  afterEach(() => app?.close())
  const contoso = async (quantity: number, options: Options = {}, store = openStore) => {
    const made = await givenContoso(store, quantity, options)
    app = made
    return made
  }
  const newLine = async (options: Options = {}, store = openStore) => {
    const made = await givenNewLine(store, options)
    app = made
    return made
  }
  const approve = async (made: App, { plan, run }: { plan: string | null; run: string }) => {
    await approvePlan(made.deps, made.scope, plan ?? '', { member: 'Fay' })
    return made.clock.run(finishRun(made.deps, made.scope, run, wholeLife))
  }
  /** Another addition (302) of another product on the same agreement, mapped from B-1. */
  const withNeighbour = async (made: App) => {
    const product = addProduct(made.world, { id: 513 })
    addAddition(made.world, { id: 302, agreement: 87, product, quantity: 5 })
    await made.map({ account: 'B-1', agreementId: 87, additionId: 302 })
  }

  describe('an approval given late', () => {
    it('does not overwrite a person, although another run has just read the agreement (I5, I7)', async () => {
      const app = await contoso(10)
      await withNeighbour(app)
      await app.say({ 'A-17': 30, 'B-1': 5 })
      const held = await app.sync()
      app.clock.advance(3_600_000)
      app.manage.edit(app.addition, { quantity: 11 }, 'Pat')
      await app.sync({ accounts: ['B-1'] })
      expect(await approve(app, held)).toMatchObject({
        details: [{ outcome: 'held', reason: 'changed since the plan: it holds 11 now' }],
      })
      expect(quantities(app, 87)).toContainEqual({ id: 301, quantity: 11 })
    })

    it('does not make a line that somebody made meanwhile, although another run has just read the agreement', async () => {
      const app = await newLine()
      await withNeighbour(app)
      await app.say({ 'A-17': 20, 'B-1': 5 })
      const held = await app.sync()
      expect(firstReason(held)).toContain('G1')
      app.clock.advance(3_600_000)
      addAddition(app.world, { id: 400, agreement: 87, product: 512, quantity: 20 })
      await app.sync({ accounts: ['B-1'] })
      expect(await approve(app, held)).toMatchObject({ details: [{ outcome: 'held' }] })
      expect(posts(app)).toEqual([])
    })

    it('does not write to an agreement that was cancelled meanwhile (I9)', async () => {
      const app = await contoso(10)
      await app.say({ 'A-17': 20 })
      const held = await app.sync()
      app.clock.advance(11 * 60_000)
      app.manage.edit(app.agreement, { cancelledFlag: true, dateCancelled: '2026-11-01T00:00:00Z' } as never)
      const run = await approve(app, held)
      expect(firstReason(run)).toContain('agreement 87 is Cancelled')
      expect(patches(app)).toEqual([])
    })

    it.each([
      ['finds nothing to change', (app: Contoso) => app.say({ 'A-17': 10 })],
      ['does not know', (app: Contoso) => app.say({ other: 10 })],
      [
        'finds the agreement cancelled',
        async (app: Contoso) => app.manage.edit(app.agreement, { cancelledFlag: true } as never),
      ],
      ['finds it excluded', async (app: Contoso) => void (await app.map({ ...app.mapping, include: false }))],
    ])('is refused when a newer plan %s (V1)', async (_, change) => {
      const app = await contoso(10)
      await app.say({ 'A-17': 20 })
      const held = await app.sync()
      app.clock.advance(60_000)
      await change(app)
      await app.sync()
      await expect(approvePlan(app.deps, app.scope, held.plan ?? '', { member: 'Fay' })).rejects.toThrow('is stale')
    })

    it.each([
      ['excluded', { include: false }],
      ['given another rule', { rule: { write: ['quantity'], maximum: '15' } }],
    ] as const)('is refused when the mapping was %s since the plan', async (_, change) => {
      const app = await contoso(10)
      await app.say({ 'A-17': 20 })
      const held = await app.sync()
      app.clock.advance(60_000)
      await app.map({ ...app.mapping, ...(change as object), updatedAt: app.clock.now() })
      await expect(approve(app, held)).rejects.toThrow('mapping')
      await app.tick()
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    })

    it('counts although it comes while the run is ending', async () => {
      const hand: Between = {}
      const app = await contoso(10, {}, between(openStore, hand))
      await app.say({ 'A-17': 20 })
      app.deps.at = (point) => {
        if (point !== 'run.finishing' || hand.before) return
        hand.before = async () => {
          hand.before = async () => undefined
          const plan = (await findNewestRun(app.scope))?.planId ?? ''
          await approvePlan(app.deps, app.scope, plan, { member: 'Fay' })
        }
      }
      await app.sync()
      await app.tick()
      expect(await newest(app)).toMatchObject({ state: 'done', changes: { updated: 1 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 20 }])
    })
  })

  describe("a person's edit is not taken for ours", () => {
    it('when only the price beside it was written', async () => {
      const app = await contoso(10)
      await app.map({ ...app.mapping, rule: { write: ['quantity', 'price'] } })
      const priced = (unitPrice: string) => ({ money: { unitPrice, currency: 'USD' } })
      await app.say({ 'A-17': 10 }, priced('11'))
      const held = await app.sync()
      app.manage.edit(app.addition, { quantity: 12 }, 'Pat')
      expect(await approve(app, held)).toMatchObject({ changes: { updated: 1 } })
      const run = await app.sync()
      expect(firstReason(run)).toContain('G9: TrueUp last wrote quantity 10, ConnectWise holds 12')
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    })

    it('when it is of a line whose creation had no answer', async () => {
      const app = await newLine()
      await app.say({ 'A-17': 4 })
      app.manage.faults.add({ match: { ...post, times: 1 }, fault: reset('afterCommit') })
      await app.sync()
      const [made] = [...app.world.additions.values()]
      if (made) app.manage.edit(made, { quantity: 6 }, 'Pat')
      await live(app, horizon + 120_000)
      await app.say({ 'A-17': 5 })
      const run = await app.sync()
      expect(firstReason(run)).toContain('G9: TrueUp last wrote quantity 4, ConnectWise holds 6')
      expect(app.held()).toMatchObject([{ quantity: 6 }])
    })
  })

  it('an update without an answer, of an addition that was deleted then, ends (I13)', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 12 })
    app.manage.faults.add({ match: patch, fault: reset('beforeCommit') })
    app.manage.faults.add({ match: { method: 'GET', path: /additions\/301/ }, fault: failingPage() })
    expect(await app.sync()).toMatchObject({ changes: { unknown: 1 } })
    app.world.additions.delete(301)
    app.manage.faults.clear()
    await live(app, 120_000)
    expect(await listOpen(app)).toEqual([])
    expect(await newest(app)).toMatchObject({ changes: { unknown: 0 } })
  })

  describe('a process that wakes after its lease was taken', () => {
    it('saves no second plan and makes no second line (F3, I11)', async () => {
      const hand: Between = {}
      const app = await newLine({}, between(openStore, hand))
      await app.say({ 'A-17': 4 })
      app.deps.at = (point) => {
        if (point !== 'plan.saving' || hand.before) return
        hand.before = async () => {
          hand.before = async () => undefined
          app.clock.advance(100_000)
          await tick(app.deps, wholeLife)
        }
      }
      await expect(app.sync()).rejects.toThrow('taken over')
      await live(app, 120_000)
      expect(app.held()).toMatchObject([{ quantity: 4 }])
      expect(posts(app)).toHaveLength(1)
      expect(await newest(app)).toMatchObject({ state: 'done', changes: { created: 1 } })
    })

    it('sends nothing that it claimed long ago (I3)', async () => {
      const app = await newLine()
      await app.say({ 'A-17': 4 })
      let paused = false
      app.deps.at = (point) => {
        if (point !== 'intent.sending' || paused) return
        paused = true
        app.clock.advance(100_000)
      }
      await app.sync()
      await live(app, horizon + 120_000)
      const [sent] = posts(app)
      const [intent] = await listIntents(app.scope, { run: (await findNewestRun(app.scope))?.id ?? '' })
      expect((sent?.at ?? 0) - (intent?.sentAt ?? 0)).toBeLessThan(45_000)
      expect(app.held()).toMatchObject([{ quantity: 4 }])
    })
  })

  describe('a run always ends', () => {
    it('when a rule that writes no quantity would have to make a line', async () => {
      const app = await newLine()
      await withNeighbour(app)
      const [mapping] = await listMappings(app.scope)
      if (mapping) await app.map({ ...mapping, rule: { write: ['price'] } })
      await app.say({ 'A-17': 4, 'B-1': 6 }, { money: { unitPrice: '5', currency: 'USD' } })
      expect(await app.sync({ approveAs: 'Fay' })).toMatchObject({ state: 'held', changes: { held: 1, updated: 1 } })
    })

    it('when the keys are gone, and the tenant needs attention', async () => {
      const app = await contoso(10)
      await app.say({ 'A-17': 12 })
      await app.deps.db.delete(secrets)
      app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
      await app.tick()
      expect(await newest(app)).toMatchObject({ state: 'failed' })
      expect(await findTenant(app.deps.db, 'acme')).toMatchObject({ state: 'attention' })
    })

    it('although a schedule of somebody cannot be read', async () => {
      const app = await contoso(10)
      const broken = { id: 'a-broken', pattern: 'never', zone: 'Nowhere/City', enabled: true, lastDay: '2026-11-01' }
      await save(app.deps.db, [addSchedule(app.scope, broken)])
      await app.say({ 'A-17': 12 })
      app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
      await app.tick()
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    })
  })
})

onSqlite((open) => {
  let app: Contoso | undefined
  afterEach(() => app?.close())
  const contoso = async (quantity: number) => {
    app = await givenContoso(open, quantity)
    return app
  }

  describe('the guard', () => {
    it('G7: a partial snapshot does not free the suspicious complete one before it', async () => {
      const app = await contoso(10)
      await app.say(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`A-${17 + i}`, 10])))
      await app.sync()
      app.clock.advance(60_000)
      await app.say({ 'A-17': 9, 'A-18': 10 })
      app.clock.advance(60_000)
      await app.say({ 'A-18': 11 }, { complete: false })
      expect(firstReason(await app.sync())).toContain('G7')
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    })

    it('4.10: what a partial snapshot raised stays raised, however many partial ones follow', async () => {
      const app = await contoso(10)
      await app.say({ 'A-17': 10 })
      app.clock.advance(1000)
      await app.say({ 'A-17': 12 }, { complete: false })
      await app.sync()
      for (let i = 0; i < 51; i++) {
        app.clock.advance(1000)
        await app.say({ other: i + 1 }, { complete: false })
      }
      await app.sync()
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    })

    it('4.10: a sum that one of its mappings is parked out of is unknown, not smaller', async () => {
      const app = await contoso(12)
      await app.map({ account: 'A-18', agreementId: 87, additionId: 301, parkedReason: 'the company moved' })
      await app.say({ 'A-17': 10, 'A-18': 2 })
      expect(await app.sync()).toMatchObject({ state: 'held', changes: { skipped: 2, updated: 0 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    })

    it('G13: a price where there was none is a price change', async () => {
      const app = await contoso(10)
      app.manage.edit(app.addition, { unitPrice: null } as never)
      await app.map({ ...app.mapping, rule: { write: ['quantity', 'price'] } })
      await app.say({ 'A-17': 11 }, { money: { unitPrice: '5', currency: 'USD' } })
      expect(firstReason(await app.sync())).toContain('G13')
    })

    it('G21: nothing is written for an inactive product, a price neither', async () => {
      const app = await contoso(10)
      const product = app.world.products.get(512)
      if (product) app.manage.edit(product, { inactiveFlag: true })
      await app.map({ ...app.mapping, rule: { write: ['quantity', 'price'] } })
      await app.say({ 'A-17': 10 }, { money: { unitPrice: '5', currency: 'USD' } })
      expect(firstReason(await app.sync({ approveAs: 'Fay' }))).toContain('G21: product SEC-USER is inactive')
      expect(patches(app)).toEqual([])
    })

    it('U8: only a value that ConnectWise rounded ends fractions, not one that a person set', async () => {
      const app = await contoso(10)
      await app.say({ 'A-17': 12.5 })
      app.manage.faults.add({ match: { ...patch, times: 1 }, fault: wrongEcho({ quantity: 99 }) })
      app.manage.faults.add({
        match: { method: 'GET', path: /additions\/301/, times: 1 },
        fault: personEdits(() => app.manage.edit(app.addition, { quantity: 20 }, 'Pat')),
      })
      await app.sync()
      expect(await findTenant(app.deps.db, 'acme')).toMatchObject({ wholeQuantities: false })
    })
  })
})

describe('work done side by side', () => {
  it('is over before a failure of one part is told, and takes nothing new', async () => {
    const done: number[] = []
    const work = async (value: number) => {
      if (value === 1) throw new Error('one failed')
      await new Promise((resolve) => setImmediate(resolve))
      done.push(value)
    }
    await expect(each([1, 2, 3, 4], 2, wholeLife, work)).rejects.toThrow('one failed')
    expect(done).toEqual([2])
  })
})
