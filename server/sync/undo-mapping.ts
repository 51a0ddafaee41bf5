import type { Scope } from '#db/db.ts'
import { findEntry } from '#db/ledger.ts'
import type { AccountKey } from '#db/mappings.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { changeAccount, type MappedBody, type Saved } from './account-state.ts'
import { type IncludeBody, setInclude } from './include.ts'

/**
 * Puts back what was there before one change of an account's mappings, by the change's number; this is a change of its own,
 * so it can be undone too. Throws a Problem when it is no change of this account, or somebody changed it since.
 */
export async function undoMapping(
  deps: Deps,
  scope: Scope,
  member: string,
  seq: number,
  of: AccountKey,
): Promise<Saved> {
  const entry = await findEntry(scope, seq)
  const body = entry?.event === 'mapped' ? (JSON.parse(entry.body) as MappedBody | IncludeBody | RuleBody) : undefined
  if (!body || !('accounts' in body || 'change' in body)) throw new Problem('not_found', 'This cannot be undone.')
  if ('accounts' in body) {
    const [key, ...others] = body.accounts.map(([sourceId, account]) => ({ sourceId, account }))
    if (!key || others.length > 0 || !isSame(key, of)) throw notOfThis()
    return setInclude(deps, scope, member, [key], !body.on)
  }
  const key = { sourceId: body.source, account: body.account }
  if (!isSame(key, of)) throw notOfThis()
  return changeAccount(deps, scope, { key, member }, 'undo', async ({ row }) => {
    if (row.change !== body.change)
      throw new Problem('conflict', 'Somebody changed this row since, so nothing was put back.')
    const at = deps.now()
    const mappings = body.before.mappings.map((mapping) => ({ ...mapping, updatedAt: at, updatedBy: member }))
    return { after: { ...body.before, mappings } }
  })
}

const isSame = (a: AccountKey, b: AccountKey): boolean => a.sourceId === b.sourceId && a.account === b.account
const notOfThis = () => new Problem('not_found', 'This cannot be undone here.')

/** What else is on record under the same event. */
interface RuleBody {
  what: 'rule'
}
