import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { findWaitingPlan } from '#db/plans.ts'
import { accounts, invoiceLines, tenants } from '#db/schema.ts'
import { findTenant, saveTenantSettings } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { addAgreement } from '../../sandbox/manage/build.ts'
import { lateCommit, wrongEcho } from '../../sandbox/manage/faults.ts'
import { eachStore, onSqlite } from '../../stores.ts'
import { horizon, live, post, posts } from '../tools.ts'
import { givenMarketplace, line, load, type Marketplace, sayLines } from './given.ts'

const usage = (id: string) => line({ id, chargeType: 'UsageFee' })

const told = (run: { details: { change: string | null; outcome: string; reason: string }[] }) =>
  run.details.map(({ change, outcome, reason }) => [change, outcome, reason])

async function approveLater(app: Marketplace): Promise<void> {
  app.clock.advance(60_000)
  const plan = await findWaitingPlan(app.scope)
  await approvePlan(app.deps, app.scope, plan?.id ?? '', { member: 'ffin' })
  await app.tick()
}

eachStore((open) => {
  it('an addition that ConnectWise keeps with another price is not made again: it is put right (X6, X21)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [usage('U1'), line({ id: 'L1' })] })
    const other = wrongEcho({ unitPrice: 25 })
    app.manage.faults.add({ match: post, fault: other })
    app.manage.faults.add({ match: { method: 'GET', path: /additions/ }, fault: other })
    await app.sync({ approveAs: 'ffin' })
    const failed = [...(await app.stored()).values()]
    expect(failed.map(({ status }) => status)).toEqual(['error', 'error'])
    expect(failed.map(({ additionId }) => additionId).sort()).toEqual([1, 2])
    const again = await app.sync({ approveAs: 'ffin' })
    expect(again.changes).toMatchObject({ created: 0, updated: 2 })
    expect(posts(app)).toHaveLength(2)
    expect([...(await app.stored()).values()].map(({ status }) => status)).toEqual(['synced', 'synced'])
    await app.close()
  })

  it('a line of which its source says something else while it is being written is not written as it was, then as it is', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [usage('U1')] })
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: lateCommit(100_000_000) })
    await app.sync({ approveAs: 'ffin' })
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [{ ...usage('U1'), quantity: '7' }] })
    await load(app)
    await live(app, horizon + 120_000)
    expect(app.held()).toEqual([])
    expect((await app.stored()).get('U1')).toMatchObject({ status: 'held', quantity: '3' })
    await app.sync({ approveAs: 'ffin' })
    expect(app.held()).toMatchObject([{ quantity: 7 }])
    expect((await app.stored()).get('U1')).toMatchObject({ status: 'synced', quantity: '7', changed: null })
    await app.close()
  })
})

onSqlite((open) => {
  it('a line that may be there without its marker is asked about each time, not made (C1, F23)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [usage('U0')] })
    await app.sync({ approveAs: 'ffin' })
    await sayLines(app, { 'A-17': [usage('U0'), usage('U1')] })
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: lateCommit(100_000) })
    await app.sync()
    await live(app, 300_000)
    for (const addition of app.world.additions.rows()) if (addition.id > 1) addition.serialNumber = ''
    await live(app, horizon + 120_000)
    expect((await app.stored()).get('U1')?.reason).toBe(
      'addition 2 may be the line whose creation had no answer: leave the line out if it is, or end it',
    )
    expect(told(await app.sync())).toEqual([
      ['create', 'held', expect.stringContaining('G10: may be this line already, made by hand: 2 with 3')],
    ])
    expect(app.held()).toHaveLength(2)
    await app.close()
  })

  it('a line whose account was excluded or mapped elsewhere after the plan is not written by its approval (M8, M19)', async () => {
    const app = await givenMarketplace(open)
    addAgreement(app.world, { id: 88, company: 250, startDate: '2026-01-01T00:00:00Z' }, '2026-10-17')
    const change = async (to: Partial<typeof accounts.$inferInsert>) => {
      await app.deps.db.update(accounts).set(to).where(eq(accounts.account, 'A-17'))
      await placeAnew(app.scope)
      await approveLater(app)
      return (await app.stored()).get('U1')
    }
    await sayLines(app, { 'A-17': [usage('U1')] })
    await app.sync()
    expect(await change({ include: false })).toMatchObject({
      status: 'held',
      reason: 'changed since the plan: line U1 is excluded now',
    })
    await change({ include: true }).catch(() => undefined)
    await app.sync()
    expect(await change({ agreementId: 88 })).toMatchObject({
      status: 'held',
      reason: 'changed since the plan: line U1 goes to another agreement now',
    })
    expect(posts(app)).toEqual([])
    await app.close()
  })

  it('an older month that is approved after a newer one was posted is not written (P10)', async () => {
    const app = await givenMarketplace(open)
    const say = async (period: string, quantity: string) => {
      await sayLines(app, { 'A-17': [line({ id: `L-${period}`, subscription: 'S-1', quantity })] }, { period })
      await load(app, period)
      return [...(await app.stored(period)).values()].map(({ id }) => id)
    }
    await app.sync({ lines: await say('2026-09', '3'), approveAs: 'ffin' })
    await app.sync({ lines: await say('2026-10', '50') })
    app.clock.advance(60_000)
    expect((await app.sync({ lines: await say('2026-11', '3') })).changes).toMatchObject({ unchanged: 1 })
    await approveLater(app)
    expect(app.held()).toMatchObject([{ quantity: 3 }])
    expect((await app.stored('2026-10')).get('L-2026-10')).toMatchObject({
      status: 'held',
      reason: 'changed since the plan: its addition follows November 2026 already',
    })
    expect(await listLineAdditions(app.scope, { agreements: [87] })).toMatchObject([{ period: '2026-11' }])
    await app.close()
  })

  it('rules for days wait for their own yes, whatever is written without days meanwhile (G8, P9)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' }), usage('U1')] })
    await app.sync({ approveAs: 'ffin' })
    const tenant = await findTenant(app.scope.db, app.scope.tenant)
    const ends = { UsageFee: 'first-of-following-month' as const }
    if (tenant)
      await save(app.scope.db, [saveTenantSettings(app.scope, { lineSettings: { ...tenant.lineSettings, ends } })])
    app.clock.set(Date.parse('2026-12-06T02:00:00Z'))
    for (const agreement of app.world.agreements.rows()) agreement.nextInvoiceDate = '2026-12-01T00:00:00Z'
    const december = { chargeStart: '2026-12-03', invoicedOn: '2026-12-05' }
    const lines = [line({ ...december, id: 'L2', subscription: 'S-1', quantity: '4' }), { ...usage('U2'), ...december }]
    await sayLines(app, { 'A-17': lines }, { period: '2026-12' })
    expect((await app.sync()).changes).toMatchObject({ updated: 1, held: 1 })
    const [waiting] = told(await app.sync())
    expect(waiting).toEqual([
      'create',
      'held',
      expect.stringContaining('since the rules for charge dates were changed'),
    ])
    await app.sync({ approveAs: 'ffin' })
    expect((await app.stored('2026-12')).get('U2')?.status).toBe('synced')
    await app.close()
  })

  it('while days come back as others, no first day that was typed is sent to an addition that is there (U23, G14)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' })] }, { period: '2026-10' })
    await load(app, '2026-10')
    const ids = async (period: string) => [...(await app.stored(period)).values()].map(({ id }) => id)
    await app.sync({ lines: await ids('2026-10'), approveAs: 'ffin' })
    await sayLines(app, { 'A-17': [line({ id: 'L2', subscription: 'S-1' })] })
    await load(app)
    const typed = { typedStart: '2026-11-10', effectiveOn: '2026-11-10', effectiveBadge: 'user' as const }
    await app.deps.db.update(invoiceLines).set(typed).where(eq(invoiceLines.line, 'L2'))
    await app.deps.db.update(tenants).set({ dayShift: 'a day earlier' })
    const run = await app.sync({ lines: await ids('2026-11'), approveAs: 'ffin' })
    expect(told(run)).toEqual([['update', 'held', expect.stringContaining('G14')]])
    await app.close()
  })

  it('a line that somebody types on while its plan is made is not Synced as it was', async () => {
    let type = (): unknown => undefined
    const app = await givenMarketplace(open, { deps: { at: (point) => point === 'plan.saving' && type() } })
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' })] }, { period: '2026-10' })
    await load(app, '2026-10')
    const ids = async (period: string) => [...(await app.stored(period)).values()].map(({ id }) => id)
    await app.sync({ lines: await ids('2026-10'), approveAs: 'ffin' })
    await sayLines(app, { 'A-17': [line({ id: 'L2', subscription: 'S-1' })] })
    await load(app)
    type = () => {
      const typed = { typedEnd: '2026-11-20', cancelledOn: '2026-11-20', cancelledBadge: 'user' as const }
      const now = { ...typed, updatedAt: app.clock.now() + 1 }
      return app.deps.db.update(invoiceLines).set(now).where(eq(invoiceLines.line, 'L2')).execute()
    }
    await app.sync({ lines: await ids('2026-11') })
    expect((await app.stored()).get('L2')).toMatchObject({ status: 'not-synced' })
    type = () => undefined
    app.clock.advance(60_000)
    await app.sync({ lines: await ids('2026-11'), approveAs: 'ffin' })
    expect(app.held()).toMatchObject([{ cancelledDate: '2026-11-20' }])
    await app.close()
  })
})
