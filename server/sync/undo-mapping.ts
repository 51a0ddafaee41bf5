import type { Scope } from '#db/db.ts'
import { findEntry } from '#db/ledger.ts'
import type { AccountKey } from '#db/mappings.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { changeAccount, type MappedBody, type Saved } from './account-state.ts'
import { type IncludeBody, setInclude } from './include.ts'

/**
 * Puts back what was there before one change of mappings, by the change's number; this is a change of its own, so it can
 * be undone too. Throws a Problem when somebody changed the account since.
 */
export async function undoMapping(
  deps: Deps,
  scope: Scope,
  member: string,
  seq: number,
): Promise<Saved & { keys: AccountKey[] }> {
  const entry = await findEntry(scope, seq)
  const body = entry?.event === 'mapped' ? (JSON.parse(entry.body) as MappedBody | IncludeBody | RuleBody) : undefined
  if (!body || !('accounts' in body || 'change' in body)) throw new Problem('not_found', 'This cannot be undone.')
  if ('accounts' in body) {
    const keys = body.accounts.map(([sourceId, account]) => ({ sourceId, account }))
    return { ...(await setInclude(deps, scope, member, keys, !body.on)), keys }
  }
  const key = { sourceId: body.source, account: body.account }
  const saved = await changeAccount(deps, scope, { key, member }, 'undo', async ({ row }) => {
    if (row.change !== body.change)
      throw new Problem('conflict', 'Somebody changed this row since, so nothing was put back.')
    const at = deps.now()
    const mappings = body.before.mappings.map((mapping) => ({ ...mapping, updatedAt: at, updatedBy: member }))
    return { after: { ...body.before, mappings } }
  })
  return { ...saved, keys: [key] }
}

/** What else is on record under the same event. */
interface RuleBody {
  what: 'rule'
}
