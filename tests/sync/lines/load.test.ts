import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { plainLineSettings } from '#billing/lines/settings.ts'
import { save } from '#db/db.ts'
import { findLineLoad } from '#db/line-loads.ts'
import { listLines } from '#db/lines.ts'
import { listLogs } from '#db/logs.ts'
import { invoiceLines } from '#db/schema.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { applyRules } from '#sync/lines/apply-rules.ts'
import { reset } from '../../sandbox/manage/faults.ts'
import { type App, startApp } from '../../start.ts'
import { eachStore, onSqlite } from '../../stores.ts'
import { horizon, live, post } from '../tools.ts'
import { givenMarketplace, line, load, sayLines } from './given.ts'

const november = { sourceId: 'src', period: '2026-11' }

const stored = async ({ scope }: App) => new Map((await listLines(scope, november)).map((row) => [row.line, row]))

const set = ({ scope }: App, name: string, values: object) =>
  save(scope.db, [scope.db.update(invoiceLines).set(values).where(eq(invoiceLines.line, name))])

/** The same, but something else happens right before the first time anything is saved. */
function justBefore(app: App, meanwhile: () => Promise<unknown>): App {
  const { db } = app.scope
  let waits = true
  const batch: typeof db.batch = async (statements) => {
    if (waits) {
      waits = false
      await meanwhile()
    }
    return db.batch(statements)
  }
  return { ...app, scope: { ...app.scope, db: Object.assign(Object.create(db), { batch }) } }
}

eachStore((open) => {
  test('a month is loaded once: the same word again changes nothing, and typed values stay (P9)', async () => {
    const app = await startApp(open)
    expect(await load(app)).toBeUndefined()
    await sayLines(app, {
      'A-17': [line({ id: 'L1' }), line({ id: 'L2', chargeType: 'UsageFee' })],
      'A-18': [line({ id: 'L1' })],
    })
    expect(await load(app)).toMatchObject({ lines: 3, added: 3, changed: 0, gone: 0, posted: 0 })
    const before = await stored(app)
    expect(before.get('L2')).toMatchObject({
      status: 'not-synced',
      effectiveOn: '2026-11-03',
      cancelledOn: '2026-11-30',
    })
    await set(app, 'L2', { typedEnd: '2026-11-15', change: 'c1', updatedAt: 1 })
    app.clock.advance(60_000)
    await sayLines(app, {
      'A-17': [line({ id: 'L1' }), line({ id: 'L2', chargeType: 'UsageFee', quantity: '5' })],
      'A-18': [line({ id: 'L1' })],
    })
    expect(await load(app)).toMatchObject({ lines: 3, added: 0, changed: 1, gone: 0 })
    const after = await stored(app)
    expect(after.get('L1')).toEqual(before.get('L1'))
    expect(after.get('L2')).toMatchObject({
      quantity: '5',
      typedEnd: '2026-11-15',
      cancelledOn: '2026-11-15',
      cancelledBadge: 'user',
    })
    expect(await load(app)).toMatchObject({ added: 0, changed: 0 })
    expect(await findLineLoad(app.scope, november)).toMatchObject({ complete: true, lineCount: 3, loadedBy: 'ffin' })
    await app.close()
  })

  test('a posted line is never changed: what its source says now stands beside it until it is the same again (X9)', async () => {
    const app = await startApp(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2' })] })
    await load(app)
    await set(app, 'L1', { status: 'synced', additionId: 301, postedAt: 1 })
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [line({ id: 'L1', quantity: '4', invoice: 'INV-2' })] })
    expect(await load(app)).toMatchObject({ changed: 0, posted: 1, gone: 1 })
    const rows = await stored(app)
    expect(rows.get('L1')).toMatchObject({ quantity: '3', status: 'synced', changed: { quantity: '4' }, goneAt: null })
    expect(rows.get('L2')?.goneAt).not.toBeNull()
    await set(app, 'L1', { settled: 'left' })
    expect(await load(app)).toMatchObject({ posted: 0, gone: 0 })
    expect((await stored(app)).get('L1')?.settled).toBe('left')
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2' })] })
    await load(app)
    const back = await stored(app)
    expect(back.get('L1')).toMatchObject({ changed: null, settled: null, quantity: '3' })
    expect(back.get('L2')?.goneAt).toBeNull()
    await app.close()
  })
})

onSqlite((open) => {
  test('partial words come beside the newest complete one and take nothing away; an older one changes nothing', async () => {
    const app = await startApp(open)
    const early = app.clock.now() - 3_600_000
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2' })] })
    await load(app)
    app.clock.advance(60_000)
    await sayLines(
      app,
      { 'A-17': [line({ id: 'L1', quantity: '7' })], 'A-18': [line({ id: 'L3' })] },
      { complete: false },
    )
    expect(await load(app)).toMatchObject({ lines: 3, added: 1, changed: 1, gone: 0 })
    await sayLines(app, { 'A-17': [line({ id: 'L9' })] }, { takenAt: early })
    expect(await load(app)).toMatchObject({ lines: 3, added: 0, changed: 0, gone: 0 })
    app.clock.advance(60_000)
    await sayLines(app, {})
    expect(await load(app)).toMatchObject({ lines: 3, gone: 0 })
    await app.close()
  })

  test('a month told account by account is loaded whole, however many accounts there are', async () => {
    const app = await startApp(open)
    const names = Array.from({ length: 230 }, (_, i) => `P-${i}`)
    await sayLines(app, { 'A-17': [line({ id: 'L1' })] })
    for (const [i, name] of [...names, 'P-0'].entries()) {
      app.clock.advance(1_000)
      const quantity = String(i + 1)
      await sayLines(app, { [name]: [line({ id: `of ${name}`, quantity })] }, { complete: false })
    }
    expect(await load(app)).toMatchObject({ lines: 231, added: 231 })
    expect((await stored(app)).get('of P-0')?.quantity).toBe('231')
    app.clock.advance(1_000)
    await sayLines(app, { 'A-17': [line({ id: 'L1' })] })
    expect(await load(app)).toMatchObject({ lines: 1, gone: 230 })
    await app.close()
  })

  test('days at both ends of the calendar load like any other, whatever the rules', async () => {
    const app = await givenMarketplace(open)
    const days = ['0001-01-01', '1999-12-31', '9999-12-01', '9999-12-31']
    await save(app.scope.db, [
      saveTenantSettings(app.scope, {
        lineSettings: {
          ...plainLineSettings,
          starts: { monthly: 'first-of-following-month' },
          ends: { ItemFee: 'last-of-invoice-month' },
        },
      }),
    ])
    const kinds = ['CycleFee', 'UsageFee', 'ItemFee', 'Correction']
    const lines = days.flatMap((day) =>
      kinds.flatMap((chargeType) =>
        ['Monthly', 'Yearly'].map((billingCycle) =>
          line({
            ...{ id: `${day} ${chargeType} ${billingCycle}`, chargeType, billingCycle },
            ...{ chargeStart: day, chargeEnd: day, invoicedOn: day },
          }),
        ),
      ),
    )
    await sayLines(app, { 'A-17': [...lines, line({ id: 'plain', billingCycle: 'Yearly' })] })
    await load(app)
    const rows = await stored(app)
    for (const { effectiveOn, cancelledOn } of rows.values())
      for (const day of [effectiveOn, cancelledOn ?? effectiveOn]) expect(day).toMatch(/^\d{4}-\d\d-\d\d$/)
    await app.sync({ approveAs: 'ffin' })
    const after = await stored(app)
    expect(after.get('plain')?.status).toBe('synced')
    await app.close()
  })

  test('a posted line that was corrected away and comes back is news again, though it says what was posted (4.5)', async () => {
    const app = await startApp(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2' })] })
    await load(app)
    await set(app, 'L1', { status: 'synced', additionId: 301, settled: 'corrected', goneAt: 5 })
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [line({ id: 'L1' }), line({ id: 'L2' })] })
    expect(await load(app)).toMatchObject({ posted: 1 })
    expect((await stored(app)).get('L1')).toMatchObject({ goneAt: null, settled: null, changed: { quantity: '3' } })
    await app.close()
  })

  test('what is odd about lines is told once for each oddity', async () => {
    const app = await startApp(open)
    await sayLines(app, {
      'A-17': [
        line({ id: 'L1', chargeType: 'Correction', chargeEnd: '2026-11-01' }),
        line({ id: 'L2', chargeType: 'Correction', chargeEnd: '2026-11-02' }),
        line({ id: 'L3', chargeType: 'MysteryFee' }),
      ],
    })
    await load(app)
    const rows = await listLogs(app.scope, { since: 0, readable: 'all' }, { size: 20, number: 1 })
    const texts = rows.filter(({ event }) => event === 'lines.loaded').map(({ level, text }) => `${level} ${text}`)
    expect(texts).toContain('info Platform, November 2026: 3 lines loaded, 3 new.')
    expect(texts).toContain('warning Platform, November 2026: 1 line: unknown charge type MysteryFee')
    expect(texts.filter((text) => text.startsWith('warning Platform, November 2026: 2 lines:'))).toHaveLength(1)
    await app.close()
  })

  test('what is being written is not changed by loading: it is posted as it was sent, and what is said now stands beside it', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1' })] })
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: reset('afterCommit') })
    await app.sync({ approveAs: 'ffin' })
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [line({ id: 'L1', quantity: '5' })] })
    expect(await load(app)).toMatchObject({ changed: 0, posted: 1 })
    expect((await stored(app)).get('L1')).toMatchObject({ status: 'error', quantity: '3', changed: { quantity: '5' } })
    await live(app, horizon + 120_000)
    const posted = (await stored(app)).get('L1')
    expect(posted).toMatchObject({ status: 'synced', quantity: '3', changed: { quantity: '5' } })
    expect(app.held()).toMatchObject([{ quantity: 3 }])
    await app.close()
  })

  test('what begins to be written while a load reads is not changed by that load, and its news is not lost', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1' })] })
    await load(app)
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [line({ id: 'L1', quantity: '5' })] })
    const posts = () => set(app, 'L1', { status: 'synced', additionId: 301, postedAt: 1 })
    expect(await load(justBefore(app, posts))).toMatchObject({ changed: 0, posted: 1 })
    expect((await stored(app)).get('L1')).toMatchObject({ quantity: '3', changed: { quantity: '5' } })
    await app.close()
  })

  test('rules applied while a month is loaded are applied to what was loaded, not to what was there before (P9)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1', chargeType: 'UsageFee' })] })
    await load(app)
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [line({ id: 'L1', chargeType: 'UsageFee', quantity: '5' })] })
    const lineSettings = { ...plainLineSettings, ends: { UsageFee: 'never' as const } }
    await save(app.scope.db, [saveTenantSettings(app.scope, { lineSettings })])
    const { deps, scope } = justBefore(app, () => load(app))
    await applyRules(deps, scope, { period: '2026-11' }, 'ffin')
    expect((await stored(app)).get('L1')).toMatchObject({ quantity: '5', cancelledOn: null })
    await app.close()
  })

  test('10,000 lines are loaded at once, and again without a change', async () => {
    const app = await startApp(open)
    await sayLines(app, { 'A-17': Array.from({ length: 10_000 }, (_, i) => line({ id: `L${i}` })) })
    expect(await load(app)).toMatchObject({ added: 10_000 })
    expect(await load(app)).toMatchObject({ added: 0, changed: 0 })
    await app.close()
  })
})
