import { and, desc, eq, exists, inArray, or, type SQL, sql } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { planRows, plans } from './schema.ts'

export type Plan = typeof plans.$inferSelect
export type PlanRowRecord = typeof planRows.$inferSelect

export function addPlan(
  { db, tenant }: Scope,
  plan: Omit<Plan, 'tenantId'>,
  rows: readonly Omit<PlanRowRecord, 'tenantId' | 'planId'>[],
): Statement[] {
  return [
    db.insert(plans).values({ ...plan, tenantId: tenant }),
    ...insertMany(
      db,
      planRows,
      rows.map((row) => ({ ...row, tenantId: tenant, planId: plan.id })),
    ),
  ]
}

export async function findPlan({ db, tenant }: Scope, id: string): Promise<Plan | undefined> {
  const [row] = await db
    .select()
    .from(plans)
    .where(and(eq(plans.tenantId, tenant), eq(plans.id, id)))
  return row
}

export function listPlanRows({ db, tenant }: Scope, planId: string): Promise<PlanRowRecord[]> {
  return db
    .select()
    .from(planRows)
    .where(and(eq(planRows.tenantId, tenant), eq(planRows.planId, planId)))
    .orderBy(planRows.seq)
}

export async function findPlanRow(
  { db, tenant }: Scope,
  planId: string,
  seq: number,
): Promise<PlanRowRecord | undefined> {
  const [row] = await db
    .select()
    .from(planRows)
    .where(and(eq(planRows.tenantId, tenant), eq(planRows.planId, planId), eq(planRows.seq, seq)))
  return row
}

/** Rows of waiting plans about these additions that wait for a choice in a conflict. */
export async function listConflictRows(
  { db, tenant }: Scope,
  additionIds: readonly number[],
): Promise<PlanRowRecord[]> {
  const rows = await db
    .select({ row: planRows })
    .from(planRows)
    .innerJoin(plans, and(eq(plans.tenantId, tenant), eq(plans.id, planRows.planId), eq(plans.state, 'waiting')))
    .where(
      and(
        eq(planRows.tenantId, tenant),
        isIn(planRows.additionId, additionIds),
        eq(planRows.outcome, 'held'),
        sql`exists (select 1 from json_each(${planRows.holds}) where value ->> 'guard' = 'G9')`,
      ),
    )
  return rows.map(({ row }) => row)
}

export async function findWaitingPlan({ db, tenant }: Scope): Promise<Plan | undefined> {
  const [row] = await db
    .select()
    .from(plans)
    .where(and(eq(plans.tenantId, tenant), eq(plans.state, 'waiting')))
    .orderBy(desc(plans.createdAt))
    .limit(1)
  return row
}

export async function findNewestPlan({ db, tenant }: Scope): Promise<Plan | undefined> {
  const [row] = await db.select().from(plans).where(eq(plans.tenantId, tenant)).orderBy(desc(plans.createdAt)).limit(1)
  return row
}

/** The plan is about to be written, unless it waits for somebody. */
export function markApplying({ db, tenant }: Scope, id: string): Statement {
  return db
    .update(plans)
    .set({ state: 'applying' })
    .where(and(eq(plans.tenantId, tenant), eq(plans.id, id), inArray(plans.state, ['ready', 'approved'])))
}

export function savePlanState({ db, tenant }: Scope, id: string, state: Plan['state'], onlyIf?: SQL): Statement {
  return db
    .update(plans)
    .set({ state })
    .where(and(eq(plans.tenantId, tenant), eq(plans.id, id), onlyIf))
}

/** The condition that nobody has approved or closed a plan since it was read. */
export function isPlanStill({ db, tenant }: Scope, { id, state }: Plan): SQL {
  const row = db
    .select({ one: sql`1` })
    .from(plans)
    .where(and(eq(plans.tenantId, tenant), eq(plans.id, id), eq(plans.state, state)))
  return exists(row)
}

/** What a plan speaks of beside mappings: rows by their keys, invoice lines by our ids, all lines of some sources. */
interface Spoken {
  keys?: readonly string[]
  lines?: readonly string[]
  sources?: readonly string[]
}

/** Waiting plans with a row of one of these can no longer be approved: a newer plan speaks of the same (V1). */
export function outdatePlans(
  { db, tenant }: Scope,
  mappings: readonly string[],
  at: number,
  { keys = [], lines = [], sources = [] }: Spoken = {},
): Statement {
  const spoken = sql`exists (select 1 from json_each(${planRows.mappings}) where value in (select value from json_each(${JSON.stringify(mappings)})))`
  const posted = sql`exists (select 1 from json_each(${planRows.posting}, '$.lines') where value in (select value from json_each(${JSON.stringify(lines)})))`
  const ofSource = isIn(sql`${planRows.posting} ->> 'source'`, sources)
  const same = db
    .select({ one: sql`1` })
    .from(planRows)
    .where(
      and(
        eq(planRows.tenantId, tenant),
        eq(planRows.planId, plans.id),
        or(spoken, isIn(planRows.key, keys), posted, ofSource),
      ),
    )
  return db
    .update(plans)
    .set({ state: 'stale', closedAt: at })
    .where(and(eq(plans.tenantId, tenant), eq(plans.state, 'waiting'), exists(same)))
}

/** Closes a plan that waits; `closed` is the condition that it was this closing. */
export function closePlan(
  { db, tenant }: Scope,
  id: string,
  by: string,
  at: number,
): { statement: Statement; closed: SQL } {
  const mine = and(eq(plans.tenantId, tenant), eq(plans.id, id))
  const statement = db
    .update(plans)
    .set({ state: 'dismissed', closedBy: by, closedAt: at })
    .where(and(mine, eq(plans.state, 'waiting')))
  const closed = sql`exists (select 1 from ${plans} where ${and(mine, eq(plans.state, 'dismissed'), eq(plans.closedBy, by), eq(plans.closedAt, at))})`
  return { statement, closed }
}

export function savePlanRow(
  { db, tenant }: Scope,
  row: { planId: string; seq: number },
  change: Partial<Pick<PlanRowRecord, 'outcome' | 'outcomeReason' | 'additionId' | 'amount'>>,
  onlyIf?: SQL,
): Statement {
  return db
    .update(planRows)
    .set(change)
    .where(and(eq(planRows.tenantId, tenant), eq(planRows.planId, row.planId), eq(planRows.seq, row.seq), onlyIf))
}

/** One outcome for several rows of a plan. */
export function savePlanRows(
  { db, tenant }: Scope,
  planId: string,
  seqs: readonly number[],
  change: Partial<Pick<PlanRowRecord, 'outcome' | 'outcomeReason'>>,
  onlyIf?: SQL,
): Statement {
  return db
    .update(planRows)
    .set(change)
    .where(and(eq(planRows.tenantId, tenant), eq(planRows.planId, planId), isIn(planRows.seq, seqs), onlyIf))
}
