import { and, eq, type SQL } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { lastValues } from './schema.ts'

export type LastValueRow = typeof lastValues.$inferSelect

export function listLastValues({ db, tenant }: Scope): Promise<LastValueRow[]> {
  return db.select().from(lastValues).where(eq(lastValues.tenantId, tenant))
}

/** The last values of these additions. */
export function listLastValuesOf({ db, tenant }: Scope, additionIds: readonly number[]): Promise<LastValueRow[]> {
  return db
    .select()
    .from(lastValues)
    .where(and(eq(lastValues.tenantId, tenant), isIn(lastValues.additionId, additionIds)))
}

type Field = 'quantity' | 'unitCost' | 'unitPrice'
const fields: readonly Field[] = ['quantity', 'unitCost', 'unitPrice']

/**
 * Saves the values TrueUp builds on from now; how and by which marker an addition became ours is kept. Of an addition
 * that is known already, only the fields named in `only` change.
 */
export function saveLastValues(
  { db, tenant }: Scope,
  rows: readonly Omit<LastValueRow, 'tenantId'>[],
  { onlyIf, only = fields }: { onlyIf?: SQL; only?: readonly Field[] } = {},
): Statement[] {
  const kept = fields.filter((field) => !only.includes(field)).map((field) => lastValues[field])
  return insertMany(
    db,
    lastValues,
    rows.map((row) => ({ ...row, tenantId: tenant })),
    {
      replace: {
        key: [lastValues.tenantId, lastValues.additionId],
        keep: [lastValues.how, lastValues.marker, ...kept],
      },
      ...(onlyIf ? { onlyIf } : {}),
    },
  )
}
