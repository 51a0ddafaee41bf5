import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import { insertMany, type Scope, type Statement } from './db.ts'
import { type AccountKey, isAmong } from './mappings.ts'
import { accounts, mappings } from './schema.ts'
import type { AccountRow } from './snapshots.ts'

export async function findAccount({ db, tenant }: Scope, key: AccountKey): Promise<AccountRow | undefined> {
  const [row] = await db.select().from(accounts).where(isAccount(tenant, key))
  return row
}

/** Accounts nobody chose a company for, for suggestions. */
export async function listUnplaced({
  db,
  tenant,
}: Scope): Promise<Pick<AccountRow, 'sourceId' | 'account' | 'name'>[]> {
  const mapped = sql`exists (select 1 from ${mappings} where ${mappings.tenantId} = ${accounts.tenantId} and ${mappings.sourceId} = ${accounts.sourceId} and ${mappings.account} = ${accounts.account})`
  const { sourceId, account, name } = accounts
  return db
    .select({ sourceId, account, name })
    .from(accounts)
    .where(and(eq(accounts.tenantId, tenant), sql`${accounts.companyId} is null`, sql`not ${mapped}`))
    .orderBy(sourceId, account)
}

/** The companies that accounts are mapped to or meant for, by source. */
export async function listPlaces({
  db,
  tenant,
}: Scope): Promise<{ sourceId: string; account: string; companyId: number }[]> {
  const chosen = await db
    .select({ sourceId: accounts.sourceId, account: accounts.account, companyId: sql<number>`${accounts.companyId}` })
    .from(accounts)
    .where(and(eq(accounts.tenantId, tenant), isNotNull(accounts.companyId)))
  const mapped = await db
    .selectDistinct({ sourceId: mappings.sourceId, account: mappings.account, companyId: mappings.companyId })
    .from(mappings)
    .where(eq(mappings.tenantId, tenant))
  return [...mapped, ...chosen]
}

/**
 * Takes a person's change of an account if nobody changed it since; `change` names it, and is what everything saved
 * beside it depends on (`isChange`).
 */
export function saveChoice(
  { db, tenant }: Scope,
  key: AccountKey,
  before: string | null,
  choice: Pick<AccountRow, 'companyId' | 'agreementId' | 'include' | 'change' | 'updatedAt' | 'updatedBy'>,
): Statement {
  const same = before === null ? sql`${accounts.change} is null` : eq(accounts.change, before)
  return db
    .update(accounts)
    .set(choice)
    .where(and(isAccount(tenant, key), same))
}

/** Whether this change was the one that was taken. */
export const isChange = (tenant: Scope['tenant'], key: AccountKey, change: string): SQL =>
  sql`exists (select 1 from ${accounts} where ${accounts.tenantId} = ${tenant} and ${accounts.sourceId} = ${key.sourceId} and ${accounts.account} = ${key.account} and ${accounts.change} = ${change})`

/** Accounts that mappings name and no source ever listed, so that they can be seen and changed. */
export function addUnlisted({ db, tenant }: Scope, keys: readonly AccountKey[], at: number): Statement[] {
  const rows = keys.map(({ sourceId, account }) => ({
    sourceId,
    account,
    tenantId: tenant,
    name: account,
    firstSeenAt: at,
    lastSeenAt: 0,
  }))
  return insertMany(
    db,
    accounts,
    rows.map((row) => ({ ...row, include: false })),
    { ignore: true },
  )
}

const isAccount = (tenant: Scope['tenant'], { sourceId, account }: AccountKey): SQL | undefined =>
  and(eq(accounts.tenantId, tenant), eq(accounts.sourceId, sourceId), eq(accounts.account, account))

/** Whether mappings made for these accounts may be written (M8); `change` names the change. */
export function saveIncludes(
  { db, tenant }: Scope,
  keys: readonly AccountKey[],
  said: Pick<AccountRow, 'include' | 'change' | 'updatedAt' | 'updatedBy'>,
): Statement {
  return db
    .update(accounts)
    .set(said)
    .where(and(eq(accounts.tenantId, tenant), isAmong(accounts, keys)))
}

/** Accounts of a source for which an agreement was chosen, by hand or by a mapping. */
export async function listPlaced({ db, tenant }: Scope, sourceId: string): Promise<AccountRow[]> {
  return db
    .select()
    .from(accounts)
    .where(and(eq(accounts.tenantId, tenant), eq(accounts.sourceId, sourceId), isNotNull(accounts.agreementId)))
}

/** The accounts of a source that are included. */
export async function listIncluded({ db, tenant }: Scope, sourceId: string): Promise<string[]> {
  const rows = await db
    .select({ account: accounts.account })
    .from(accounts)
    .where(and(eq(accounts.tenantId, tenant), eq(accounts.sourceId, sourceId), eq(accounts.include, true)))
  return rows.map(({ account }) => account)
}

/** Accounts without a company get that of mappings of their invoice lines, and are included where one of these is. */
export function placeUnplaced(
  { db, tenant }: Scope,
  rows: readonly { sourceId: string; account: string; companyId: number; include: boolean }[],
  { change, updatedAt, updatedBy }: { change: string; updatedAt: number; updatedBy: string },
): Statement[] {
  if (rows.length === 0) return []
  const places = new Map(rows.map((row) => [JSON.stringify([row.sourceId, row.account]), row]))
  const included = new Set(
    rows.filter(({ include }) => include).map((row) => JSON.stringify([row.sourceId, row.account])),
  )
  const said = JSON.stringify(
    [...places].map(([key, row]) => [row.sourceId, row.account, row.companyId, included.has(key) ? 1 : 0]),
  )
  return [
    db.run(
      sql`update ${accounts} set company_id = said.value ->> 2, include = said.value ->> 3, change = ${change}, updated_at = ${updatedAt}, updated_by = ${updatedBy} from json_each(${said}) as said where ${accounts.tenantId} = ${tenant} and ${accounts.sourceId} = said.value ->> 0 and ${accounts.account} = said.value ->> 1 and ${accounts.companyId} is null`,
    ),
  ]
}
