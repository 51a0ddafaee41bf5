import { expect, it } from 'vitest'
import { listLedger } from '#db/ledger.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { listLogs } from '#db/logs.ts'
import { eachStore } from '../../stores.ts'
import { givenMarketplace, line, sayLines } from './given.ts'

const day = 86_400_000

eachStore((open) => {
  it('keeps lines and logs for 460 days, and what stands for a posted line and the ledger for ever (X14)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [line({ id: 'L1' })] })
    await app.sync({ approveAs: 'ffin' })
    const logged = async () =>
      (await listLogs(app.scope, { since: 0, readable: 'all' }, { size: 50, number: 1 })).length
    const [before, entries] = [await logged(), (await listLedger(app.scope)).length]
    app.clock.set(app.clock.now() + 459 * day)
    await app.tick()
    expect((await app.stored()).size).toBe(1)
    app.clock.set(app.clock.now() + 3 * day)
    await app.tick()
    expect((await app.stored()).size).toBe(0)
    expect(await logged()).toBeLessThan(before)
    expect(await listLineAdditions(app.scope, { agreements: [87] })).toHaveLength(1)
    expect((await listLedger(app.scope)).length).toBeGreaterThanOrEqual(entries)
    await app.close()
  })
})
