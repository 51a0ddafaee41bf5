import type { Scope } from '#db/db.ts'
import { listPlanRows, type Plan } from '#db/plans.ts'
import { Problem } from '#server/problem.ts'
import { approvePlan, isApprovable } from '#sync/approve/approve.ts'
import { finishRun } from '#sync/sync.ts'
import type { Command } from './command.ts'
import { checkAllowed, memberNamed, planNamed } from './named.ts'
import { exitOf, printSummary } from './summary.ts'

export const plansApproveCommand: Command = {
  name: 'plans approve',
  about: 'Approve exactly what a waiting plan holds, and write it.',
  arguments: [{ value: 'PLAN', about: 'its id, as a run prints it' }],
  options: { as: { value: 'MEMBER', required: true, about: 'who approves' } },
  async run(call) {
    const member = memberNamed('--as', call.required('as'))
    const { deps } = await call.open()
    const { scope, plan } = await planNamed(deps.db, call.argument(0) ?? '')
    await checkAllowed(deps, scope)
    await checkApprovable(scope, plan)
    const { runId } = await approvePlan(deps, scope, plan.id, { member, fingerprint: plan.fingerprint })
    call.note(`Approved by ${member}.`)
    const summary = await finishRun(deps, scope, runId, call.outside.slice)
    await printSummary(call, scope, summary)
    return exitOf(summary)
  },
}

async function checkApprovable(scope: Scope, plan: Plan): Promise<void> {
  if (plan.state !== 'waiting') return
  if ((await listPlanRows(scope, plan.id)).some(isApprovable)) return
  throw new Problem(
    'conflict',
    `Nothing in plan ${plan.id} can be approved: put right what is blocked, then sync again.`,
  )
}
