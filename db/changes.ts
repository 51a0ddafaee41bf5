import { and, desc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Reading } from '#billing/reading.ts'
import { isIn, type Scope } from './db.ts'
import { approvals, intents, planRows, plans, runs, snapshotAccounts, snapshots } from './schema.ts'

/** The last changes of some additions, newest first, at most `each` of every one, with who made them. */
export function listChanges({ db, tenant }: Scope, additionIds: readonly number[], each: number) {
  const sent = and(
    eq(intents.tenantId, tenant),
    eq(intents.runId, plans.runId),
    eq(intents.planId, planRows.planId),
    eq(intents.rowSeq, planRows.seq),
    eq(intents.state, 'done'),
  )
  const ranked = db
    .select({
      additionId: planRows.additionId,
      outcome: planRows.outcome,
      before: planRows.before,
      after: planRows.after,
      reason: planRows.reason,
      runId: plans.runId,
      startedBy: runs.startedBy,
      approvedBy: approvals.member,
      at: sql<number>`coalesce(${intents.resolvedAt}, ${plans.createdAt})`.as('changed_at'),
      rank: sql<number>`row_number() over (partition by ${planRows.additionId} order by ${plans.createdAt} desc, ${planRows.seq})`.as(
        'rank',
      ),
    })
    .from(planRows)
    .innerJoin(plans, and(eq(plans.tenantId, tenant), eq(plans.id, planRows.planId)))
    .innerJoin(runs, and(eq(runs.tenantId, tenant), eq(runs.id, plans.runId)))
    .leftJoin(intents, sent)
    .leftJoin(approvals, and(eq(approvals.tenantId, tenant), eq(approvals.planId, planRows.planId)))
    .where(
      and(
        eq(planRows.tenantId, tenant),
        isIn(planRows.additionId, additionIds),
        inArray(planRows.outcome, ['created', 'updated', 'cancelled']),
      ),
    )
    .as('ranked')
  return db.select().from(ranked).where(lte(ranked.rank, each)).orderBy(desc(ranked.at))
}

export type Change = Awaited<ReturnType<typeof listChanges>>[number]

/** What became of the newest write of each of these lines, by its natural key. */
export function listLastWrites({ db, tenant }: Scope, keys: readonly string[]) {
  const ranked = db
    .select({
      key: intents.naturalKey,
      state: intents.state,
      error: intents.error,
      desired: intents.desired,
      at: sql<number>`coalesce(${intents.resolvedAt}, ${intents.sentAt}, ${intents.createdAt})`.as('written_at'),
      rank: sql<number>`row_number() over (partition by ${intents.naturalKey} order by ${intents.createdAt} desc, ${intents.attempt} desc)`.as(
        'rank',
      ),
    })
    .from(intents)
    .where(and(eq(intents.tenantId, tenant), isIn(intents.naturalKey, keys)))
    .as('ranked')
  return db.select().from(ranked).where(eq(ranked.rank, 1))
}

/** What the last complete snapshots said of some accounts, oldest first; the people only when asked for. */
export async function listSeries(
  { db, tenant }: Scope,
  accounts: readonly { source: string; account: string }[],
  length: number,
): Promise<
  {
    source: string
    account: string
    takenAt: number
    kind: (typeof snapshots.$inferSelect)['kind']
    readings: Reading[]
  }[]
> {
  const ranked = db
    .select({
      source: snapshots.sourceId,
      account: snapshotAccounts.account,
      takenAt: snapshots.takenAt,
      kind: snapshots.kind,
      readings: snapshotAccounts.readings,
      rank: sql<number>`row_number() over (partition by ${snapshots.sourceId}, ${snapshotAccounts.account} order by ${snapshots.takenAt} desc)`.as(
        'rank',
      ),
    })
    .from(snapshotAccounts)
    .innerJoin(
      snapshots,
      and(eq(snapshots.tenantId, tenant), eq(snapshots.id, snapshotAccounts.snapshotId), eq(snapshots.complete, true)),
    )
    .where(
      and(
        eq(snapshotAccounts.tenantId, tenant),
        isIn(
          snapshotAccounts.account,
          accounts.map(({ account }) => account),
        ),
      ),
    )
    .as('ranked')
  const rows = await db.select().from(ranked).where(lte(ranked.rank, length)).orderBy(ranked.takenAt)
  return rows.map(({ rank: _, readings, ...row }) => ({
    ...row,
    readings: readings.map(({ title: _, ...reading }) => ({ account: row.account, ...reading })),
  }))
}
