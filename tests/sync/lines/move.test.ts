import { describe, expect, it } from 'vitest'
import { listWishes } from '#db/addition-wishes.ts'
import { findLineAddition, listLineAdditions } from '#db/line-additions.ts'
import { listLines } from '#db/lines.ts'
import { findPlan, listPlanRows } from '#db/plans.ts'
import { endDuplicates, listDuplicates } from '#sync/lines/duplicates.ts'
import { withdrawWish } from '#sync/lines/wish.ts'
import { rereadAgreement } from '#sync/reread.ts'
import { quantities } from '../../given.ts'
import { addAddition } from '../../sandbox/manage/build.ts'
import { lateCommit, reset, status } from '../../sandbox/manage/faults.ts'
import { eachStore, onSqlite } from '../../stores.ts'
import { horizon, live } from '../tools.ts'
import { approve, ask, both, given, identity, moved, tenantOf } from './move-given.ts'

eachStore((open) => {
  it('moves an addition by one plan of two rows that waits, and its lines follow (V21, Q3, M19)', async () => {
    const app = await given(open)
    const { scope } = app
    const planId = await ask(app)
    expect(await findPlan(scope, planId)).toMatchObject({ state: 'waiting' })
    expect(both(app)).toEqual(['87 12 2026-01-01 open'])
    const rows = await listPlanRows(scope, planId)
    expect(rows.map(({ key, outcome, needs }) => [key, outcome, needs])).toEqual([
      ['addition:301', 'held', []],
      ['move:301', 'held', ['addition:301']],
    ])
    await approve(app, planId)
    expect(both(app)).toEqual(moved)
    const made = [...app.world.additions.values()].find(({ agreementId }) => agreementId === 88)
    expect(made).toMatchObject({ unitPrice: 10, unitCost: 4, invoiceDescription: 'Business Premium - CycleFee' })
    expect(await findLineAddition(scope, identity)).toMatchObject({ additionId: made?.id, agreementId: 88 })
    expect(await listLines(scope, { ids: ['L-1'] })).toMatchObject([
      { additionId: made?.id, agreementId: 88, placedAgreementId: 88, status: 'synced' },
    ])
    expect(await listWishes(scope)).toEqual([])
    await app.sync()
    expect(both(app)).toEqual(moved)
    await app.close()
  })
})

onSqlite((open) => {
  const faults: [string, ReturnType<typeof reset>, string][] = [
    ['the end is refused by a lost connection', reset('beforeCommit'), 'PATCH'],
    ['the answer to the end is lost', reset('afterCommit'), 'PATCH'],
    ['the answer to the new one is lost', reset('afterCommit'), 'POST'],
    ['the new one is lost on its way', reset('beforeCommit'), 'POST'],
    ['the new one lands five minutes late', lateCommit(300_000), 'POST'],
  ]
  for (const [what, fault, method] of faults)
    it(`moves it exactly once when ${what} (V21)`, async () => {
      const app = await given(open)
      const planId = await ask(app)
      app.manage.faults.add({ match: { method, path: /additions/, times: 1 }, fault })
      await approve(app, planId)
      await live(app, horizon + 120_000)
      for (let run = 0; run < 2; run++) await app.sync({ approveAs: 'ffin' })
      expect(both(app)).toEqual(moved)
      expect(await listWishes(app.scope)).toEqual([])
      await app.close()
    })

  it('lets it go on there by the next plan where ConnectWise refused that once (V21)', async () => {
    const app = await given(open)
    const planId = await ask(app)
    app.manage.faults.add({ match: { method: 'POST', path: /additions/, times: 1 }, fault: status(400) })
    await approve(app, planId)
    expect(both(app)).toEqual(['87 12 2026-01-01 2026-11-30'])
    await app.clock.run(expect(withdrawWish(app.deps, app.scope, 301, 'ffin')).rejects.toThrow('ended here already'))
    await app.sync({ approveAs: 'ffin' })
    expect(both(app)).toEqual(moved)
    await app.close()
  })

  it('refuses what was invoiced here, in words, and forgets what is withdrawn (Q3)', async () => {
    const app = await given(open)
    await expect(ask(app, '2026-11-10')).rejects.toThrow('already on the invoice of November 2026')
    const planId = await ask(app)
    await expect(ask(app)).rejects.toThrow('withdraw that first')
    await withdrawWish(app.deps, app.scope, 301, 'ffin')
    await expect(approve(app, planId)).rejects.toThrow('stale')
    await app.sync({ approveAs: 'ffin' })
    expect(both(app)).toEqual(['87 12 2026-01-01 open'])
    await app.close()
  })

  describe('the duplicate finder', () => {
    it('ends a hand-made twin by one held plan, and finds nothing any more (V6, Q4)', async () => {
      const app = await given(open)
      const { deps, scope, clock } = app
      addAddition(app.world, { id: 302, agreement: 87, product: 512, quantity: 12, unitPrice: 10 })
      const tenant = await tenantOf(app)
      await clock.run(rereadAgreement(deps, scope, 87))
      const [found, ...others] = await listDuplicates(scope, tenant)
      expect(others).toEqual([])
      expect(found).toMatchObject({ cause: 'beside-hand-made', keep: 301, atStake: '120' })
      const asked = { keep: 302, end: [{ agreementId: 87, additionId: 301 }], member: 'ffin' }
      await clock.run(expect(endDuplicates(deps, scope, tenant, asked)).rejects.toThrow('next month’s lines'))
      await clock.run(
        endDuplicates(deps, scope, tenant, { keep: 301, end: [{ agreementId: 87, additionId: 302 }], member: 'ffin' }),
      )
      await app.settled()
      expect(both(app)).toEqual(['87 12 2026-01-01 open', '87 12 2026-01-01 open'])
      await app.sync({ approveAs: 'ffin' })
      expect(both(app)).toEqual(['87 12 2026-01-01 open', '87 12 2026-01-01 2026-11-30'])
      expect(await listWishes(scope)).toEqual([])
      expect((await listLineAdditions(scope, { agreements: [87] })).map(({ closedAt }) => closedAt)).toEqual([null])
      expect(quantities(app, 87)).toHaveLength(2)
      await app.close()
    })
  })
})
