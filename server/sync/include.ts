import { pageAccounts, saveIncludes } from '#db/accounts.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { type AccountKey, includeMappings } from '#db/mappings.ts'
import type { Deps } from '#server/deps.ts'
import type { Saved } from './account-state.ts'

/** What the ledger keeps of accounts that were included or excluded: only those that were not before. */
export interface IncludeBody {
  what: 'include'
  on: boolean
  member: string
  accounts: readonly (readonly [source: string, account: string])[]
}

/** Switches include for these accounts and every mapping of theirs (M7, M8). `changed` of them were otherwise before. */
export async function setInclude(
  deps: Deps,
  scope: Scope,
  member: string,
  keys: readonly AccountKey[],
  on: boolean,
): Promise<Saved & { changed: number }> {
  const page = { listedSince: {}, limit: keys.length, offset: 0 }
  const found = await pageAccounts(scope, { only: keys, sort: 'account' }, page)
  const other = found.filter((row) => row.include !== on || row.included !== (on ? row.targets : 0))
  if (other.length === 0) return { seq: 0, changed: 0 }
  const at = deps.now()
  const accounts = other.map(({ sourceId, account }) => ({ sourceId, account }))
  const body: IncludeBody = {
    what: 'include',
    on,
    member,
    accounts: accounts.map((key) => [key.sourceId, key.account]),
  }
  const seq = await saveWithEntry(
    scope,
    [
      saveIncludes(scope, accounts, { include: on, change: deps.id(), updatedAt: at, updatedBy: member }),
      includeMappings(scope, accounts, { include: on, updatedAt: at, updatedBy: member }),
    ],
    { at, event: 'mapped', body },
  )
  return { seq, changed: accounts.length }
}
