import { and, eq, isNull, lte, type SQL } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { mappings } from './schema.ts'

export type MappingRow = typeof mappings.$inferSelect

export function listMappings({ db, tenant }: Scope): Promise<MappingRow[]> {
  return db.select().from(mappings).where(eq(mappings.tenantId, tenant)).orderBy(mappings.createdAt, mappings.id)
}

/** The mappings of one company, of one agreement, or with these ids. */
export function listMappingsOf(
  { db, tenant }: Scope,
  of: { company: number } | { agreement: number } | { ids: readonly string[] },
): Promise<MappingRow[]> {
  const theirs =
    'company' in of
      ? eq(mappings.companyId, of.company)
      : 'agreement' in of
        ? eq(mappings.agreementId, of.agreement)
        : isIn(mappings.id, of.ids)
  return db
    .select()
    .from(mappings)
    .where(and(eq(mappings.tenantId, tenant), theirs))
    .orderBy(mappings.createdAt, mappings.id)
}

/** Adds or replaces whole rows, by id. */
export function saveMappings({ db, tenant }: Scope, rows: readonly Omit<MappingRow, 'tenantId'>[]): Statement[] {
  return insertMany(
    db,
    mappings,
    rows.map((row) => ({ ...row, tenantId: tenant })),
    { replace: { key: [mappings.id], keep: [mappings.createdAt] } },
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
