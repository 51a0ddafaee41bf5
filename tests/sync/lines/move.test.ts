import { describe, expect, it } from 'vitest'
import { subscriptionKey } from '#billing/lines/line.ts'
import { listWishes } from '#db/addition-wishes.ts'
import { type Scope, save } from '#db/db.ts'
import { findLineAddition, listLineAdditions, saveLineAddition } from '#db/line-additions.ts'
import { listLines } from '#db/lines.ts'
import { findPlan, listPlanRows } from '#db/plans.ts'
import { findRun } from '#db/runs.ts'
import { mappings } from '#db/schema.ts'
import { findTenant } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { endDuplicates, listDuplicates } from '#sync/lines/duplicates.ts'
import { moveAddition } from '#sync/lines/move.ts'
import { withdrawWish } from '#sync/lines/wish.ts'
import { rereadAgreement } from '#sync/reread.ts'
import { goOn } from '#sync/start-run.ts'
import { type Contoso, givenContoso, quantities } from '../../given.ts'
import { addLines } from '../../lines-given.ts'
import { addAddition, addAgreement } from '../../sandbox/manage/build.ts'
import { lateCommit, reset, status } from '../../sandbox/manage/faults.ts'
import { eachStore, type Open, onSqlite } from '../../stores.ts'
import { horizon, live } from '../tools.ts'

const said = { id: 'L-1', offer: 'SEC-USER', chargeType: 'CycleFee', quantity: '12', subscription: 'S-1' }
const identity = subscriptionKey({ source: 'src', account: 'A-17', said })

/** Contoso, whose subscription's line of November was posted as addition 301 on agreement 87; 88 is the right one. */
async function given(open: Open): Promise<Contoso> {
  const app = await givenContoso(open, 12)
  const { world, scope } = app
  addAgreement(world, { id: 88, company: 250, name: 'Cloud', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  const addition = world.additions.get(301)
  if (addition) addition.invoiceDescription = 'Business Premium - CycleFee'
  await save(scope.db, [scope.db.delete(mappings)])
  await app.sync()
  await addLines(scope, [
    {
      ...({
        line: 'L-1',
        chargeType: 'CycleFee',
        quantity: '12',
        subscription: 'S-1',
        chargeKind: 'recurring',
      } as const),
      status: 'synced',
      additionId: 301,
      cancelledOn: null,
    },
  ])
  await post(scope, 301)
  return app
}

const post = (scope: Scope, id: number) =>
  save(
    scope.db,
    saveLineAddition(scope, {
      posting: { lines: ['L-1'], source: 'src', account: 'A-17', kind: 'persistent', identity, period: '2026-11' },
      addition: { id, agreementId: 87 },
      cancelledOn: null,
      isEndWritten: true,
      at: 1,
    }),
  )

async function tenantOf({ deps, scope }: Contoso) {
  const tenant = await findTenant(deps.db, scope.tenant)
  if (!tenant) throw new Error('no tenant')
  return tenant
}

/** Asks for the move of 301 to 88 after this day; its plan waits. */
async function ask(app: Contoso, lastOn = '2026-11-30'): Promise<string> {
  const { deps, scope, clock } = app
  const asked = { agreementId: 87, additionId: 301, toAgreementId: 88, lastOn, member: 'ffin' }
  const run = await clock.run(moveAddition(deps, scope, await tenantOf(app), asked))
  await app.settled()
  const now = await findRun(scope, run.id)
  if (!now?.planId) throw new Error('nothing was planned')
  return now.planId
}

async function approve(app: Contoso, planId: string): Promise<void> {
  const plan = await approvePlan(app.deps, app.scope, planId, { member: 'ffin' })
  goOn(app.deps, app.scope, plan.runId)
  await app.settled()
}

/** What each of the two agreements holds: quantity, first and last day. */
const both = ({ world }: Contoso) =>
  [...world.additions.values()].map(({ agreementId, quantity, effectiveDate, cancelledDate }) =>
    [agreementId, quantity, effectiveDate?.slice(0, 10), cancelledDate?.slice(0, 10) || 'open'].join(' '),
  )

const moved = ['87 12 2026-01-01 2026-11-30', '88 12 2026-12-01 open']

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
