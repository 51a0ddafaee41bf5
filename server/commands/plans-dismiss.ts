import { dismissPlan } from '#sync/approve/approve.ts'
import type { Command } from './command.ts'
import { memberNamed, planNamed } from './named.ts'

export const plansDismissCommand: Command = {
  name: 'plans dismiss',
  about: 'Close a waiting plan; nothing of what it holds is written.',
  arguments: [{ value: 'PLAN', about: 'its id, as a run prints it' }],
  options: { as: { value: 'MEMBER', required: true, about: 'who dismisses it' } },
  async run(call) {
    const member = memberNamed('--as', call.required('as'))
    const { deps } = await call.open()
    const { scope, plan } = await planNamed(deps.db, call.argument(0) ?? '')
    await dismissPlan(deps, scope, plan.id, member)
    call.print({ plan: plan.id, state: 'dismissed' }, `Plan ${plan.id} is dismissed. The next run plans anew.`)
    return 0
  },
}
