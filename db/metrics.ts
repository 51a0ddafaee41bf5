import { and, count, eq, inArray, min, ne, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { intents, planRows, plans, runs } from './schema.ts'

/** Counts over all tenants, for the operator. Instants are epoch milliseconds. */
export interface Metrics {
  /** Ended runs by state. */
  runs: Record<string, number>
  intents: Record<string, number>
  /** Holds of the plans that wait now, by guard. */
  held: Record<string, number>
  oldestUnknownSentAt?: number
  lastSuccessAt?: number
}

/** The numbers of `/metrics`, over all tenants. */
export async function readMetrics(db: Db): Promise<Metrics> {
  const [runRows, intentRows, heldRows, [unknown], [success]] = await Promise.all([
    db.select({ name: runs.state, n: count() }).from(runs).where(ne(runs.state, 'running')).groupBy(runs.state),
    db.select({ name: intents.state, n: count() }).from(intents).groupBy(intents.state),
    listHeld(db),
    db
      .select({ at: min(intents.sentAt) })
      .from(intents)
      .where(inArray(intents.state, ['unknown', 'probing'])),
    db
      .select({ at: sql<number | null>`max(${runs.finishedAt})` })
      .from(runs)
      .where(eq(runs.state, 'done')),
  ])
  return {
    runs: byName(runRows),
    intents: byName(intentRows),
    held: byName(heldRows),
    ...(unknown?.at ? { oldestUnknownSentAt: unknown.at } : {}),
    ...(success?.at ? { lastSuccessAt: success.at } : {}),
  }
}

async function listHeld(db: Db): Promise<{ name: string; n: number }[]> {
  const guard = sql<string>`hold.value ->> 'guard'`
  return db
    .select({ name: guard, n: count() })
    .from(plans)
    .innerJoin(planRows, and(eq(planRows.tenantId, plans.tenantId), eq(planRows.planId, plans.id)))
    .innerJoin(sql`json_each(${planRows.holds}) as hold`, sql`true`)
    .where(eq(plans.state, 'waiting'))
    .groupBy(guard)
}

function byName(rows: readonly { name: string; n: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]))
}
