import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { listLedger } from '#db/ledger.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { invoiceLines } from '#db/schema.ts'
import { addAgreement } from '../../sandbox/manage/build.ts'
import { status } from '../../sandbox/manage/faults.ts'
import { eachStore, onSqlite } from '../../stores.ts'
import { givenMarketplace, line, load, type Marketplace, sayLines } from './given.ts'

eachStore((open) => {
  test('lines become additions with their days, money and description, and are Synced; again writes nothing (P2, P3, P11, X6, X9)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, {
      'A-17': [line({ id: 'L1' }), line({ id: 'L2', chargeType: 'UsageFee', quantity: '2.5', unitPrice: '4.1' })],
    })
    const first = await app.sync({ approveAs: 'ffin' })
    expect(first.details.map(({ outcome }) => outcome)).toEqual(['created', 'created'])
    const { effectiveDate, invoiceDescription } = {
      effectiveDate: '2026-11-03',
      invoiceDescription: 'Business Premium - CycleFee',
    }
    expect(app.held()).toEqual([
      expect.objectContaining({
        quantity: 3,
        unitPrice: 20,
        unitCost: 16,
        effectiveDate,
        cancelledDate: undefined,
        invoiceDescription,
      }),
      expect.objectContaining({
        quantity: 2.5,
        unitPrice: 4.1,
        cancelledDate: '2026-11-30',
        invoiceDescription: 'Business Premium - UsageFee',
      }),
    ])
    const lines = await app.stored()
    expect([...lines.values()].map(({ status, reason }) => [status, reason])).toEqual([
      ['synced', null],
      ['synced', null],
    ])
    expect(lines.get('L1')?.additionId).toBe(app.held()[0]?.id)
    const before = app.manage.requests.filter(({ method }) => method !== 'GET').length
    const again = await app.sync({ approveAs: 'ffin' })
    expect(again).toMatchObject({ state: 'done', changes: { created: 0, updated: 0 } })
    expect(app.manage.requests.filter(({ method }) => method !== 'GET')).toHaveLength(before)
    const kept = await listLineAdditions(app.scope, { agreements: [87] })
    expect(kept.sort((a, b) => b.kind.localeCompare(a.kind))).toMatchObject([
      { kind: 'persistent', period: '2026-11', cancelledOn: null },
      { kind: 'one-time', cancelledOn: '2026-11-30' },
    ])
    await app.close()
  })
})

onSqlite((open) => {
  test('the first lines of an account wait for a person, and say why; the grid is told no money (G6, X8)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2', offer: 'UNKNOWN' })] })
    const summary = await app.sync()
    expect(summary.state).toBe('held')
    const lines = await app.stored()
    expect(lines.get('L1')).toMatchObject({ status: 'held', additionId: null })
    expect(lines.get('L1')?.reason).toContain('the first write of account A-17')
    expect(lines.get('L2')).toMatchObject({ status: 'not-synced', mapping: 'unmapped' })
    expect(lines.get('L2')?.reason).toContain('unmapped')
    await app.close()
  })

  test('a subscription keeps its addition: the next month is written to it, from its first day on (P10)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' })] })
    await app.sync({ approveAs: 'ffin' })
    app.clock.set(Date.parse('2026-12-06T02:00:00Z'))
    nextInvoice(app, '2026-12-01')
    const december = { chargeStart: '2026-12-01', invoicedOn: '2026-12-05', subscription: 'S-1' }
    await sayLines(app, { 'A-17': [line({ ...december, id: 'L7', quantity: '4' })] }, { period: '2026-12' })
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 0, updated: 1 })
    expect(app.held()).toEqual([expect.objectContaining({ quantity: 4, effectiveDate: '2026-11-03' })])
    expect((await app.stored('2026-12')).get('L7')).toMatchObject({ status: 'synced', additionId: app.held()[0]?.id })
    const [kept] = await listLineAdditions(app.scope, { agreements: [87] })
    expect(kept?.period).toBe('2026-12')
    const [entry] = (await listLedger(app.scope)).filter(({ event }) => event === 'written').slice(-1)
    expect(JSON.parse(entry?.body ?? '{}')).toMatchObject({ account: 'A-17', period: '2026-12', change: 'update' })
    await app.close()
  })

  test('a subscription of last month without a line now ends with last month, on a full run only and with a yes (P15, X5)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' }), line({ id: 'L2', subscription: 'S-2' })] })
    await app.sync({ approveAs: 'ffin' })
    app.clock.set(Date.parse('2026-12-06T02:00:00Z'))
    nextInvoice(app, '2026-12-01')
    const december = { chargeStart: '2026-12-01', invoicedOn: '2026-12-05' }
    await sayLines(app, { 'A-17': [line({ ...december, id: 'L3', subscription: 'S-2' })] }, { period: '2026-12' })
    await load(app, '2026-12')
    const one = (await app.stored('2026-12')).get('L3')
    const single = await app.sync({ lines: [one?.id ?? ''], approveAs: 'ffin' })
    expect(single.changes).toMatchObject({ cancelled: 0, held: 0 })
    const waiting = await app.sync()
    expect(waiting.details).toEqual([expect.objectContaining({ change: 'cancel', outcome: 'held' })])
    const done = await app.sync({ approveAs: 'ffin' })
    expect(done.changes).toMatchObject({ cancelled: 1 })
    expect(app.held().map(({ cancelledDate }) => cancelledDate)).toEqual(
      expect.arrayContaining(['2026-11-30', undefined]),
    )
    const kept = await listLineAdditions(app.scope, { agreements: [87] })
    expect(kept.filter(({ closedAt }) => closedAt !== null)).toMatchObject([{ cancelledOn: '2026-11-30' }])
    app.clock.advance(60_000)
    const back = { ...december, chargeStart: '2026-12-08' }
    await sayLines(
      app,
      {
        'A-17': [
          line({ ...december, id: 'L3', subscription: 'S-2' }),
          line({ ...back, id: 'L4', subscription: 'S-1' }),
        ],
      },
      { period: '2026-12' },
    )
    const again = await app.sync({ approveAs: 'ffin' })
    expect(again.changes).toMatchObject({ created: 1 })
    expect(app.held()).toHaveLength(3)
    await app.close()
  })

  test('a month that says the same is Synced without a write, and the next one goes on from it (4.5, P10)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' }), line({ id: 'L2', subscription: 'S-2' })] })
    await app.sync({ approveAs: 'ffin' })
    app.clock.set(Date.parse('2026-12-06T02:00:00Z'))
    nextInvoice(app, '2026-12-01')
    const december = { chargeStart: '2026-12-01', invoicedOn: '2026-12-05' }
    const same = ['S-1', 'S-2'].map((subscription) => line({ ...december, id: `D-${subscription}`, subscription }))
    await sayLines(app, { 'A-17': same }, { period: '2026-12' })
    app.manage.requests.length = 0
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'done', changes: { unchanged: 2, updated: 0, created: 0 } })
    expect(app.manage.requests.filter(({ method }) => method !== 'GET')).toEqual([])
    const lines = await app.stored('2026-12')
    expect([...lines.values()].map(({ status: is }) => is)).toEqual(['synced', 'synced'])
    const kept = await listLineAdditions(app.scope, { agreements: [87] })
    expect(kept.map(({ period, closedAt }) => [period, closedAt])).toEqual(Array(2).fill(['2026-12', null]))
    await app.close()
  })

  test('one selected line is posted alone, one that failed is tried again when its cause is gone (X4, X5, X6, X21)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2' }), line({ id: 'L3' })] })
    await load(app)
    const id = async (name: string) => (await app.stored()).get(name)?.id ?? ''
    app.manage.faults.add({ match: { method: 'POST', times: 1 }, fault: status(400, { body: { message: 'no' } }) })
    await app.sync({ lines: [await id('L1')], approveAs: 'ffin' })
    expect((await app.stored()).get('L1')).toMatchObject({ status: 'error', additionId: null })
    await app.sync({ lines: [await id('L1'), await id('L2')], approveAs: 'ffin' })
    const lines = await app.stored()
    expect(['L1', 'L2', 'L3'].map((name) => lines.get(name)?.status)).toEqual(['synced', 'synced', 'not-synced'])
    expect(app.held()).toHaveLength(2)
    await app.close()
  })

  test('what a person corrected in ConnectWise is not overwritten by the next month (X9, X10)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' })] })
    await app.sync({ approveAs: 'ffin' })
    const [addition] = app.world.additions.rows()
    if (addition) addition.quantity = 9
    app.clock.set(Date.parse('2026-12-06T02:00:00Z'))
    nextInvoice(app, '2026-12-01')
    const december = { chargeStart: '2026-12-01', invoicedOn: '2026-12-05', subscription: 'S-1' }
    await sayLines(app, { 'A-17': [line({ ...december, id: 'L7', quantity: '4' })] }, { period: '2026-12' })
    const run = await app.sync()
    expect(run.state).toBe('held')
    expect(app.held()).toEqual([expect.objectContaining({ quantity: 9 })])
    expect((await app.stored('2026-12')).get('L7')).toMatchObject({ status: 'held' })
    await app.close()
  })

  test('an agreement that is gone leaves its lines parked, and the others are posted (X20)', async () => {
    const app = await givenMarketplace(open)
    addAgreement(app.world, { id: 88, company: 250, startDate: '2026-01-01T00:00:00Z' }, '2026-10-17')
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2' })] })
    await load(app)
    await app.deps.db.update(invoiceLines).set({ agreementId: 88 }).where(eq(invoiceLines.line, 'L2'))
    await app.preview()
    app.world.agreements.delete(88)
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 1, skipped: 1 })
    const lines = await app.stored()
    expect(lines.get('L1')?.status).toBe('synced')
    expect(lines.get('L2')).toMatchObject({ mapping: 'parked', status: 'not-synced' })
    await app.close()
  })
})

/** What was billed until now is invoiced. */
function nextInvoice({ world }: Marketplace, day: string): void {
  for (const agreement of world.agreements.rows()) agreement.nextInvoiceDate = `${day}T00:00:00Z`
}
