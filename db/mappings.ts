import { and, eq, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { mappings } from './schema.ts'

export type MappingRow = typeof mappings.$inferSelect

/** An account's key: ids are unique within their source only. */
export interface AccountKey {
  sourceId: string
  account: string
}

export function listMappings({ db, tenant }: Scope): Promise<MappingRow[]> {
  return db.select().from(mappings).where(eq(mappings.tenantId, tenant)).orderBy(mappings.createdAt, mappings.id)
}

/** The mappings of one company, of one agreement, of these accounts, or with these ids. */
export function listMappingsOf(
  { db, tenant }: Scope,
  of: { company: number } | { agreement: number } | { accounts: readonly AccountKey[] } | { ids: readonly string[] },
): Promise<MappingRow[]> {
  const theirs =
    'company' in of
      ? eq(mappings.companyId, of.company)
      : 'agreement' in of
        ? eq(mappings.agreementId, of.agreement)
        : 'accounts' in of
          ? isAmong(mappings, of.accounts)
          : isIn(mappings.id, of.ids)
  return db
    .select()
    .from(mappings)
    .where(and(eq(mappings.tenantId, tenant), theirs))
    .orderBy(mappings.createdAt, mappings.id)
}

/** Adds or replaces whole rows, by id. */
export function saveMappings(
  { db, tenant }: Scope,
  rows: readonly Omit<MappingRow, 'tenantId'>[],
  onlyIf?: SQL,
): Statement[] {
  return insertMany(
    db,
    mappings,
    rows.map((row) => ({ ...row, tenantId: tenant })),
    { replace: { key: [mappings.id], keep: [mappings.createdAt] }, ...(onlyIf ? { onlyIf } : {}) },
  )
}

/** A parked mapping writes nothing until a person maps it again (M21). */
export function parkMapping({ db, tenant }: Scope, id: string, reason: string, at: number): Statement {
  return db
    .update(mappings)
    .set({ parkedReason: reason, parkedAt: at })
    .where(and(eq(mappings.tenantId, tenant), eq(mappings.id, id), isNull(mappings.parkedReason)))
}

/** The product of these mappings was found, or made, as this addition. */
export function resolveMappings(
  { db, tenant }: Scope,
  ids: readonly string[],
  additionId: number,
  onlyIf?: SQL,
): Statement {
  return db
    .update(mappings)
    .set({ additionId })
    .where(and(eq(mappings.tenantId, tenant), isIn(mappings.id, ids), isNull(mappings.additionId), onlyIf))
}

/**
 * Target and rule of this mapping have been written once, so they are no surprise any more (G6, G8). One that a person
 * changed after `asOf` is: what was written came from what it said before.
 */
export function confirmMapping(
  { db, tenant }: Scope,
  id: string,
  confirmed: { confirmedTarget: string; confirmedRule: string },
  { asOf, onlyIf }: { asOf: number; onlyIf: SQL },
): Statement {
  return db
    .update(mappings)
    .set(confirmed)
    .where(and(eq(mappings.tenantId, tenant), eq(mappings.id, id), lte(mappings.updatedAt, asOf), onlyIf))
}

/** Unmaps: nothing is read for these any more, and what was written stays in ConnectWise (M19). */
export function deleteMappings({ db, tenant }: Scope, ids: readonly string[], onlyIf?: SQL): Statement {
  return db.delete(mappings).where(and(eq(mappings.tenantId, tenant), isIn(mappings.id, ids), onlyIf))
}

/** Includes or excludes every mapping of these accounts (M7). */
export function includeMappings(
  { db, tenant }: Scope,
  keys: readonly AccountKey[],
  said: Pick<MappingRow, 'include' | 'updatedAt' | 'updatedBy'>,
): Statement {
  return db
    .update(mappings)
    .set(said)
    .where(and(eq(mappings.tenantId, tenant), isAmong(mappings, keys)))
}

/** Mappings that follow their source's switches are changed with them: a plan made before no longer speaks for them. */
export function touchFollowers(
  { db, tenant }: Scope,
  sourceId: string,
  said: Pick<MappingRow, 'updatedAt' | 'updatedBy'>,
): Statement {
  return db
    .update(mappings)
    .set(said)
    .where(and(eq(mappings.tenantId, tenant), eq(mappings.sourceId, sourceId), eq(mappings.followsSource, true)))
}

/** Whether a mapping is still as it was saved at `updatedAt`. */
export const isMappingOf = (tenant: Scope['tenant'], id: string, updatedAt: number): SQL =>
  sql`exists (select 1 from ${mappings} where ${mappings.tenantId} = ${tenant} and ${mappings.id} = ${id} and ${mappings.updatedAt} = ${updatedAt})`

/** Only rows of these accounts, with one bound parameter. */
export function isAmong(
  { sourceId, account }: { sourceId: SQLiteColumn | SQL; account: SQLiteColumn | SQL },
  keys: readonly AccountKey[],
): SQL {
  const pairs = JSON.stringify(keys.map((key) => [key.sourceId, key.account]))
  return sql`exists (select 1 from json_each(${pairs}) where value ->> 0 = ${sourceId} and value ->> 1 = ${account})`
}
