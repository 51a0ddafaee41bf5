import { worstOf } from '#billing/line.ts'
import type { PodLineCounts } from '#db/lines-pods.ts'
import { causeOf } from '#routes/cause.ts'
import { standingOf } from '#routes/standing.ts'
import type { Expected } from '#sync/next-run.ts'
import type { PodProps } from '#views/pods/pod.tsx'
import { isHeld, isNamed, type PodState } from './pod.ts'

const lateAfterMs = 3_600_000

/** Said after a Refresh. */
export const readAgain = 'Read again from ConnectWise.'

/** What a pod says of itself, before its own content. */
export function podProps(state: PodState, own: { path: string; title: string }, posted: PodLineCounts): PodProps {
  const { viewer, now, expected, stopped, lastRun, waiting, hidden, agreements } = state
  const read = agreements.flatMap(({ additionsReadAt }) => additionsReadAt ?? [])
  const readAt = read.length > 0 ? Math.min(...read) : undefined
  const failed = lastRun?.state === 'failed' && concerns(state) ? lastRun : undefined
  const { cause } = causeOf(failed?.cause ?? null, viewer)
  const isSettled = posted.error + posted.held + posted.changed + posted.open === 0
  const agreeing = isSettled ? agreeingSources(state) : undefined
  const held = state.lines.filter((line) => isHeld(line) || line.state === 'blocked').length + posted.held
  const all = [...state.lines, ...statesOf(posted)]
  return {
    ...own,
    standing: standingOf(viewer),
    ...changeOf(state),
    state: hidden > 0 && all.length === 0 ? 'hidden' : worstOf(all),
    zone: viewer.tenant.zone,
    now,
    ...(readAt === undefined ? {} : { readAt }),
    late: readAt !== undefined && isLate(readAt, expected, now),
    ...(expected.next ? { nextRun: expected.next } : {}),
    ...(stopped === undefined ? {} : { stopped }),
    ...(failed && cause ? { lastFailure: { at: failed.finishedAt ?? failed.startedAt, cause } } : {}),
    ...(waiting ? { waiting: { plan: waiting.id, count: Math.max(1, held), money: state.heldMoney } } : {}),
    hidden,
    ...(agreeing === undefined ? {} : { agreeing }),
  }
}

/** How invoice lines stand there, in the words of mapped lines. */
function statesOf({ error, held, changed, open, synced }: PodLineCounts): Pick<PodState['lines'][number], 'state'>[] {
  return [
    ...(error > 0 ? [{ state: 'failed' as const }] : []),
    ...(held + changed > 0 ? [{ state: 'held' as const }] : []),
    ...(open > 0 ? [{ state: 'unwritten' as const }] : []),
    ...(synced > 0 ? [{ state: 'equal' as const }] : []),
  ]
}

/** A platform that could not be read is the trouble of those it is about. */
const concerns = ({ lastRun, sources, mappings }: PodState): boolean =>
  lastRun?.cause !== lastRun?.unread || sources.some((source) => source.problem !== null && isNamed(mappings, source))

/** What the lines that wait, for a person or for the next run, are to become. */
function changeOf({ lines }: PodState): Pick<PodProps, 'change'> {
  const changed = lines.filter(
    (line) => line.after.quantity !== undefined && (line.state === 'pending' || isHeld(line)),
  )
  const [one] = changed
  if (!one) return {}
  if (changed.length > 1) return { change: changed.length }
  return { change: { from: one.before.quantity ?? 'none', to: one.after.quantity ?? '' } }
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
