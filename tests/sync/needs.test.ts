import { afterEach, expect, it } from 'vitest'
import { waitForNeeds } from '#billing/needs.ts'
import { save } from '#db/db.ts'
import { addRun, findRun } from '#db/runs.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { newRun } from '#sync/asked.ts'
import { underLease } from '#sync/lease.ts'
import { loadMappings } from '#sync/mapping/mappings.ts'
import { readMirror } from '#sync/mirror.ts'
import { propose } from '#sync/propose.ts'
import { tenantOf } from '#sync/run.ts'
import { savePlan } from '#sync/save-plan.ts'
import { finishRun } from '#sync/sync.ts'
import { givenContoso } from '../given.ts'
import { addAddition, addAgreement } from '../sandbox/manage/build.ts'
import { status, throttle429 } from '../sandbox/manage/faults.ts'
import { type App, wholeLife } from '../start.ts'
import { eachStore } from '../stores.ts'
import { patch, patches } from './tools.ts'

eachStore((open) => {
  let app: App | undefined
  afterEach(() => app?.close())
  /** Three additions of ten that are to become eleven, the last one maybe more; 301 needs 302, and 302 needs 303. */
  const chain = async (last = 11) => {
    const made = await givenContoso(open, 10)
    app = made
    for (const id of [302, 303]) {
      const agreement = addAgreement(made.world, { id: id - 200, company: 250 })
      addAddition(made.world, { id, agreement, product: 512, quantity: 10, unitPrice: 10 })
      await made.map({ id: `m${id}`, account: `B-${id}`, agreementId: agreement.id, additionId: id })
    }
    await made.say({ 'A-17': 11, 'B-302': 11, 'B-303': last })
    const run = await made.clock.run(planned(made))
    const finish = () => made.clock.run(finishRun(made.deps, made.scope, run, wholeLife))
    const quantities = () => [301, 302, 303].map((id) => made.world.additions.get(id)?.quantity)
    return { ...made, run, finish, quantities }
  }

  it('sends each write after those it needs, also when one has to wait', async () => {
    const app = await chain()
    app.manage.faults.add({ match: { ...patch, times: 1 }, fault: throttle429(30) })
    expect(await app.finish()).toMatchObject({ state: 'done', changes: { updated: 3 } })
    const sent = patches(app).map(({ path }) => path.slice(-3))
    expect(sent).toEqual(['303', '303', '302', '301'])
  })

  it('holds what needs a refused write and says for what it waits; approved later, it follows', async () => {
    const app = await chain()
    const refusal = app.manage.faults.add({ match: patch, fault: status(400, { body: { message: 'locked' } }) })
    const run = await app.finish()
    expect(run).toMatchObject({ state: 'failed', changes: { failed: 1, held: 2 } })
    expect(run.details.map(({ reason }) => reason)).toEqual([
      'waits for addition 302',
      expect.stringMatching(/^waits for addition 303: .*locked/),
      expect.stringContaining('locked'),
    ])
    expect(app.quantities()).toEqual([10, 10, 10])
    refusal.remove()
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 3 } })
  })

  it('a yes to a held write takes those along that waited for it', async () => {
    const app = await chain(20)
    const held = await app.finish()
    expect(held).toMatchObject({ state: 'held', changes: { held: 3 } })
    await approvePlan(app.deps, app.scope, held.plan ?? '', { member: 'Fay' })
    await app.finish()
    expect(app.quantities()).toEqual([11, 11, 20])
  })
})

/** A run whose plan is saved and of which nothing is sent yet. */
async function planned({ deps, scope }: App): Promise<string> {
  const claimed = newRun(deps, scope.tenant, { startedBy: 'test' })
  await underLease(deps, scope, async (lease) => {
    await save(scope.db, [addRun(scope, claimed)])
    const [tenant, run] = [await tenantOf(scope), await findRun(scope, claimed.id)]
    if (!run) throw new Error('the run is gone')
    const mappings = await loadMappings(scope)
    await readMirror({ deps, scope, tenant, run, lease, slice: wholeLife }, mappings)
    const proposed = await propose(deps, scope, tenant, run)
    const rows = proposed.rows
      .toSorted((a, b) => a.key.localeCompare(b.key))
      .map((row, i) => (i < 2 ? { ...row, needs: [`addition:${302 + i}`] } : row))
    await savePlan({ deps, scope, lease }, run, { ...proposed, rows: waitForNeeds(rows) })
  })
  return claimed.id
}
