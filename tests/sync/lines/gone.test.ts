import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { sources } from '#db/schema.ts'
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
})
