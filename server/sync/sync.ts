import { isExported } from '#billing/contact-rows.ts'
import { countRows, stateOf } from '#billing/summary.ts'
import { type Scope, save } from '#db/db.ts'
import type { PlanRowRecord } from '#db/plans.ts'
import { addRun, findRun, listOpenRuns, type Run } from '#db/runs.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { foreseeNewSkus } from '#sync/mapping/foresee-skus.ts'
import { loadAsked } from '#sync/mapping/mappings.ts'
import { exportContacts } from '#sync/people/export-contacts.ts'
import { requireEnabled } from '#sync/settings/disable.ts'
import { collectSources } from '#sync/sources/collect-sources.ts'
import { type Asked, inScopeOf, newRun } from './asked.ts'
import { underLease } from './lease.ts'
import { loadMonths, prepareLines } from './lines/line-work.ts'
import { readMirror } from './mirror.ts'
import { propose } from './propose.ts'
import { advance, tenantOf, type Work } from './run.ts'
import { recordOf } from './save-plan.ts'
import type { Slice } from './slice.ts'
import { detailOf, type Summary, summaryOf } from './summary.ts'
import { settleOpen } from './work-on.ts'

const busy = (scope: Scope) =>
  new Problem('conflict', `Not now: another run is working for ${scope.tenant}; try again when it has ended.`, {
    retry: true,
  })

/** Plans, guards and applies now, and answers with the run's summary. Runs that were left open are finished first. */
export async function syncNow(deps: Deps, scope: Scope, asked: Asked, slice: Slice): Promise<Summary> {
  requireEnabled(await tenantOf(scope))
  const summary = await underLease(deps, scope, async (lease) => {
    const work = { deps, scope, lease, slice }
    await settleOpen(work)
    for (const open of await listOpenRuns(scope)) await advanceToEnd(work, open.id)
    const run = newRun(deps, scope.tenant, asked)
    await save(scope.db, [addRun(scope, run)])
    deps.at('run.claimed')
    await advanceToEnd(work, run.id)
    return summaryOf(scope, await runOf(scope, run.id))
  })
  if (!summary) throw busy(scope)
  return summary
}

/** Goes on with a run, after an approval for example, until it is final. */
export async function finishRun(deps: Deps, scope: Scope, runId: string, slice: Slice): Promise<Summary> {
  const summary = await underLease(deps, scope, async (lease) => {
    const work = { deps, scope, lease, slice }
    await settleOpen(work)
    await advanceToEnd(work, runId)
    return summaryOf(scope, await runOf(scope, runId))
  })
  if (!summary) throw busy(scope)
  return summary
}

const tooMuch = new Problem('conflict', 'That is too much to read at once: ask for one company or agreement.')

/** What a sync would do now. Nothing is written, wanted or mapped, and no plan is kept. Throws a Problem when the slice stopped it. */
export async function dryRun(deps: Deps, scope: Scope, asked: Asked, slice: Slice): Promise<Summary> {
  const { run, rows, unchanged, requests, unread } = await preview(deps, scope, asked, slice)
  const billing = rows.filter((row) => !isExported(row))
  return {
    run,
    tenant: scope.tenant,
    state: unread === undefined ? stateOf(rows) : 'failed',
    ...(unread === undefined ? {} : { cause: unread }),
    requests,
    changes: countRows(billing, unchanged),
    beside: { lists: { attached: 0, failed: 0 }, contacts: countRows(rows.filter(isExported), 0) },
    plan: null,
    details: billing.map(detailOf),
  }
}

/** What a plan would hold now. */
export interface Preview {
  run: string
  rows: Omit<PlanRowRecord, 'tenantId' | 'planId'>[]
  unchanged: number
  requests: number
  /** Which sources could not be read, and why. */
  unread?: string
}

/** The rows a plan would have now, from what ConnectWise and the sources say. Throws as `dryRun` does. */
export async function preview(deps: Deps, scope: Scope, asked: Asked, slice: Slice): Promise<Preview> {
  const seen = await underLease(deps, scope, (lease) => lookAhead({ deps, scope, lease, slice }, asked))
  if (!seen) throw busy(scope)
  return seen
}

async function lookAhead(work: Work, asked: Asked): Promise<Preview> {
  const { deps, scope } = work
  const tenant = await tenantOf(scope)
  if (tenant.state !== 'connected') throw new Problem('forbidden', `${tenant.id} needs attention: ${tenant.stateCause}`)
  const connectWise = await deps.connectWise(scope)
  const before = connectWise.requests()
  const run = {
    id: deps.id(),
    startedAt: deps.now(),
    sourceId: asked.source ?? null,
    accounts: asked.accounts ? [...asked.accounts] : null,
    mappings: asked.mappings ? [...asked.mappings] : null,
    lines: asked.lines ? [...asked.lines] : null,
    scheduleId: null,
  }
  const known = await loadAsked(scope, run)
  const collected = await collectSources({ ...work, tenant }, run, known)
  const skus = await foreseeNewSkus({ deps, scope, tenant }, run)
  await loadMonths({ ...work, tenant }, { ...run, startedBy: asked.startedBy })
  const lines = await prepareLines({ ...work, tenant }, run, skus.wanted)
  const foreseen = { ...skus, wanted: [...skus.wanted, ...(lines?.wanted ?? [])] }
  const more = foreseen.mappings.filter((mapping) => mapping.include && inScopeOf(run)(mapping))
  if (!collected || !(await readMirror({ ...work, tenant, run }, [...known, ...more], lines?.places))) throw tooMuch
  const contacts = await exportContacts({ ...work, tenant, run })
  const { rows, proposal } = await propose(deps, scope, tenant, run, contacts, foreseen)
  return {
    run: run.id,
    rows: rows.map(recordOf),
    unchanged: proposal.unchanged,
    requests: connectWise.requests() - before,
    ...(collected.unread === undefined ? {} : { unread: collected.unread }),
  }
}

/** Waits where the run has to wait: for a Retry-After, for example. */
async function advanceToEnd(work: Work, runId: string): Promise<void> {
  const { deps, lease, slice } = work
  for (;;) {
    const progress = await advance(work, runId)
    if (progress.final) return
    if (slice.stopping())
      throw new Problem('conflict', 'Stopped; the run goes on with the next tick or sync.', { retry: true })
    const wakeAt = Math.max(progress.resumeAt, deps.now() + 1)
    while (deps.now() < wakeAt) {
      await deps.sleep(Math.min(wakeAt - deps.now(), 10_000))
      await lease.keep()
    }
  }
}

async function runOf(scope: Scope, id: string): Promise<Run> {
  const run = await findRun(scope, id)
  if (!run) throw new Error(`run ${id} vanished`)
  return run
}
