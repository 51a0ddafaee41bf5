import type { Scope } from '#db/db.ts'
import { listAccountNames } from '#db/plan-lines.ts'

/** What the sources call accounts, by source and account. */
export type AccountNames = ReadonlyMap<string, string>

interface Row {
  sourceId: string
  accounts: readonly string[]
}

/** What the sources call the accounts of these rows. */
export async function loadAccountNames(scope: Scope, rows: readonly Row[]): Promise<AccountNames> {
  const accounts = [...new Set(rows.flatMap((row) => row.accounts))]
  if (accounts.length === 0) return new Map()
  const named = await listAccountNames(scope, accounts)
  return new Map(named.map(({ sourceId, account, name }) => [`${sourceId}/${account}`, name]))
}

/** What a row's accounts are called: by their ids where no source has named them. */
export const namesOf = ({ sourceId, accounts }: Row, names: AccountNames): string[] =>
  accounts.map((account) => names.get(`${sourceId}/${account}`) ?? account)
