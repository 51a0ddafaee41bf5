import { worstOf } from '#billing/line.ts'
import { listChanges, listLastWrites } from '#db/changes.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { AgreementRow } from '#db/mirror.ts'
import { findPlanWaitingFor } from '#db/pods.ts'
import { findNewestRun } from '#db/runs.ts'
import { listSchedules } from '#db/schedules.ts'
import { listSources, type Source } from '#db/sources.ts'
import { isInstallationStopped } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { type Expected, expectedRuns } from '#sync/next-run.ts'
import { type Outlook, outlookOf } from '#sync/outlook.ts'
import type { PodProps } from '#views/pod.tsx'
import { standingOf } from './standing.ts'

const lateAfterMs = 3_600_000

/** Said after a Refresh. */
export const readAgain = 'Read again from ConnectWise.'

/** What both pods are made of: all of it is stored, nothing is asked of ConnectWise but the member's rights. */
export interface PodState extends Outlook {
  viewer: Viewer
  now: number
  mappings: readonly MappingRow[]
  /** Those the member may read. */
  agreements: readonly AgreementRow[]
  hidden: number
  sources: readonly Source[]
  expected: Expected
  stopped: string | undefined
  lastRun: Awaited<ReturnType<typeof findNewestRun>>
  waiting: Awaited<ReturnType<typeof findPlanWaitingFor>>
  changes: Awaited<ReturnType<typeof listChanges>>
  writes: Awaited<ReturnType<typeof listLastWrites>>
}

export async function loadPod(
  deps: Deps,
  viewer: Viewer,
  found: { mappings: readonly MappingRow[]; agreements: readonly AgreementRow[] },
): Promise<PodState> {
  const { scope, tenant } = viewer
  const ids = [...new Set([...found.agreements.map(({ id }) => id), ...found.mappings.map((row) => row.agreementId)])]
  const [readable, sources, schedules, lastRun, isStopped] = await Promise.all([
    readableOf(deps, viewer, ids, found.agreements),
    listSources(scope),
    listSchedules(scope),
    findNewestRun(scope),
    isInstallationStopped(deps.db),
  ])
  const agreements = found.agreements.filter(({ id }) => readable.has(id))
  const mappings = found.mappings.filter(({ agreementId }) => readable.has(agreementId))
  const named = found.mappings.map(({ account }) => account)
  const known = {
    mappings,
    agreements,
    sources: sources.filter((source) => isNamed(found.mappings, source)),
    accounts: [...new Set(named)],
  }
  const outlook = await outlookOf(deps, scope, tenant, known)
  const additions = outlook.lines.flatMap(({ additionId }) => additionId ?? [])
  const [waiting, changes, writes] = await Promise.all([
    findPlanWaitingFor(
      scope,
      mappings.map(({ id }) => id),
    ),
    listChanges(scope, additions, 1),
    listLastWrites(
      scope,
      outlook.lines.map(({ key }) => key),
    ),
  ])
  const expected = expectedRuns(schedules, deps.now())
  const stopped = whyStopped(viewer, isStopped)
  const hidden = ids.filter((id) => !readable.has(id)).length
  return {
    ...outlook,
    viewer,
    now: deps.now(),
    mappings,
    agreements,
    hidden,
    sources,
    expected,
    stopped,
    lastRun,
    waiting,
    changes,
    writes,
  }
}

/** A deleted agreement can be read by nobody any more: that it is gone is told to those who can map anew. */
async function readableOf(
  deps: Deps,
  viewer: Viewer,
  ids: readonly number[],
  known: readonly AgreementRow[],
): Promise<ReadonlySet<number>> {
  const gone = known.filter((row) => row.gone).map(({ id }) => id)
  const asked = ids.filter((id) => !gone.includes(id))
  const readable = asked.length > 0 ? await listReadable(deps, viewer, 'agreement', asked) : []
  return new Set([...readable, ...(includesRole(viewer.role, 'finance') ? gone : [])])
}

const isNamed = (mappings: readonly MappingRow[], { id }: Source): boolean =>
  mappings.some(({ sourceId }) => sourceId === id)

/** Why nothing is written for this tenant at all, in words (G16, G24). */
function whyStopped({ tenant }: Viewer, isInstallStopped: boolean): string | undefined {
  if (tenant.mode === 'reconcile') return 'Restored from a backup: nothing is written until an admin has reconciled it.'
  if (tenant.killSwitch || isInstallStopped) return 'The kill switch is on: nothing is written.'
  if (tenant.mode === 'observe')
    return 'Observing: nothing is written by schedule until a first plan has been approved.'
  return undefined
}

/** What a pod says of itself, before its own content. */
export function podProps(state: PodState, own: { path: string; title: string }): PodProps {
  const { viewer, now, expected, stopped, lastRun, waiting, hidden, agreements } = state
  const read = agreements.flatMap(({ additionsReadAt }) => additionsReadAt ?? [])
  const readAt = read.length > 0 ? Math.min(...read) : undefined
  const failed = lastRun?.state === 'failed' && lastRun.cause !== null ? lastRun : undefined
  const agreeing = agreeingSources(state)
  const held = state.lines.filter((line) => ['held', 'conflict', 'blocked'].includes(line.state)).length
  return {
    ...own,
    standing: standingOf(viewer),
    state: hidden > 0 && state.lines.length === 0 ? 'hidden' : worstOf(state.lines),
    zone: viewer.tenant.zone,
    now,
    ...(readAt === undefined ? {} : { readAt }),
    late: readAt !== undefined && isLate(readAt, expected, now),
    ...(expected.next ? { nextRun: expected.next } : {}),
    ...(stopped === undefined ? {} : { stopped }),
    ...(failed?.cause ? { lastFailure: { at: failed.finishedAt ?? failed.startedAt, cause: failed.cause } } : {}),
    ...(waiting ? { waiting: { plan: waiting.id, count: Math.max(1, held) } } : {}),
    hidden,
    ...(agreeing === undefined ? {} : { agreeing }),
  }
}

/** A run an hour ago should have read it, and has not. */
const isLate = (readAt: number, { last }: Expected, now: number): boolean =>
  last !== undefined && readAt < last && now - last > lateAfterMs

/** The names of the sources ConnectWise agrees with: only where every line is equal, and there is one. */
function agreeingSources({ lines, sources, mappings }: PodState): string | undefined {
  if (lines.length === 0 || lines.some(({ state }) => state !== 'equal')) return undefined
  const named = sources.filter((source) => isNamed(mappings, source))
  return named.map(({ name }) => name).join(' and ')
}
