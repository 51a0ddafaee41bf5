import { eq, type SQL } from 'drizzle-orm'
import { insertMany, type Scope, type Statement } from './db.ts'
import { lastValues } from './schema.ts'

export type LastValueRow = typeof lastValues.$inferSelect

export function listLastValues({ db, tenant }: Scope): Promise<LastValueRow[]> {
  return db.select().from(lastValues).where(eq(lastValues.tenantId, tenant))
}

/** Saves the values TrueUp builds on from now; how and by which marker an addition became ours is kept. */
export function saveLastValues(
  { db, tenant }: Scope,
  rows: readonly Omit<LastValueRow, 'tenantId'>[],
  onlyIf?: SQL,
): Statement[] {
  return insertMany(
    db,
    lastValues,
    rows.map((row) => ({ ...row, tenantId: tenant })),
    {
      replace: { key: [lastValues.tenantId, lastValues.additionId], keep: [lastValues.how, lastValues.marker] },
      ...(onlyIf ? { onlyIf } : {}),
    },
  )
}
