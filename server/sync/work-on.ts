import type { Scope } from '#db/db.ts'
import { findRun, listOpenRuns } from '#db/runs.ts'
import type { TenantId } from '#db/schema.ts'
import type { Deps } from '#server/deps.ts'
import { reasonOf } from '#server/log.ts'
import { Problem } from '#server/problem.ts'
import { recover } from '#sync/apply/recover.ts'
import { underLease } from './lease.ts'
import { pause } from './pause.ts'
import { advance, senderOf, tenantOf, type Work } from './run.ts'
import type { Slice } from './slice.ts'

const untilFreeMs = 1_000

/** Gets on with everything that is open for a tenant, unless somebody else does. One tenant's trouble is its own. */
export async function workOn(deps: Deps, scope: Scope, slice: Slice): Promise<void> {
  await alone(deps, scope.tenant, () => work(deps, scope, slice))
}

/** Works until this run is final or the slice stops; while another process or request works here, it waits its turn. */
export async function workUntil(deps: Deps, scope: Scope, runId: string, slice: Slice): Promise<void> {
  await alone(deps, scope.tenant, async () => {
    while (!slice.stopping() && (await findRun(scope, runId))?.state === 'running') {
      if (await work(deps, scope, slice)) return
      await deps.sleep(untilFreeMs)
    }
  })
}

/** One tenant's trouble is its own: it is logged, and the others go on. */
export async function alone(deps: Deps, tenant: TenantId, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    deps.log[cause instanceof Problem ? 'warn' : 'error']('tenant.failed', { tenant, reason: reasonOf(cause) })
  }
}

const work = (deps: Deps, scope: Scope, slice: Slice): Promise<true | undefined> =>
  underLease(deps, scope, (lease) => getOn({ deps, scope, lease, slice }))

/** Settles what is open, then takes every open run of the tenant as far as it goes, oldest first. */
async function getOn(work: Work): Promise<true> {
  const { scope, deps, slice } = work
  await settleOpen(work)
  const taken = new Set<string>()
  for (;;) {
    const run = (await listOpenRuns(scope)).find(({ id }) => !taken.has(id))
    if (!run || slice.stopping()) return true
    taken.add(run.id)
    deps.at('run.claimed')
    const progress = await advance(work, run.id)
    if (!progress.final) return true
  }
}

/** Looks up what has no answer yet, unless the tenant is paused or switched off. Without usable keys it is paused. */
export async function settleOpen(work: Work): Promise<void> {
  const tenant = await tenantOf(work.scope)
  if (tenant.state !== 'connected' || tenant.disabledAt !== null) return
  try {
    await recover(await senderOf(work, tenant))
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.kind !== 'forbidden') throw problem
    await pause(work, problem.message)
  }
}
