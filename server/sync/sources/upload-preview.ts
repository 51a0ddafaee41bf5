import { add, type Decimal } from '#billing/decimal.ts'
import type { Scope } from '#db/db.ts'
import { findNewestSnapshot, listStatements, type SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import type { Sheet } from '#server/deps.ts'

/** What a file adds up to, beside what the source said last. */
export interface Comparison {
  totals: Total[]
  readings: number
  /** The newest snapshot of the source; absent: it never said anything. */
  before?: SnapshotRow
  /** In the file and not in that snapshot, and the other way round. */
  newcomers: Named[]
  missing: Named[]
}

interface Named {
  id: string
  name: string
}

/** The sum of a metric, a SKU or a charge type over all accounts. */
interface Total {
  name: string
  quantity: Decimal
  accounts: number
}

/** Compares a file with the newest snapshot of its source. */
export async function compareUpload(scope: Scope, source: Source, { accounts }: Sheet): Promise<Comparison> {
  const before = await findNewestSnapshot(scope, source.id)
  const said = before ? await listStatements(scope, before.id) : []
  const known = new Set(said.map(({ account }) => account))
  const listed = new Set(accounts.map(({ id }) => id))
  return {
    totals: totalsOf(accounts),
    readings: accounts.reduce((sum, { readings, lines }) => sum + readings.length + (lines?.length ?? 0), 0),
    ...(before ? { before } : {}),
    newcomers: accounts.filter(({ id }) => !known.has(id)).map(({ id, name }) => ({ id, name })),
    missing: said.filter(({ account }) => !listed.has(account)).map(({ account, name }) => ({ id: account, name })),
  }
}

function totalsOf(accounts: Sheet['accounts']): Total[] {
  const totals = new Map<string, Total>()
  for (const { readings, lines = [] } of accounts) {
    const said = [...readings, ...lines.map(({ chargeType, quantity }) => ({ name: chargeType, quantity }))]
    const names = new Set<string>()
    for (const { name, quantity } of said) {
      const total = totals.get(name) ?? { name, quantity: '0', accounts: 0 }
      totals.set(name, {
        name,
        quantity: add(total.quantity, quantity),
        accounts: total.accounts + (names.has(name) ? 0 : 1),
      })
      names.add(name)
    }
  }
  return [...totals.values()].sort((a, b) => a.name.localeCompare(b.name))
}
