import type { AgreementState } from '#billing/plan.ts'
import { isEndedAsWished, type Wish } from '#billing/wish.ts'
import { moveKey } from '#billing/wishes.ts'
import { closeWishes, listWishes, saveWishes } from '#db/addition-wishes.ts'
import type { Scope } from '#db/db.ts'
import { listIntents } from '#db/intents.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { listAdditions } from '#db/mirror.ts'
import { outdatePlans } from '#db/plans.ts'
import type { Run } from '#db/runs.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { rereadAgreement } from '#sync/reread.ts'
import { startRun } from '#sync/start-run.ts'
import { knownStates, loadWishes } from './wishes.ts'

/** Agreements with their additions, read again from ConnectWise right now. */
export async function loadStates(
  deps: Deps,
  scope: Scope,
  tenant: Tenant,
  ids: readonly number[],
): Promise<ReadonlyMap<number, AgreementState>> {
  for (const id of ids) await rereadAgreement(deps, scope, id)
  return knownStates(scope, tenant, ids)
}

/** Keeps what a member wants done with additions, and starts the run that plans it; it waits there for an approval. */
export async function wish(deps: Deps, scope: Scope, wishes: readonly Wish[], member: string): Promise<Run> {
  const open = new Set((await listWishes(scope)).map(({ additionId }) => additionId))
  const twice = wishes.find(({ additionId }) => open.has(additionId))
  if (twice)
    throw new Problem('conflict', `Addition ${twice.additionId} is to be moved or ended already: withdraw that first.`)
  const at = deps.now()
  const rows = wishes.map(({ line: _, ...one }) => ({ ...one, toAgreementId: one.toAgreementId ?? null, member, at }))
  await saveWithEntry(scope, saveWishes(scope, rows), { at, event: 'wanted', body: { member, additions: rows } })
  return startRun(deps, scope, { startedBy: member, lines: [] })
}

/**
 * Nobody wants this done with the addition any more; plans that hold it cannot be approved. Throws a Problem once it is
 * being written, or a move has ended it: it has to go on where it was moved to.
 */
export async function withdrawWish(deps: Deps, scope: Scope, additionId: number, member: string): Promise<void> {
  const wanted = (await loadWishes(scope)).find((one) => one.additionId === additionId)
  if (!wanted) throw new Problem('conflict', 'It is done or withdrawn already: look at it again.')
  const here = await listAdditions(scope, [wanted.agreementId])
  const addition = here.find(({ id }) => id === additionId)
  if (wanted.wish === 'move' && addition && isEndedAsWished(addition, wanted))
    throw new Problem(
      'conflict',
      `Addition ${additionId} is ended here already: approve the plan that lets it go on at agreement ${wanted.toAgreementId}.`,
    )
  const at = deps.now()
  const keys = [`addition:${additionId}`, moveKey(additionId)]
  if ((await listIntents(scope, { open: true })).some(({ naturalKey }) => keys.includes(naturalKey)))
    throw new Problem('conflict', 'It is being written right now: look at it again in some minutes.')
  await saveWithEntry(scope, [closeWishes(scope, [additionId], 'withdrawn'), outdatePlans(scope, [], at, { keys })], {
    at,
    event: 'withdrawn',
    body: { member, additions: [additionId] },
  })
}
