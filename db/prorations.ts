import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { DatedLine, ProrationState } from '#billing/proration.ts'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { datedLines, prorations } from './schema.ts'

/** What is remembered of these standing lines between runs (FEATURES 4.1). */
export async function listProrations(
  { db, tenant }: Scope,
  additionIds: readonly number[],
): Promise<ReadonlyMap<number, ProrationState>> {
  const rows = await db
    .select()
    .from(prorations)
    .where(and(eq(prorations.tenantId, tenant), isIn(prorations.additionId, additionIds)))
  return new Map(rows.map((row) => [row.additionId, row.state]))
}

export function saveProrations(
  { db, tenant }: Scope,
  states: readonly { additionId: number; agreementId: number; state: ProrationState }[],
  at: number,
): Statement[] {
  return insertMany(
    db,
    prorations,
    states.map((row) => ({ ...row, tenantId: tenant, updatedAt: at })),
    { replace: { key: [prorations.tenantId, prorations.additionId] } },
  )
}

/** Somebody does not want these missed parts of a standing line billed; nothing else of what is remembered changes. */
export function declineParts(
  { db, tenant }: Scope,
  additionId: number,
  keys: readonly string[],
  onlyIf: SQL,
): Statement {
  return db
    .update(prorations)
    .set({ state: sql`json_set(${prorations.state}, '$.declined', json(${JSON.stringify(keys)}))` })
    .where(and(eq(prorations.tenantId, tenant), eq(prorations.additionId, additionId), onlyIf))
}

/** The lines TrueUp made for parts of periods on these agreements. */
export function listDatedLines({ db, tenant }: Scope, agreementIds: readonly number[]): Promise<DatedLine[]> {
  const { additionId, standingId, agreementId, kind, period, day } = datedLines
  return db
    .select({ additionId, standingId, agreementId, kind, period, day })
    .from(datedLines)
    .where(and(eq(datedLines.tenantId, tenant), isIn(datedLines.agreementId, agreementIds)))
    .orderBy(additionId)
}

/** A line was made; one of the same identity that is known already stays the one that is known. */
export function addDatedLine({ db, tenant }: Scope, line: DatedLine, at: number, onlyIf: SQL): Statement[] {
  return insertMany(db, datedLines, [{ ...line, tenantId: tenant, createdAt: at }], { ignore: true, onlyIf })
}
