import { and, inArray, isNotNull, isNull, lt, notInArray, sql } from 'drizzle-orm'
import type { Db, Statement } from './db.ts'
import {
  approvals,
  intents,
  invoiceLines,
  lineLoads,
  logs,
  planRows,
  plans,
  runs,
  snapshotAccounts,
  snapshots,
  sources,
  ticks,
} from './schema.ts'

const dayMs = 86_400_000
/** Invoice lines dropped at once; the rest waits for the next day. */
const mostLines = 20_000

/** Whether it is this caller's turn to drop what is too old: true once a day, for one process. */
export async function claimCleaning(db: Db, at: number): Promise<boolean> {
  const rows = await db
    .insert(ticks)
    .values({ id: 'cleaning', at })
    .onConflictDoUpdate({ target: ticks.id, set: { at }, setWhere: lt(ticks.at, at - dayMs) })
    .returning({ id: ticks.id })
  return rows.length > 0
}

/**
 * Drops snapshots, invoice lines, plans, runs, ended intents and log entries from before an instant (FEATURES 2). What the
 * guard still compares with stays, what stands for a posted line as well, and the ledger for ever.
 */
export function dropBefore(db: Db, at: number): Statement[] {
  const trusted = db.select({ id: sources.trustedSnapshotId }).from(sources).where(isNotNull(sources.trustedSnapshotId))
  const oldSnapshots = and(lt(snapshots.receivedAt, at), notInArray(snapshots.id, trusted))
  const oldPlans = lt(plans.createdAt, at)
  const oldLines = db
    .select({ id: sql`rowid` })
    .from(invoiceLines)
    .where(lt(invoiceLines.loadedAt, at))
    .limit(mostLines)
  return [
    db
      .delete(snapshotAccounts)
      .where(inArray(snapshotAccounts.snapshotId, db.select({ id: snapshots.id }).from(snapshots).where(oldSnapshots))),
    db.delete(snapshots).where(oldSnapshots),
    db.delete(planRows).where(inArray(planRows.planId, db.select({ id: plans.id }).from(plans).where(oldPlans))),
    db.delete(approvals).where(inArray(approvals.planId, db.select({ id: plans.id }).from(plans).where(oldPlans))),
    db.delete(plans).where(oldPlans),
    db.delete(invoiceLines).where(sql`rowid in ${oldLines}`),
    db.delete(lineLoads).where(lt(lineLoads.loadedAt, at)),
    db.delete(runs).where(lt(runs.finishedAt, at)),
    db.delete(logs).where(lt(logs.at, at)),
    db.delete(intents).where(and(lt(intents.resolvedAt, at), isNull(intents.open))),
  ]
}
