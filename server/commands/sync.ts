import type { Scope } from '#db/db.ts'
import { listMappings } from '#db/mappings.ts'
import { listAccounts } from '#db/snapshots.ts'
import { Problem } from '#server/problem.ts'
import type { Asked } from '#sync/asked.ts'
import { dryRun, syncNow } from '#sync/sync.ts'
import { type Call, type Command, UsageProblem } from './command.ts'
import { checkAllowed, memberNamed, scopeNamed, sourceNamed } from './named.ts'
import { exitOf, printSummary } from './summary.ts'

export const syncCommand: Command = {
  name: 'sync',
  about: 'Plan, guard and apply now; what is held waits for a person.',
  options: {
    tenant: { value: 'T', required: true, about: 'which instance' },
    source: { value: 'S', about: 'only this source, by id or name' },
    account: { value: 'ID', repeated: true, about: 'only this account; may be repeated' },
    'dry-run': { about: 'write nothing; 0 when ConnectWise agrees already, 2 when anything is pending' },
    'approve-as': { value: 'MEMBER', about: 'who takes what is held; blocks wait all the same' },
  },
  async run(call) {
    const isDry = call.isOn('dry-run')
    const member = memberOf(call)
    const { deps } = await call.open()
    const scope = await scopeNamed(deps.db, call.required('tenant'))
    await checkAllowed(deps, scope)
    const asked: Asked = { startedBy: 'command line', ...(await partOf(call, scope)), ...member }
    const summary = await (isDry ? dryRun : syncNow)(deps, scope, asked, call.outside.slice)
    await printSummary(call, scope, summary, { isDry })
    return exitOf(summary)
  },
}

function memberOf(call: Call): Pick<Asked, 'approveAs'> {
  const member = call.option('approve-as')
  if (member === undefined) return {}
  if (call.isOn('dry-run')) throw new UsageProblem('A dry run approves nothing: leave out --approve-as or --dry-run.')
  return { approveAs: memberNamed('--approve-as', member) }
}

async function partOf(call: Call, scope: Scope): Promise<Pick<Asked, 'source' | 'accounts'>> {
  const source = call.option('source')
  const accounts = call.every('account')
  await checkAccounts(scope, accounts)
  return {
    ...(source === undefined ? {} : { source: (await sourceNamed(scope, source)).id }),
    ...(accounts.length > 0 ? { accounts } : {}),
  }
}

/** A misspelt account would look like one with nothing to do. */
async function checkAccounts(scope: Scope, accounts: readonly string[]): Promise<void> {
  if (accounts.length === 0) return
  const known = new Set([...(await listMappings(scope)), ...(await listAccounts(scope))].map(({ account }) => account))
  const unknown = accounts.filter((account) => !known.has(account))
  if (unknown.length > 0)
    throw new Problem(
      'not_found',
      `${scope.tenant} has no account ${unknown.map((id) => JSON.stringify(id)).join(', ')}.`,
    )
}
