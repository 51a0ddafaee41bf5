import { and, count, countDistinct, desc, eq, isNull, notInArray, type SQL, sql } from 'drizzle-orm'
import { type Db, isIn, type Scope, type Statement } from './db.ts'
import { agreements, intents, mappings, runs, type TenantId } from './schema.ts'

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

/** Which part of a list, from page 1 on. */
export interface Page {
  size: number
  number: number
}

/** A page of runs, the newest first. */
export function listRunPage({ db, tenant }: Scope, { size, number }: Page): Promise<Run[]> {
  return db
    .select()
    .from(runs)
    .where(eq(runs.tenantId, tenant))
    .orderBy(desc(runs.startedAt), desc(runs.id))
    .limit(size)
    .offset((number - 1) * size)
}

export async function countRuns({ db, tenant }: Scope): Promise<number> {
  const [row] = await db.select({ n: count() }).from(runs).where(eq(runs.tenantId, tenant))
  return row?.n ?? 0
}

/** How far a run has got: `done` of `all`. */
export interface Measure {
  done: number
  all: number
}

/** The agreements a run is about, and those whose additions it has read. */
export async function countRead({ db, tenant }: Scope, run: Run): Promise<Measure> {
  const about = and(
    eq(mappings.tenantId, tenant),
    eq(mappings.include, true),
    isNull(mappings.parkedReason),
    run.sourceId === null ? undefined : eq(mappings.sourceId, run.sourceId),
    run.accounts === null ? undefined : isIn(mappings.account, run.accounts),
    run.mappings === null ? undefined : isIn(mappings.id, run.mappings),
  )
  const [row] = await db
    .select({
      all: countDistinct(mappings.agreementId),
      done: sql<number>`count(distinct case when ${agreements.additionsRun} = ${run.id} then ${agreements.id} end)`,
    })
    .from(mappings)
    .leftJoin(agreements, and(eq(agreements.tenantId, tenant), eq(agreements.id, mappings.agreementId)))
    .where(about)
  return row ?? { done: 0, all: 0 }
}

/** The writes a run has recorded, and those that are not to be sent any more. */
export async function countWrites({ db, tenant }: Scope, runId: string): Promise<Measure> {
  const [row] = await db
    .select({
      all: count(),
      done: sql<number>`coalesce(sum(${notInArray(intents.state, ['planned', 'sending'])}), 0)`,
    })
    .from(intents)
    .where(and(eq(intents.tenantId, tenant), eq(intents.runId, runId)))
  return row ?? { done: 0, all: 0 }
}

/** Tenants with a run under way, for the tick, which serves all of them. */
export async function listTenantsWithOpenRuns(db: Db): Promise<TenantId[]> {
  const rows = await db.selectDistinct({ tenant: runs.tenantId }).from(runs).where(eq(runs.state, 'running'))
  return rows.map((row) => row.tenant)
}
