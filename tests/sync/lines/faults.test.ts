import { eq } from 'drizzle-orm'
import { expect, it, test } from 'vitest'
import { save } from '#db/db.ts'
import { findWaitingPlan } from '#db/plans.ts'
import { invoiceLines } from '#db/schema.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import type { Point } from '#server/deps.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { hang, lateCommit, reset, status, wrongEcho } from '../../sandbox/manage/faults.ts'
import { eachStore, onSqlite } from '../../stores.ts'
import { horizon, listOpen, live, patch, post, posts } from '../tools.ts'
import { givenMarketplace, line, load, type Marketplace, sayLines } from './given.ts'

/** Lines of their own that nothing but their marker tells apart in ConnectWise. */
const alike = (count: number) =>
  Array.from({ length: count }, (_, i) => line({ id: `U${i}`, chargeType: 'UsageFee', subscription: 'S-1' }))

const statuses = async (app: Marketplace) => [...(await app.stored()).values()].map(({ status: is }) => is)

eachStore((open) => {
  it('F23: lines that arrive late are Error until they are found, and none is made twice', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(3) })
    app.manage.faults.add({ match: { ...post, times: 2 }, fault: lateCommit(300_000) })
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 1, unknown: 2 })
    expect((await statuses(app)).sort()).toEqual(['error', 'error', 'synced'])
    const again = await app.sync({ approveAs: 'ffin' })
    expect(again.changes).toMatchObject({ created: 0 })
    await live(app, horizon + 120_000)
    expect(app.held()).toHaveLength(3)
    expect(posts(app)).toHaveLength(3)
    expect(await statuses(app)).toEqual(['synced', 'synced', 'synced'])
    const kept = new Set([...(await app.stored()).values()].map(({ additionId }) => additionId))
    expect(kept.size).toBe(3)
    await app.close()
  })
})

onSqlite((open) => {
  it.each([
    ['F20', reset('beforeCommit')],
    ['F21', hang('afterCommit')],
    ['F22', reset('afterCommit')],
    ['F24', status(503, { when: 'afterCommit' })],
  ])('%s on one line among equal ones: each is there once in the end', async (_, fault) => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(4) })
    app.manage.faults.add({ match: { ...post, times: 1 }, fault })
    await app.sync({ approveAs: 'ffin' })
    await live(app, horizon + 660_000)
    expect(app.held()).toHaveLength(4)
    expect(await statuses(app)).toEqual(['synced', 'synced', 'synced', 'synced'])
    expect(await listOpen(app)).toEqual([])
    await app.close()
  })

  it.each([
    ['F20', reset('beforeCommit')],
    ['F22', reset('afterCommit')],
    ['F24', status(500, { when: 'afterCommit' })],
  ])('%s on the update of a subscription: the month is written once', async (_, fault) => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' })] })
    await app.sync({ approveAs: 'ffin' })
    app.clock.set(Date.parse('2026-12-06T02:00:00Z'))
    for (const agreement of app.world.agreements.rows()) agreement.nextInvoiceDate = '2026-12-01T00:00:00Z'
    const december = line({ id: 'L2', subscription: 'S-1', quantity: '4', chargeStart: '2026-12-01' })
    await sayLines(app, { 'A-17': [december] }, { period: '2026-12' })
    app.manage.faults.add({ match: { ...patch, times: 1 }, fault })
    await app.sync({ approveAs: 'ffin' })
    await live(app, 300_000)
    expect(app.held()).toMatchObject([{ quantity: 4 }])
    expect((await app.stored('2026-12')).get('L2')?.status).toBe('synced')
    await app.close()
  })

  test('a day or a quantity that comes back as another one is no posting: the line says so (F45, U23)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(1) })
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: wrongEcho({ quantity: 2 }) })
    app.manage.faults.add({ match: { method: 'GET', path: /additions\/\d+/ }, fault: wrongEcho({ quantity: 2 }) })
    await app.sync({ approveAs: 'ffin' })
    const made = (await app.stored()).get('U0')
    expect(made).toMatchObject({ status: 'error', reason: expect.stringContaining('instead of') })
    await app.close()
  })

  test('ConnectWise refuses one of 500: it is an Error with the cause, and 499 are posted (X6)', async () => {
    const app = await givenMarketplace(open, { limits: { amount: 1_000_000 } })
    await sayLines(app, { 'A-17': alike(500) })
    const refused = status(400, { body: { code: 'InvalidObject', message: 'the product is not allowed here' } })
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: refused })
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 499, failed: 1 })
    const failed = [...(await app.stored()).values()].filter(({ status: is }) => is === 'error')
    expect(failed).toMatchObject([{ reason: expect.stringContaining('the product is not allowed here') }])
    await app.close()
  })

  test('an agreement that is cancelled between preview and posting takes nothing', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(2) })
    await app.sync()
    const plan = await findWaitingPlan(app.scope)
    const agreement = app.world.agreements.get(87)
    if (agreement) Object.assign(agreement, { cancelledFlag: true, agreementStatus: 'Cancelled' })
    app.clock.advance(900_000)
    await approvePlan(app.deps, app.scope, plan?.id ?? '', { member: 'ffin' })
    await app.tick()
    expect(posts(app)).toEqual([])
    const [first] = [...(await app.stored()).values()]
    expect(first).toMatchObject({ status: 'held', reason: expect.stringContaining('agreement 87 is Cancelled') })
    await app.close()
  })

  test('a line that is changed after its plan was approved is not posted as it was: the next plan has it (M4)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(2) })
    await app.sync()
    const plan = await findWaitingPlan(app.scope)
    app.clock.advance(60_000)
    const typed = { typedEnd: '2026-11-20', cancelledOn: '2026-11-20', change: 'c', updatedAt: app.clock.now() }
    await approvePlan(app.deps, app.scope, plan?.id ?? '', { member: 'ffin' })
    await app.deps.db.update(invoiceLines).set(typed).where(eq(invoiceLines.line, 'U1'))
    await app.tick()
    const lines = await app.stored()
    expect(lines.get('U0')?.status).toBe('synced')
    expect(lines.get('U1')).toMatchObject({ status: 'held', reason: expect.stringContaining('was changed') })
    await app.sync({ approveAs: 'ffin' })
    expect(
      app
        .held()
        .map(({ cancelledDate }) => cancelledDate)
        .sort(),
    ).toEqual(['2026-11-20', '2026-11-30'])
    await app.close()
  })

  test('two people post at once: each line is posted once', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(6) })
    await load(app)
    const lines = [...(await app.stored()).values()].map(({ id }) => id)
    const both = [app.sync({ lines, approveAs: 'ffin' }), app.sync({ lines, approveAs: 'ann' })]
    await Promise.allSettled(both)
    await live(app, 300_000)
    await app.sync({ lines, approveAs: 'ann' })
    expect(app.held()).toHaveLength(6)
    expect(posts(app)).toHaveLength(6)
    await app.close()
  })

  test('two processes tick at once: the nightly run posts each line once (S13)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(3) })
    await app.sync({ approveAs: 'ffin' })
    await sayLines(app, { 'A-17': alike(8) })
    app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
    await Promise.all([app.tick(), app.tick()])
    await live(app, 300_000)
    expect(app.held()).toHaveLength(8)
    expect(posts(app)).toHaveLength(8)
    await app.close()
  })

  test('nothing is posted by schedule where daily posting is off; a person still may (S13, P9)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': alike(1) })
    await app.sync({ approveAs: 'ffin' })
    const lineSettings = {
      ends: {},
      starts: {},
      names: {},
      kinds: {},
      daily: false,
      crossReferences: { existing: false },
    }
    await save(app.scope.db, [saveTenantSettings(app.scope, { lineSettings })])
    app.clock.set(Date.parse('2026-11-18T01:00:00Z'))
    await sayLines(app, { 'A-17': alike(2) })
    await live(app, 7_200_000)
    expect((await app.stored()).get('U1')).toMatchObject({ status: 'not-synced', mapping: 'mapped' })
    await app.sync({ approveAs: 'ffin' })
    expect(app.held()).toHaveLength(2)
    await app.close()
  })

  it.each<Point>(['plan.saving', 'plan.saved', 'intent.sending', 'write.answered', 'outcome.saved', 'run.finishing'])(
    'a process that stops at %s leaves nothing undone and nothing twice',
    async (point) => {
      let left = 2
      const at = (now: Point) => {
        if (now === point && --left === 0) throw new Error('stopped')
      }
      const app = await givenMarketplace(open, { deps: { at } })
      await sayLines(app, { 'A-17': alike(3) })
      left = ['intent.sending', 'write.answered', 'outcome.saved'].includes(point) ? 2 : 1
      await app.sync({ approveAs: 'ffin' }).catch(() => undefined)
      await live(app, horizon + 900_000)
      expect(app.held()).toHaveLength(3)
      expect(await statuses(app)).toEqual(['synced', 'synced', 'synced'])
      expect(await listOpen(app)).toEqual([])
      await app.close()
    },
  )
})
