import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { sources } from '#db/schema.ts'
import { findTenant, saveTenantSettings } from '#db/tenants.ts'
import { onSqlite } from '../../stores.ts'
import { givenMarketplace, line, load, mapAccount, sayLines } from './given.ts'

onSqlite((open) => {
  it('an account that only a word names which nobody loaded is unknown, not gone (4.4, 4.10)', async () => {
    const app = await givenMarketplace(open)
    await app.deps.db.update(sources).set({ billingPeriod: 'previous' }).where(eq(sources.id, 'src'))
    await mapAccount(app, 'B-1', { companyId: 250, agreementId: 87, include: false })
    const other = { 'B-1': [line({ id: 'B1' })] }
    await sayLines(
      app,
      { 'A-17': [line({ id: 'L1', subscription: 'S-1', chargeStart: '2026-11-03' })], ...other },
      { period: '2026-10' },
    )
    expect((await app.sync({ approveAs: 'ffin' })).changes).toMatchObject({ created: 1 })
    await sayLines(app, other)
    await load(app)
    app.clock.advance(60_000)
    const november = [line({ id: 'L2', subscription: 'S-1' })]
    await sayLines(app, { 'A-17': november, ...other })
    expect((await app.sync()).details.filter(({ change }) => change === 'cancel')).toEqual([])
    await load(app)
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [], ...other })
    await load(app)
    expect((await app.sync()).details.filter(({ change }) => change === 'cancel')).toHaveLength(1)
    await app.close()
  })

  it('a subscription that a rule ended and that is seen again months later gets a new addition (4.4, U22)', async () => {
    const app = await givenMarketplace(open)
    const tenant = await findTenant(app.scope.db, app.scope.tenant)
    const ends = { CycleFee: 'last-of-invoice-month' as const }
    if (tenant)
      await save(app.scope.db, [saveTenantSettings(app.scope, { lineSettings: { ...tenant.lineSettings, ends } })])
    await sayLines(app, { 'A-17': [line({ id: 'L1', subscription: 'S-1' })] })
    await app.sync({ approveAs: 'ffin' })
    app.clock.set(Date.parse('2027-02-06T02:00:00Z'))
    for (const agreement of app.world.agreements.rows()) agreement.nextInvoiceDate = '2027-02-01T00:00:00Z'
    const again = { chargeStart: '2027-02-03', invoicedOn: '2027-02-05', subscription: 'S-1' }
    await sayLines(app, { 'A-17': [line({ ...again, id: 'L2' })] }, { period: '2027-02' })
    expect((await app.sync({ approveAs: 'ffin' })).changes).toMatchObject({ created: 1, updated: 0 })
    expect(app.held().map(({ effectiveDate, cancelledDate }) => [effectiveDate, cancelledDate])).toEqual([
      ['2026-11-03', '2026-11-30'],
      ['2027-02-03', '2027-02-28'],
    ])
    await app.close()
  })
})
