import { type Scope, save } from '#db/db.ts'
import { addRun, findRun, listOpenRuns, type Run } from '#db/runs.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { requireEnabled } from '#sync/settings/disable.ts'
import { type Asked, isAboutSame, newRun } from './asked.ts'
import { tenantOf } from './run.ts'
import { workUntil } from './work-on.ts'

/** Runs of a tenant that work or wait their turn. */
const mostOpen = 10

/**
 * Starts a run that goes on after the answer was given: it reads, plans, and writes what the guard lets through. While
 * another run works for the tenant it waits its turn; pressed again before it has read, it is the run there is. A
 * stopped process leaves it to the next tick. Throws a Problem when nothing may be asked of ConnectWise, while TrueUp is
 * switched off, and when ten runs are open.
 */
export async function startRun(deps: Deps, scope: Scope, asked: Asked & { scheduleId?: string }): Promise<Run> {
  const tenant = await tenantOf(scope)
  const { companyId, state, stateCause } = tenant
  if (state !== 'connected')
    throw new Problem(
      'conflict',
      `Nothing is run while ${companyId} is not connected: ${stateCause ?? 'see Settings'}.`,
    )
  requireEnabled(tenant)
  const run = await findOrAdd(deps, scope, asked)
  deps.later((slice) => workUntil(deps, scope, run.id, slice))
  return run
}

async function findOrAdd(deps: Deps, scope: Scope, asked: Asked & { scheduleId?: string }): Promise<Run> {
  const run = newRun(deps, scope.tenant, asked)
  const { sourceId = null, accounts = null, mappings = null, lines = null } = run
  const about = { sourceId, accounts, mappings, lines }
  const open = await listOpenRuns(scope)
  const same = open.find((one) => one.phase === 'reading' && isAboutSame(one, about))
  if (same) return same
  if (open.length >= mostOpen)
    throw new Problem('conflict', `${mostOpen} runs are not finished yet: start another when one has ended.`, {
      retry: true,
    })
  await save(scope.db, [addRun(scope, run)])
  const added = await findRun(scope, run.id)
  if (!added) throw new Error(`run ${run.id} vanished`)
  return added
}

/** Lets a run go on after the answer was given: somebody approved or chose something in its plan. */
export function goOn(deps: Deps, scope: Scope, runId: string): void {
  deps.later((slice) => workUntil(deps, scope, runId, slice))
}
