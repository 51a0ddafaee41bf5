import { holdWords } from '#billing/words.ts'
import { listFinishedRuns } from '#db/attention.ts'
import type { Scope } from '#db/db.ts'
import type { MappingRow } from '#db/mappings.ts'
import { listUnwritten } from '#db/plan-lines.ts'
import { inScopeOf } from './asked.ts'

/** How the last run about a mapping ended for it (FEATURES X7). */
export interface LastResult {
  state: 'done' | 'held' | 'skipped' | 'failed'
  /** Epoch milliseconds. */
  at: number
  run: string
  /** Why it is not done. */
  cause?: string
}

/** Runs that are looked through: a mapping that none of them was about has no result. */
const lookedThrough = 10
const worstFirst = ['failed', 'held', 'skipped', 'done'] as const

type Told = Awaited<ReturnType<typeof listUnwritten>>[number]

/** How the last run ended for each of these mappings, by its id; one that was changed since that was planned has none. */
export async function lastResults(scope: Scope, mappings: readonly MappingRow[]): Promise<Map<string, LastResult>> {
  const runs = await listFinishedRuns(scope, lookedThrough)
  const plans = runs.flatMap(({ planId }) => planId ?? [])
  const ids = mappings.map(({ id }) => id)
  const told = plans.length > 0 && ids.length > 0 ? await listUnwritten(scope, plans, ids) : []
  return new Map(
    mappings.flatMap(({ id, sourceId, account, updatedAt }) => {
      const run = runs.find((one) => inScopeOf(one)({ id, account, source: sourceId }))
      const at = run?.finishedAt ?? 0
      if (!run || updatedAt > (run.plannedAt ?? at)) return []
      const end = { at, run: run.id }
      const rows = told.filter(({ planId, mappings: named }) => planId === run.planId && named.includes(id))
      const result = run.planId === null ? { state: 'failed' as const, ...causeOf(run) } : worstOf(rows.map(resultOf))
      return [[id, { ...end, ...result }] as const]
    }),
  )
}

/** The worst of several results; undefined when there is none. */
export const worstResult = (results: readonly LastResult[]): LastResult | undefined =>
  results.toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state))[0]

type Verdict = Pick<LastResult, 'state' | 'cause'>

const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state))[0] ?? { state: 'done' }

function resultOf({ outcome, outcomeReason, reason, holds }: Told): Verdict {
  const [hold] = holds
  const cause = outcomeReason ?? (hold ? holdWords(hold, false) : reason)
  if (outcome === 'skipped') return { state: outcome, cause }
  return outcome === 'held' || outcome === 'pending' ? { state: 'held', cause } : { state: 'failed', cause }
}

const causeOf = ({ cause }: { cause: string | null }) => (cause === null ? {} : { cause })
