import { isPinned } from '#billing/choice.ts'
import { isExported } from '#billing/contact-rows.ts'
import { dayIn } from '#billing/period.ts'
import { countRows, stateOf } from '#billing/summary.ts'
import { listChoices } from '#db/choices.ts'
import { type Scope, save } from '#db/db.ts'
import { listDocumentsOf } from '#db/documents.ts'
import { supersedePlanned } from '#db/intents.ts'
import { followPlan } from '#db/line-statuses.ts'
import { addLogs } from '#db/logs.ts'
import {
  findPlan,
  isPlanStill,
  listPlanRows,
  markApplying,
  type PlanRowRecord,
  savePlanRows,
  savePlanState,
} from '#db/plans.ts'
import { findRun, type Run, saveRun } from '#db/runs.ts'
import { findTenant, type Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { sendPlanned } from '#sync/apply/apply.ts'
import { rememberContacts, type Sender } from '#sync/apply/sender.ts'
import { approveHeld } from '#sync/approve/approve.ts'
import { loadAsked, loadMappings } from '#sync/mapping/mappings.ts'
import { mapNewSkus } from '#sync/mapping/new-skus.ts'
import { attachLists } from '#sync/people/attach-lists.ts'
import { exportContacts } from '#sync/people/export-contacts.ts'
import { journalOfContacts } from '#sync/people/journal-contacts.ts'
import { countLists, journalOfLists } from '#sync/people/journal-lists.ts'
import { whyDisabled } from '#sync/settings/disable.ts'
import { collectSources } from '#sync/sources/collect-sources.ts'
import { loadAccountNames } from './account-names.ts'
import { journalOf } from './journal.ts'
import type { Lease } from './lease.ts'
import { loadMonths, prepareLines } from './lines/line-work.ts'
import { readMirror } from './mirror.ts'
import { pause } from './pause.ts'
import { propose } from './propose.ts'
import { savePlan } from './save-plan.ts'
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
  const { scope } = work
  const run = await findRun(scope, runId)
  if (run?.state !== 'running') return { final: true }
  try {
    const tenant = await tenantOf(scope)
    return await counted(work, runId, () => step(work, tenant, run))
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.kind === 'conflict') throw problem
    if (problem.kind === 'forbidden') await pause(work, problem.message)
    return finish(work, run.id, problem.message)
  }
}

async function step(work: Work, tenant: Tenant, run: Run): Promise<Progress> {
  const { deps, scope, slice } = work
  if (tenant.state !== 'connected') throw new Problem('invalid', `${tenant.id} needs attention: ${tenant.stateCause}`)
  const disabled = whyDisabled(tenant)
  if (disabled !== undefined) throw new Problem('invalid', disabled)
  if (run.phase === 'reading') {
    const asked = await loadAsked(scope, run)
    const collected = await collectSources({ ...work, tenant }, run, asked)
    if (!collected) return { final: false, resumeAt: deps.now() }
    if (collected.unread) await save(scope.db, [saveRun(scope, run.id, { unread: collected.unread })])
    const mapped = await mapNewSkus({ deps, scope, tenant }, run, asked)
    await loadMonths({ ...work, tenant }, run)
    const lines = await prepareLines({ ...work, tenant }, run)
    if (!(await readMirror({ ...work, tenant, run }, mapped, lines?.places)))
      return { final: false, resumeAt: deps.now() }
    const contacts = await exportContacts({ ...work, tenant, run })
    await savePlan(work, run, await propose(deps, scope, await tenantOf(scope), run, contacts))
  }
  const planned = await findRun(scope, run.id)
  if (planned?.planId && planned.approveAs !== null) await approveHeld(deps, scope, planned.planId, planned.approveAs)
  if (planned?.planId) await save(scope.db, [markApplying(scope, planned.planId)])
  const progress = await sendPlanned(await senderOf(work, tenant), run.id)
  if (!progress.final || slice.stopping()) return progress.final ? { final: false, resumeAt: deps.now() } : progress
  const attached = planned ? await attachLists(work, tenant, planned) : progress
  return attached.final ? finish(work, run.id) : attached
}

/** Everything sending needs, with the mappings as they are now. */
export async function senderOf(work: Work, tenant: Tenant): Promise<Sender> {
  const [mappings, connectWise] = await Promise.all([loadMappings(work.scope), work.deps.connectWise(work.scope)])
  const today = dayIn(tenant.zone, work.deps.now())
  const pins = (await listChoices(work.scope)).filter((choice) => isPinned(choice, today))
  return {
    ...work,
    tenant,
    connectWise,
    contactsOf: rememberContacts(work.deps, connectWise),
    mappings: new Map(mappings.map((mapping) => [mapping.id, mapping])),
    pins: new Map(pins.map(({ additionId, until }) => [additionId, until ?? ''])),
  }
}

export async function tenantOf(scope: Scope): Promise<Tenant> {
  const tenant = await findTenant(scope.db, scope.tenant)
  if (!tenant) throw new Problem('not_found', `there is no tenant ${scope.tenant}`)
  return tenant
}

/**
 * Closes the run: what was not sent is given up, every row has an outcome, and the counts are those of the rows. When
 * its plan is approved at this very moment, the run goes on instead.
 */
async function finish({ deps, scope, lease }: Work, runId: string, because?: string): Promise<Progress> {
  const run = await findRun(scope, runId)
  if (!run) return { final: true }
  deps.at('run.finishing')
  const cause = because ?? (run.cause === run.unread ? undefined : run.cause) ?? undefined
  const stopped = cause ?? (await whyStopped(scope))
  const tenant = await tenantOf(scope)
  const unsent = cause === undefined && tenant.state === 'connected' ? ('held' as const) : ('failed' as const)
  const plan = run.planId === null ? undefined : await findPlan(scope, run.planId)
  const ended = { outcome: unsent, outcomeReason: `not sent: ${stopped}` }
  const before = plan ? await listPlanRows(scope, plan.id) : []
  const left = before.filter((row) => row.outcome === 'pending').map((row) => row.seq)
  const rows = before.map((row) => (row.outcome === 'pending' ? { ...row, ...ended } : row))
  const billing = rows.filter((row) => !isExported(row))
  const exported = rows.filter(isExported)
  const counts = countRows(billing, plan?.unchanged ?? 0)
  const said = cause ?? run.unread ?? undefined
  // Users are no billing: what failed of them is told, what waits still waits for somebody.
  const state = said === undefined ? stateOf([...billing, ...exported.filter(isHeld)]) : 'failed'
  const still = plan && isPlanStill(scope, plan)
  const ending = { state, counts, cause: said, at: deps.now() }
  const lists = await listDocumentsOf(scope, run.id)
  const beside = { lists: run.beside?.lists ?? countLists(lists), contacts: countRows(exported, 0) }
  const told = [
    ...journalOf(run, ending, billing, await loadAccountNames(scope, billing)),
    ...journalOfContacts(run, exported, ending.at),
    ...journalOfLists(run, lists, ending.at),
  ]
  await save(scope.db, [
    lease.required(),
    supersedePlanned(scope, runId, deps.now(), still),
    ...(plan
      ? [savePlanRows(scope, plan.id, left, ended, still), followPlan(scope, plan.id, { seqs: left, onlyIf: still })]
      : []),
    saveRun(
      scope,
      runId,
      { phase: 'final', state, counts, beside, cause: said ?? null, finishedAt: deps.now() },
      still,
    ),
    ...addLogs(scope, told, still),
    ...(plan && plan.state !== 'waiting' ? [savePlanState(scope, plan.id, 'done', still)] : []),
  ])
  if ((await findRun(scope, runId))?.state === 'running') return { final: false, resumeAt: deps.now() }
  deps.at('run.finished')
  deps.log.info('run.finished', { tenant: scope.tenant, run: runId, state, counts })
  return { final: true }
}

const isHeld = ({ outcome }: Pick<PlanRowRecord, 'outcome'>): boolean => outcome === 'held'

async function whyStopped(scope: Scope): Promise<string> {
  const tenant = await tenantOf(scope)
  if (tenant.state === 'attention') return tenant.stateCause ?? 'the tenant needs attention'
  return tenant.disabledAt === null ? 'writing was stopped' : 'TrueUp was switched off'
}

/** Adds the requests of this piece of work to its run's. */
async function counted({ deps, scope }: Work, runId: string, work: () => Promise<Progress>): Promise<Progress> {
  const connectWise = await deps.connectWise(scope)
  const before = connectWise.requests()
  try {
    return await work()
  } finally {
    const run = await findRun(scope, runId)
    const sent = connectWise.requests() - before
    if (run && sent > 0) await save(scope.db, [saveRun(scope, runId, { requests: run.requests + sent })])
  }
}
