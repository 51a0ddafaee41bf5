import { and, count, eq, exists, isNotNull, isNull, not, sql } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { accounts, ledger, mappings, snapshots } from './schema.ts'

/** How far a tenant's set-up has come, counted. */
export interface SetupCounts {
  snapshots: number
  accounts: number
  /** Accounts for which a company was picked, and nothing further. */
  companyOnly: number
  /** Accounts with nothing picked. */
  unmapped: number
  mappings: number
  included: number
  /** Included mappings that do not work. */
  parked: number
  /** Included mappings that name a product and found no addition of it yet. */
  withoutAddition: number
}

export async function countSetup({ db, tenant }: Scope): Promise<SetupCounts> {
  const mapped = exists(
    db
      .select({ id: mappings.id })
      .from(mappings)
      .where(
        and(
          eq(mappings.tenantId, tenant),
          eq(mappings.sourceId, accounts.sourceId),
          eq(mappings.account, accounts.account),
        ),
      ),
  )
  const total = (condition: ReturnType<typeof and>) => sql<number>`coalesce(sum(${condition ?? sql`0`}), 0)`
  const on = eq(mappings.include, true)
  const [[said], [listed], [made]] = await Promise.all([
    db.select({ n: count() }).from(snapshots).where(eq(snapshots.tenantId, tenant)),
    db
      .select({
        n: count(),
        companyOnly: total(and(isNotNull(accounts.companyId), not(mapped))),
        unmapped: total(and(isNull(accounts.companyId), not(mapped))),
      })
      .from(accounts)
      .where(eq(accounts.tenantId, tenant)),
    db
      .select({
        n: count(),
        included: total(and(on)),
        parked: total(and(on, isNotNull(mappings.parkedReason))),
        withoutAddition: total(and(on, isNull(mappings.additionId))),
      })
      .from(mappings)
      .where(eq(mappings.tenantId, tenant)),
  ])
  return {
    snapshots: said?.n ?? 0,
    accounts: listed?.n ?? 0,
    companyOnly: listed?.companyOnly ?? 0,
    unmapped: listed?.unmapped ?? 0,
    mappings: made?.n ?? 0,
    included: made?.included ?? 0,
    parked: made?.parked ?? 0,
    withoutAddition: made?.withoutAddition ?? 0,
  }
}

/** Whether a person has ever decided this setting, by its name in the ledger. */
export async function wasSet({ db, tenant }: Scope, what: string): Promise<boolean> {
  const [row] = await db
    .select({ seq: ledger.seq })
    .from(ledger)
    .where(and(eq(ledger.tenantId, tenant), eq(ledger.event, 'set'), sql`${ledger.body} ->> 'what' = ${what}`))
    .limit(1)
  return row !== undefined
}
