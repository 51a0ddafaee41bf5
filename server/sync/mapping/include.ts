import { saveIncludes } from '#db/accounts.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { pageAccounts } from '#db/listed-accounts.ts'
import { type AccountKey, includeMappings } from '#db/mappings.ts'
import type { Deps } from '#server/deps.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { type Asked, changeAccount, type Saved } from './account-state.ts'

/** What the ledger keeps of accounts that were included or excluded: only those that were not before. */
interface IncludeBody {
  what: 'include'
  on: boolean
  member: string
  accounts: readonly (readonly [source: string, account: string])[]
}

/** Switches include for one account and every mapping of it (M7, M8). */
export function includeAccount(deps: Deps, scope: Scope, asked: Asked, on: boolean): Promise<Saved> {
  return changeAccount(deps, scope, asked, 'include', async ({ state }) => {
    const said = { include: on, updatedAt: deps.now(), updatedBy: asked.member }
    return { after: { ...state, include: on, mappings: state.mappings.map((mapping) => ({ ...mapping, ...said })) } }
  })
}

/** Switches include for these accounts and every mapping of theirs (M7, M8); says how many were otherwise before. */
export async function includeAccounts(
  deps: Deps,
  scope: Scope,
  member: string,
  keys: readonly AccountKey[],
  on: boolean,
): Promise<number> {
  const page = { listedSince: {}, limit: keys.length, offset: 0 }
  const found = await pageAccounts(scope, { only: keys, sort: 'account' }, page)
  const other = found.filter((row) => row.include !== on || row.included !== (on ? row.targets : 0))
  if (other.length === 0) return 0
  const at = deps.now()
  const accounts = other.map(({ sourceId, account }) => ({ sourceId, account }))
  const body: IncludeBody = {
    what: 'include',
    on,
    member,
    accounts: accounts.map((key) => [key.sourceId, key.account]),
  }
  await saveWithEntry(
    scope,
    [
      saveIncludes(scope, accounts, { include: on, change: deps.id(), updatedAt: at, updatedBy: member }),
      includeMappings(scope, accounts, { include: on, updatedAt: at, updatedBy: member }),
    ],
    { at, event: 'mapped', body },
  )
  await placeAnew(scope, { accounts })
  return accounts.length
}
