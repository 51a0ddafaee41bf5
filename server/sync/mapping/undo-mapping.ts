import { isToBeMade } from '#billing/record.ts'
import type { Scope } from '#db/db.ts'
import { findEntry } from '#db/ledger.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { wantAgain } from '#sync/records/want-again.ts'
import {
  type AccountState,
  type Asked,
  changeAccount,
  idsIn,
  type MappedBody,
  type Saved,
  versionOf,
} from './account-state.ts'

/**
 * Puts back what was there before one change of an account's mappings, by the change's number; this is a change of its own,
 * so it can be undone too. Throws a Problem when it is no change of this account, or somebody changed it since.
 */
export async function undoMapping(deps: Deps, scope: Scope, asked: Asked, seq: number): Promise<Saved> {
  const entry = await findEntry(scope, seq)
  const body = entry?.event === 'mapped' ? (JSON.parse(entry.body) as MappedBody | OtherBody) : undefined
  if (body?.change === undefined) throw new Problem('not_found', 'This cannot be undone.')
  const { key, member } = asked
  if (body.source !== key.sourceId || body.account !== key.account)
    throw new Problem('not_found', 'This cannot be undone here.')
  return changeAccount(deps, scope, asked, 'undo', async ({ version }) => {
    if (version !== versionOf(body, body.after.mappings))
      throw new Problem('conflict', 'Somebody changed this row since, so nothing was put back.')
    const at = deps.now()
    const before = await withIdsNow(deps, scope, member, body.before)
    const mappings = before.mappings.map((mapping) => ({ ...mapping, updatedAt: at, updatedBy: member }))
    return { after: { ...before, mappings } }
  })
}

/** A state that names records to be made: those that were made since have their real ids, withdrawn ones are wanted again. */
async function withIdsNow(deps: Deps, scope: Scope, member: string, state: AccountState): Promise<AccountState> {
  const now = new Map<number | null, number>()
  for (const id of idsIn(state).filter(isToBeMade)) now.set(id, await wantAgain(deps, scope, member, id))
  if (now.size === 0) return state
  const idNow = <T extends number | null>(id: T) => (now.get(id) ?? id) as T
  const mappings = state.mappings.map((one) => ({
    ...one,
    companyId: idNow(one.companyId),
    agreementId: idNow(one.agreementId),
    productId: idNow(one.productId),
    targetKey: one.targetKey === `product:${one.productId}` ? `product:${idNow(one.productId)}` : one.targetKey,
  }))
  return { ...state, companyId: idNow(state.companyId), agreementId: idNow(state.agreementId), mappings }
}

/** What else is on record under the same event: rules, bulk changes. */
interface OtherBody {
  what: string
  change?: never
}
