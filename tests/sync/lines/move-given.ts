import { subscriptionKey } from '#billing/lines/line.ts'
import { type Scope, save } from '#db/db.ts'
import { saveLineAddition } from '#db/line-additions.ts'
import { findRun } from '#db/runs.ts'
import { mappings } from '#db/schema.ts'
import { findTenant } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { moveAddition } from '#sync/lines/move.ts'
import { goOn } from '#sync/start-run.ts'
import { type Contoso, givenContoso } from '../../given.ts'
import { addLines } from '../../lines-given.ts'
import { addAgreement } from '../../sandbox/manage/build.ts'
import type { Open } from '../../stores.ts'

const said = { id: 'L-1', offer: 'SEC-USER', chargeType: 'CycleFee', quantity: '12', subscription: 'S-1' }
export const identity = subscriptionKey({ source: 'src', account: 'A-17', said })

/** Contoso, whose subscription's line of November was posted as addition 301 on agreement 87; 88 is the right one. */
export async function given(open: Open): Promise<Contoso> {
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

export async function tenantOf({ deps, scope }: Contoso) {
  const tenant = await findTenant(deps.db, scope.tenant)
  if (!tenant) throw new Error('no tenant')
  return tenant
}

/** Asks for the move of 301 to 88 after this day; its plan waits. */
export async function ask(app: Contoso, lastOn = '2026-11-30'): Promise<string> {
  const { deps, scope, clock } = app
  const asked = { agreementId: 87, additionId: 301, toAgreementId: 88, lastOn, member: 'ffin' }
  const run = await clock.run(moveAddition(deps, scope, await tenantOf(app), asked))
  await app.settled()
  const now = await findRun(scope, run.id)
  if (!now?.planId) throw new Error('nothing was planned')
  return now.planId
}

export async function approve(app: Contoso, planId: string): Promise<void> {
  const plan = await approvePlan(app.deps, app.scope, planId, { member: 'ffin' })
  goOn(app.deps, app.scope, plan.runId)
  await app.settled()
}

/** What each of the two agreements holds: quantity, first and last day. */
export const both = ({ world }: Contoso) =>
  [...world.additions.values()].map(({ agreementId, quantity, effectiveDate, cancelledDate }) =>
    [agreementId, quantity, effectiveDate?.slice(0, 10), cancelledDate?.slice(0, 10) || 'open'].join(' '),
  )

export const moved = ['87 12 2026-01-01 2026-11-30', '88 12 2026-12-01 open']
