import { and, eq, isNotNull, max, type SQL } from 'drizzle-orm'
import type { InvoiceLine } from '#billing/lines/line.ts'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import type { SourceMonth } from './lines.ts'
import { lineLoads, snapshotAccounts, snapshots } from './schema.ts'

export type LineLoad = typeof lineLoads.$inferSelect

/** What was loaded last, for every month and source. */
export function listLineLoads({ db, tenant }: Scope): Promise<LineLoad[]> {
  return db.select().from(lineLoads).where(eq(lineLoads.tenantId, tenant)).orderBy(lineLoads.sourceId, lineLoads.period)
}

export async function findLineLoad({ db, tenant }: Scope, month: SourceMonth): Promise<LineLoad | undefined> {
  const [row] = await db
    .select()
    .from(lineLoads)
    .where(
      and(eq(lineLoads.tenantId, tenant), eq(lineLoads.sourceId, month.sourceId), eq(lineLoads.period, month.period)),
    )
  return row
}

export function saveLineLoad({ db, tenant }: Scope, row: Omit<LineLoad, 'tenantId'>, onlyIf: SQL): Statement[] {
  const { tenantId, sourceId, period } = lineLoads
  return insertMany(db, lineLoads, [{ ...row, tenantId: tenant }], {
    replace: { key: [tenantId, sourceId, period] },
    onlyIf,
  })
}

/** The invoice lines that some snapshots state, by snapshot and account. */
export async function listStatedLines(
  { db, tenant }: Scope,
  snapshotIds: readonly string[],
): Promise<{ snapshotId: string; account: string; lines: readonly InvoiceLine[] }[]> {
  const { snapshotId, account, lines } = snapshotAccounts
  const rows = await db
    .select({ snapshotId, account, lines })
    .from(snapshotAccounts)
    .where(and(eq(snapshotAccounts.tenantId, tenant), isIn(snapshotId, snapshotIds), isNotNull(lines)))
  return rows.map((row) => ({ ...row, lines: row.lines ?? [] }))
}

/** When a source last told of a month's invoice lines; undefined: never. */
export async function findHeardAt({ db, tenant }: Scope, month: SourceMonth): Promise<number | undefined> {
  const [row] = await db
    .select({ at: max(snapshots.receivedAt) })
    .from(snapshots)
    .where(
      and(
        eq(snapshots.tenantId, tenant),
        eq(snapshots.sourceId, month.sourceId),
        eq(snapshots.period, month.period),
        eq(snapshots.kind, 'invoice-lines'),
      ),
    )
  return row?.at ?? undefined
}
