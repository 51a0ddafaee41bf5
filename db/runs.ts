import { and, desc, eq, type SQL } from 'drizzle-orm'
import type { Db, Scope, Statement } from './db.ts'
import { runs, type TenantId } from './schema.ts'

export type Run = typeof runs.$inferSelect

/** Adds a run unless the schedule already had one on that local day (I12). */
export function addRun({ db }: Scope, run: typeof runs.$inferInsert): Statement {
  return db.insert(runs).values(run).onConflictDoNothing()
}

export function saveRun({ db, tenant }: Scope, id: string, change: Partial<Run>, onlyIf?: SQL): Statement {
  return db
    .update(runs)
    .set(change)
    .where(and(eq(runs.tenantId, tenant), eq(runs.id, id), onlyIf))
}

/** A final run goes on, because an outcome that was open has been settled: it is to be counted again. */
export function reopenRun({ db, tenant }: Scope, id: string, onlyIf: SQL): Statement {
  return db
    .update(runs)
    .set({ state: 'running' })
    .where(and(eq(runs.tenantId, tenant), eq(runs.id, id), eq(runs.phase, 'final'), onlyIf))
}

export async function findRun({ db, tenant }: Scope, id: string): Promise<Run | undefined> {
  const [row] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.tenantId, tenant), eq(runs.id, id)))
  return row
}

/** Runs that are not final, oldest first. */
export function listOpenRuns({ db, tenant }: Scope): Promise<Run[]> {
  return db
    .select()
    .from(runs)
    .where(and(eq(runs.state, 'running'), eq(runs.tenantId, tenant)))
    .orderBy(runs.startedAt)
}

export async function findNewestRun({ db, tenant }: Scope): Promise<Run | undefined> {
  const [row] = await db.select().from(runs).where(eq(runs.tenantId, tenant)).orderBy(desc(runs.startedAt)).limit(1)
  return row
}

/** Tenants with a run under way, for the tick, which serves all of them. */
export async function listTenantsWithOpenRuns(db: Db): Promise<TenantId[]> {
  const rows = await db.selectDistinct({ tenant: runs.tenantId }).from(runs).where(eq(runs.state, 'running'))
  return rows.map((row) => row.tenant)
}
