import { waitsFor } from '#billing/needs.ts'
import type { Intent } from '#db/intents.ts'
import { listPlanRows, type PlanRowRecord } from '#db/plans.ts'
import type { Sender } from './sender.ts'
import { settleOther } from './settle.ts'

/**
 * Of a run's planned intents, those that may go because everything they need is done, and those that never may: what
 * they need was refused, waits for a person, has no certain answer, or needs them in turn.
 */
export function sortByNeeds(intents: readonly Intent[]): { ready: Intent[]; lost: Intent[] } {
  const planned = intents.filter(({ state }) => state === 'planned')
  const done = new Set(intents.filter(({ state }) => state === 'done').map(({ naturalKey }) => naturalKey))
  const hopeful = new Set(done)
  for (let before = -1; before < hopeful.size; ) {
    before = hopeful.size
    for (const { needs, naturalKey } of planned) if (needs.every((key) => hopeful.has(key))) hopeful.add(naturalKey)
  }
  return {
    ready: planned.filter(({ needs }) => needs.every((key) => done.has(key))),
    lost: planned.filter(({ needs }) => !needs.every((key) => hopeful.has(key))),
  }
}

/** What needs a write that was not done waits for a person or for the next plan, and says for what. */
export async function giveUpLost(
  { deps, scope, lease, slice }: Sender,
  lost: readonly Intent[],
  run: readonly Intent[],
) {
  const isDone = (key: string) => run.some(({ naturalKey, state }) => naturalKey === key && state === 'done')
  const plans = new Map<string, Map<string, PlanRowRecord>>()
  for (const intent of lost) {
    if (slice.stopping()) return
    await lease.keep()
    const missing = intent.needs.find((key) => !isDone(key))
    const rows = plans.get(intent.planId) ?? byKey(await listPlanRows(scope, intent.planId))
    plans.set(intent.planId, rows)
    const need = rows.get(missing ?? '')
    const why = need?.outcomeReason ? `: ${need.outcomeReason}` : ''
    const reason = `${waitsFor(need)}${why}`
    await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason })
    const own = rows.get(intent.naturalKey)
    if (own) rows.set(own.key, { ...own, outcomeReason: reason })
  }
}

const byKey = (rows: readonly PlanRowRecord[]): Map<string, PlanRowRecord> => new Map(rows.map((row) => [row.key, row]))
