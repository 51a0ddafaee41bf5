import { waitsFor } from '#billing/needs.ts'
import type { Intent } from '#db/intents.ts'
import { listPlanRows } from '#db/plans.ts'
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
export async function giveUpLost({ deps, scope }: Sender, lost: readonly Intent[], run: readonly Intent[]) {
  const isDone = (key: string) => run.some(({ naturalKey, state }) => naturalKey === key && state === 'done')
  for (const intent of lost) {
    const missing = intent.needs.find((key) => !isDone(key))
    const need = (await listPlanRows(scope, intent.planId)).find(({ key }) => key === missing)
    const why = need?.outcomeReason ? `: ${need.outcomeReason}` : ''
    await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason: `${waitsFor(need)}${why}` })
  }
}
