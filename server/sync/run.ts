import { countRows, stateOf } from '#billing/summary.ts'
import { type Scope, save } from '#db/db.ts'
import { supersedePlanned } from '#db/intents.ts'
import { listMappings } from '#db/mappings.ts'
import { findPlan, listPlanRows, markApplying, savePlanRow, savePlanState } from '#db/plans.ts'
import { findRun, type Run, saveRun } from '#db/runs.ts'
import { findTenant, saveTenantState, type Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { type Sender, sendPlanned } from './apply.ts'
import { approveHeld } from './approve.ts'
import type { Lease } from './lease.ts'
import { toMapping } from './mappings.ts'
import { readMirror } from './mirror.ts'
import { inScopeOf, propose, savePlan } from './propose.ts'
import type { Progress, Slice } from './slice.ts'

/** One tenant's work under its lease: what every step of a run needs. */
export interface Work {
  deps: Deps
  scope: Scope
  lease: Lease
  slice: Slice
}

/**
 * Takes a run as far as this slice goes: reading, planning, applying. It resumes from the database, wherever an earlier
 * slice or process stopped. A Problem ends the run as failed; any other error is thrown and the run stays open.
 */
export async function advance(work: Work, runId: string): Promise<Progress> {
  const { deps, scope } = work
  const run = await findRun(scope, runId)
  if (run?.state !== 'running') return { final: true }
  const before = (await deps.connectWise(scope)).requests()
  try {
    return await step(work, await tenantOf(scope), run)
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.kind === 'conflict') throw problem
    if (problem.kind === 'forbidden') await pause(work, problem.message)
    await finish(work, run.id, problem.message)
    return { final: true }
  } finally {
    await countRequests(work, runId, before)
  }
}

async function step(work: Work, tenant: Tenant, run: Run): Promise<Progress> {
  const { deps, scope, slice } = work
  if (tenant.state !== 'connected') throw new Problem('invalid', `${tenant.id} needs attention: ${tenant.stateCause}`)
  if (run.phase === 'reading') {
    const mappings = (await listMappings(scope)).map(toMapping)
    const asked = mappings.filter((mapping) => mapping.include && !mapping.parkedReason && inScopeOf(run)(mapping))
    if (!(await readMirror({ ...work, tenant, run }, asked))) return { final: false, resumeAt: deps.now() }
    await savePlan(deps, scope, run, await propose(deps, scope, await tenantOf(scope), run))
  }
  const planned = await findRun(scope, run.id)
  if (planned?.planId && planned.approveAs !== null) await approveHeld(deps, scope, planned.planId, planned.approveAs)
  if (planned?.planId) await save(scope.db, [markApplying(scope, planned.planId)])
  const progress = await sendPlanned(await senderOf(work, tenant), run.id)
  if (!progress.final || slice.stopping()) return progress.final ? { final: false, resumeAt: deps.now() } : progress
  await finish(work, run.id)
  return progress
}

/** Everything sending needs, with the mappings as they are now. */
export async function senderOf(work: Work, tenant: Tenant): Promise<Sender> {
  const mappings = (await listMappings(work.scope)).map(toMapping)
  return {
    ...work,
    tenant,
    connectWise: await work.deps.connectWise(work.scope),
    mappings: new Map(mappings.map((mapping) => [mapping.id, mapping])),
  }
}

export async function tenantOf(scope: Scope): Promise<Tenant> {
  const tenant = await findTenant(scope.db, scope.tenant)
  if (!tenant) throw new Problem('not_found', `there is no tenant ${scope.tenant}`)
  return tenant
}

async function pause({ deps, scope }: Work, cause: string): Promise<void> {
  deps.log.error('tenant.paused', { tenant: scope.tenant, reason: cause })
  await save(scope.db, [saveTenantState(scope, { state: 'attention', stateCause: cause, stateAt: deps.now() })])
}

/** Closes the run: what was not sent is given up, every row has an outcome, and the counts are those of the rows. */
async function finish({ deps, scope }: Work, runId: string, because?: string): Promise<void> {
  const run = await findRun(scope, runId)
  if (!run) return
  deps.at('run.finishing')
  const cause = because ?? run.cause ?? undefined
  const stopped = cause ?? (await whyStopped(scope))
  const tenant = await tenantOf(scope)
  const unsent = cause === undefined && tenant.state === 'connected' ? ('held' as const) : ('failed' as const)
  const plan = run.planId === null ? undefined : await findPlan(scope, run.planId)
  const rows = (plan ? await listPlanRows(scope, plan.id) : []).map((row) =>
    row.outcome === 'pending' ? { ...row, outcome: unsent, outcomeReason: `not sent: ${stopped}` } : row,
  )
  const given = rows.filter((row) => row.outcomeReason?.startsWith('not sent: '))
  const counts = countRows(rows, plan?.unchanged ?? 0)
  const state = cause === undefined ? stateOf(rows) : 'failed'
  await save(scope.db, [
    supersedePlanned(scope, runId, deps.now()),
    ...given.map((row) => savePlanRow(scope, row, { outcome: row.outcome, outcomeReason: row.outcomeReason })),
    ...(plan && plan.state !== 'waiting' ? [savePlanState(scope, plan.id, 'done')] : []),
    saveRun(scope, runId, { phase: 'final', state, counts, cause: cause ?? null, finishedAt: deps.now() }),
  ])
  deps.at('run.finished')
  deps.log.info('run.finished', { tenant: scope.tenant, run: runId, state, counts })
}

async function whyStopped(scope: Scope): Promise<string> {
  const tenant = await tenantOf(scope)
  return tenant.state === 'attention' ? (tenant.stateCause ?? 'the tenant needs attention') : 'writing was stopped'
}

async function countRequests({ deps, scope }: Work, runId: string, before: number): Promise<void> {
  const run = await findRun(scope, runId)
  const sent = (await deps.connectWise(scope)).requests() - before
  if (run && sent > 0) await save(scope.db, [saveRun(scope, runId, { requests: run.requests + sent })])
}
