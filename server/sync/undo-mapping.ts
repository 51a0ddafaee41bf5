import type { Scope } from '#db/db.ts'
import { findEntry } from '#db/ledger.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { type Asked, changeAccount, type MappedBody, type Saved, versionOf } from './account-state.ts'

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
    const mappings = body.before.mappings.map((mapping) => ({ ...mapping, updatedAt: at, updatedBy: member }))
    return { after: { ...body.before, mappings } }
  })
}

/** What else is on record under the same event: rules, bulk changes. */
interface OtherBody {
  what: string
  change?: never
}
