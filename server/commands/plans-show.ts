import { Temporal } from 'temporal-polyfill'
import { listPlanRows, type PlanRowRecord } from '#db/plans.ts'
import { isApprovable } from '#sync/approve/approve.ts'
import { detailOf } from '#sync/summary.ts'
import type { Command } from './command.ts'
import { planNamed } from './named.ts'
import { accountNames, rowsOf } from './summary.ts'
import { counted } from './text.ts'

export const plansShowCommand: Command = {
  name: 'plans show',
  about: 'Show what a plan changes, before and after, and why it waits.',
  arguments: [{ value: 'PLAN', about: 'its id, as a run prints it' }],
  options: {},
  async run(call) {
    const { deps } = await call.open()
    const { plan, scope } = await planNamed(deps.db, call.argument(0) ?? '')
    const rows = await listPlanRows(scope, plan.id)
    const { id, runId, state, fingerprint, unchanged, closedBy } = plan
    const createdAt = Temporal.Instant.fromEpochMilliseconds(plan.createdAt).toString()
    const approvable = plan.state === 'waiting' ? rows.filter(isApprovable).length : 0
    call.print(
      {
        plan: id,
        tenant: scope.tenant,
        run: runId,
        state,
        fingerprint,
        createdAt,
        closedBy,
        unchanged,
        approvable,
        details: rows.map(lineOf),
      },
      [
        `Plan ${id} of ${scope.tenant}: ${state}, made ${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
        `${counted(rows.length, 'row')}, ${unchanged} unchanged; fingerprint ${fingerprint.slice(0, 12)}`,
        ...(rows.length > 0 ? ['', rowsOf(rows.map(detailOf), await accountNames(scope))] : []),
        ...(approvable > 0
          ? ['', `Next: trueup plans approve ${id} --as MEMBER takes ${counted(approvable, 'change')}`]
          : []),
      ].join('\n'),
    )
    return 0
  },
}

const lineOf = (row: PlanRowRecord) => ({
  ...detailOf(row),
  company: row.companyId,
  agreement: row.agreementId,
  product: row.productId,
  amount: row.amount,
  holds: row.holds,
})
