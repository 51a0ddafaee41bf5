import { countSkipped, type PlanLine } from '#db/plan-lines.ts'
import { findPlan } from '#db/plans.ts'
import { countRuns, findRun, listRunPage, type Run } from '#db/runs.ts'
import { listSources } from '#db/sources.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { pageQuery, pageSize, pagesOf } from '#routes/paging.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Viewer } from '#session/viewer.ts'
import { startRun } from '#sync/start-run.ts'
import { RunScreen } from '#views/plans/run.tsx'
import { RunProgress, RunStarted } from '#views/plans/run-progress.tsx'
import { RunsScreen } from '#views/plans/runs.tsx'
import { readableLines, readGroups } from './lines.ts'
import { askedOf, runForm } from './run-form.ts'
import { hasWritten, progressOf } from './run-progress.ts'
import { runLine } from './run-view.ts'

/** `GET /runs` (X13). */
export const getRuns = () => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { page } = readQuery(c, pageQuery)
  const [runs, count, sources] = await Promise.all([
    listRunPage(viewer.scope, { size: pageSize, number: page }),
    countRuns(viewer.scope),
    namesOf(viewer),
  ])
  return fragment(c, RunsScreen, {
    standing: standingOf(viewer),
    zone: viewer.tenant.zone,
    runs: runs.map((run) => runLine(run, viewer, sources)),
    page,
    pages: pagesOf(count),
  })
}

/** `GET /runs/:id`: what a run did, and its lines. */
export const getRun = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const run = await runAsked(c)
  const { scope, tenant } = viewer
  const { page } = readQuery(c, pageQuery)
  const [sources, progress, skipped, rows] = await Promise.all([
    namesOf(viewer),
    progressOf(viewer, run),
    run.planId === null ? [] : countSkipped(scope, run.planId),
    rowsOf(deps, viewer, run, page),
  ])
  return fragment(c, RunScreen, {
    standing: standingOf(viewer),
    zone: tenant.zone,
    run: runLine(run, viewer, sources),
    progress,
    skipped,
    ...(run.finishedAt === null ? {} : { finishedAt: run.finishedAt }),
    ...(run.planId === null ? {} : { plan: run.planId }),
    ...(run.beside === null ? {} : { beside: run.beside }),
    ...(rows ? { rows } : {}),
  })
}

async function rowsOf(deps: Deps, viewer: Viewer, run: Run, asked: number) {
  const plan = run.planId === null ? undefined : await findPlan(viewer.scope, run.planId)
  if (!plan) return undefined
  const found = await readableLines(deps, viewer, plan.id)
  const { groups, page, pages } = await readGroups(deps, viewer, plan, found, asked)
  const { money, hidden } = found
  const place = { path: `/runs/${run.id}`, target: '#main', page, pages }
  const results = resultsOf(found.lines)
  const told = groups.map((group) => ({ ...group, result: results.get(group.company?.id ?? 0) ?? 'done' }))
  return { caption: 'Lines of this run', groups: told, hidden: hidden.length, seesMoney: money.size > 0, ...place }
}

/** How the run ended for each company, by its id: failed when any of its lines did, else held when any waits (X7). */
function resultsOf(lines: readonly PlanLine[]): Map<number, string> {
  const results = new Map<number, string>()
  for (const { companyId, outcome } of lines) {
    const known = results.get(companyId ?? 0)
    const result = outcome === 'failed' || outcome === 'unknown' ? 'failed' : outcome === 'held' ? 'held' : 'done'
    if (known === undefined || known === 'done' || result === 'failed') results.set(companyId ?? 0, result)
  }
  return results
}

/** `POST /runs`: syncs what the form names, or everything; the answer tells how it goes (X2, X4, X5). */
export const postRun = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const asked = await askedOf(deps, viewer, await readForm(c, runForm))
  const run = await startRun(deps, viewer.scope, asked)
  return fragment(c, RunStarted, await progressOf(viewer, run))
}

/** `GET /runs/:id/progress`: as it goes on; where it has written, what shows the same records reads them again. */
export const getRunProgress = () => async (c: Ask) => {
  const run = await runAsked(c)
  if (run.state !== 'running') c.header('HX-Trigger', hasWritten(run) ? 'written, ended' : 'ended')
  return fragment(c, RunProgress, await progressOf(c.get('viewer'), run))
}

async function runAsked(c: Ask): Promise<Run> {
  const run = await findRun(c.get('viewer').scope, c.req.param('id') ?? '')
  if (!run) throw new Problem('not_found', 'There is no such run. It may be older than 460 days.')
  return run
}

const namesOf = async ({ scope }: Viewer): Promise<ReadonlyMap<string, string>> =>
  new Map((await listSources(scope)).map(({ id, name }) => [id, name]))
