import { dayIn, dayMs } from '#billing/period.ts'
import { noCounts } from '#billing/summary.ts'
import { countAttention, listFinishedRuns } from '#db/attention.ts'
import { type LineLoad, listLineLoads } from '#db/line-loads.ts'
import { countOpenLines } from '#db/lines-attention.ts'
import { countLogs } from '#db/logs.ts'
import { listSchedules } from '#db/schedules.ts'
import { isInstallationStopped } from '#db/tenants.ts'
import { causeOf } from '#routes/cause.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { expectedRuns } from '#sync/next-run.ts'
import { type Heard, listHeard } from '#sync/sources/heard.ts'
import { DashboardScreen, type SourceLine } from '#views/hub/dashboard.tsx'
import { readAttention } from './attention.ts'

const runsInPlot = 30
const logDays = 30

/** `GET /dashboard` (X11–X13). */
export const getDashboard = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { scope, tenant } = viewer
  const [runs, heard, schedules, logs, stopped, loads, lines] = await Promise.all([
    listFinishedRuns(scope, runsInPlot),
    listHeard(deps, scope),
    listSchedules(scope),
    countLogs(scope, { since: deps.now() - logDays * dayMs, readable: 'all' }),
    isInstallationStopped(deps.db),
    listLineLoads(scope),
    countOpenLines(scope),
  ])
  const [last] = runs
  const sources = heard.map((one) => sourceLine(one, loads))
  const counts = await countAttention(scope, last?.planId ?? null)
  const attention = await readAttention(deps, viewer, { lastPlan: last?.planId ?? null, counts, sources })
  const { next } = tenant.disabledAt === null ? expectedRuns(schedules, deps.now()) : {}
  return fragment(c, DashboardScreen, {
    standing: standingOf(viewer),
    zone: tenant.zone,
    observing: tenant.mode === 'observe',
    reconcile: tenant.mode === 'reconcile',
    stopped: stopped || tenant.killSwitch,
    ...(last ? { lastRun: lastRunOf(last, viewer) } : {}),
    ...(next && tenant.state === 'connected' ? { nextRunAt: next.at } : {}),
    counts: { ...counts, errors: logs.errors, warnings: logs.warnings },
    ...(lines.all > 0 ? { lines } : {}),
    ...attention,
    system: {
      site: new URL(tenant.site).host,
      apiOrigin: tenant.apiOrigin,
      clock: deps.now(),
      ...(tenant.version === null ? {} : { version: tenant.version }),
      ...(tenant.keysSavedAt === null ? {} : { keysSavedAt: tenant.keysSavedAt }),
    },
    sources,
    changesPerRun: plotOf(runs, tenant.zone),
    mayAct: includesRole(viewer.role, 'finance'),
  })
}

type FinishedRun = Awaited<ReturnType<typeof listFinishedRuns>>[number]

const lastRunOf = (
  { id, state, startedAt, finishedAt, cause, counts, requests, startedBy }: FinishedRun,
  viewer: Viewer,
) => ({
  id,
  state,
  at: finishedAt ?? startedAt,
  requests,
  startedBy: startedBy === 'schedule' ? 'the schedule' : startedBy,
  ...causeOf(cause, viewer),
  ...(counts === null ? {} : { counts }),
})

/** What each of the last runs changed, oldest first. */
const plotOf = (runs: readonly FinishedRun[], zone: string) =>
  [...runs].reverse().map(({ startedAt, counts }) => {
    const { created, updated, cancelled } = counts ?? noCounts
    return { day: dayIn(zone, startedAt), value: created + updated + cancelled }
  })

function sourceLine(
  { source: { id, name, kind, problem }, newest, isSilent }: Heard,
  loads: readonly LineLoad[],
): SourceLine {
  const failed = { ...(problem === null ? {} : { problem }), ...loadedOf(loads.findLast((row) => row.sourceId === id)) }
  if (!newest) return { name, kind, stale: false, ...failed }
  const { receivedAt: at, complete, accountCount: accounts } = newest
  return { name, kind, newest: { at, complete, accounts }, stale: isSilent, ...failed }
}

const loadedOf = (load: LineLoad | undefined): Pick<SourceLine, 'loaded'> =>
  load ? { loaded: { month: load.period, at: load.loadedAt, lines: load.lineCount, complete: load.complete } } : {}
