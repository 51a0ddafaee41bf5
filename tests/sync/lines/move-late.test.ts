import { describe, expect, it } from 'vitest'
import { listWishes } from '#db/addition-wishes.ts'
import { listPlanRows } from '#db/plans.ts'
import { endDuplicates } from '#sync/lines/duplicates.ts'
import { withdrawWish } from '#sync/lines/wish.ts'
import { rereadAgreement } from '#sync/reread.ts'
import type { Contoso } from '../../given.ts'
import { addAddition } from '../../sandbox/manage/build.ts'
import { reset } from '../../sandbox/manage/faults.ts'
import { onSqlite } from '../../stores.ts'
import { horizon, live } from '../tools.ts'
import { approve, ask, both, given, moved, tenantOf } from './move-given.ts'

const untouched = ['87 12 2026-01-01 open']

async function whyHeld(app: Contoso, planId: string): Promise<string | null | undefined> {
  const [end] = await listPlanRows(app.scope, planId)
  expect(end?.outcome).toBe('held')
  return end?.outcomeReason
}

onSqlite((open) => {
  const invoiced: [string, number, string][] = [
    ['here', 87, 'already on the invoice of December 2026'],
    ['there', 88, '2026-12-01 would not be billed'],
  ]
  for (const [where, id, why] of invoiced)
    it(`moves nothing that was invoiced ${where} between its plan and the approval (V21)`, async () => {
      const app = await given(open)
      const planId = await ask(app)
      const agreement = app.world.agreements.get(id)
      if (agreement) agreement.nextInvoiceDate = '2027-01-01'
      await live(app, 700_000)
      await approve(app, planId)
      expect(both(app)).toEqual(untouched)
      expect(await whyHeld(app, planId)).toContain(why)
      await app.close()
    })

  it('does not forget a move whose end has no answer yet: it would be billed nowhere (V21)', async () => {
    const app = await given(open)
    const planId = await ask(app)
    const { faults } = app.manage
    faults.add({ match: { method: 'PATCH', path: /additions/, times: 1 }, fault: reset('afterCommit') })
    faults.add({ match: { method: 'GET', path: /additions/, times: 9 }, fault: reset('beforeCommit') })
    await approve(app, planId)
    await expect(withdrawWish(app.deps, app.scope, 301, 'ffin')).rejects.toThrow('being written right now')
    await live(app, horizon + 120_000)
    await app.sync({ approveAs: 'ffin' })
    expect(both(app)).toEqual(moved)
    expect(await listWishes(app.scope)).toEqual([])
    await app.close()
  })

  it('moves by hand only what bills less than its quantity, or where nothing is billed (V21)', async () => {
    const app = await given(open)
    const [addition, there] = [app.world.additions.get(301), app.world.agreements.get(88)]
    if (there) there.billProducts = 'DoNotBill'
    await expect(ask(app)).rejects.toThrow('Bill Products of agreement 88 is DoNotBill')
    if (addition) addition.lessIncluded = 2
    await expect(ask(app)).rejects.toThrow('less 2 that are included')
    await app.close()
  })

  describe('the duplicate finder', () => {
    it('ends no two of a pair, each as the duplicate of the other, and nothing without its double (V6)', async () => {
      const app = await given(open)
      const { deps, scope, clock, world } = app
      for (const id of [302, 303]) addAddition(world, { id, agreement: 87, product: 512, quantity: 12, unitPrice: 10 })
      await clock.run(rereadAgreement(deps, scope, 87))
      const tenant = await tenantOf(app)
      const end = (id: number, keep: number) =>
        clock.run(
          endDuplicates(deps, scope, tenant, { keep, end: [{ agreementId: 87, additionId: id }], member: 'ffin' }),
        )
      await end(302, 303)
      await app.settled()
      await expect(end(303, 302)).rejects.toThrow('somebody ends or moves one')
      world.additions.delete(301)
      await expect(end(303, 301)).rejects.toThrow('do not bill the same any more')
      await app.close()
    })
  })
})
