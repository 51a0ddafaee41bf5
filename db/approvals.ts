import { and, count, eq, exists, inArray, notExists, type SQL, sql } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import type { Plan } from './plans.ts'
import { approvals, planRows, plans } from './schema.ts'

/** A member's yes to exactly this fingerprint of a plan in one of these states, if `onlyIf` holds as well (I8). */
export function addApproval(
  { db, tenant }: Scope,
  approval: Omit<typeof approvals.$inferInsert, 'tenantId'>,
  { states, onlyIf }: { states: readonly Plan['state'][]; onlyIf: SQL },
): Statement[] {
  const same = and(
    eq(plans.tenantId, tenant),
    eq(plans.id, approval.planId),
    eq(plans.fingerprint, approval.fingerprint),
  )
  const waits = sql`exists (select 1 from ${plans} where ${and(same, inArray(plans.state, states))}) and ${onlyIf}`
  return insertMany(db, approvals, [{ ...approval, tenantId: tenant }], { onlyIf: waits })
}

/** The condition that all these rows of a plan wait for a person, nobody having chosen for one of them since. */
export function areHeld({ db, tenant }: Scope, planId: string, seqs: readonly number[]): SQL {
  const held = and(
    eq(planRows.tenantId, tenant),
    eq(planRows.planId, planId),
    isIn(planRows.seq, seqs),
    eq(planRows.outcome, 'held'),
  )
  return sql`${db.select({ held: count() }).from(planRows).where(held)} = ${seqs.length}`
}

/** A plan in which nothing waits any more has another state from now on. */
export function endWaiting({ db, tenant }: Scope, id: string, state: Plan['state'], onlyIf: SQL): Statement {
  const held = db
    .select({ one: sql`1` })
    .from(planRows)
    .where(and(eq(planRows.tenantId, tenant), eq(planRows.planId, id), eq(planRows.outcome, 'held')))
  return db
    .update(plans)
    .set({ state })
    .where(and(eq(plans.tenantId, tenant), eq(plans.id, id), eq(plans.state, 'waiting'), notExists(held), onlyIf))
}

export async function findApproval(
  { db, tenant }: Scope,
  id: string,
): Promise<typeof approvals.$inferSelect | undefined> {
  const [row] = await db
    .select()
    .from(approvals)
    .where(and(eq(approvals.tenantId, tenant), eq(approvals.id, id)))
  return row
}

/** The condition that this very approval was accepted, for what is saved in the same batch. */
export function approved({ db, tenant }: Scope, id: string): SQL {
  const row = db
    .select({ one: sql`1` })
    .from(approvals)
    .where(and(eq(approvals.tenantId, tenant), eq(approvals.id, id)))
  return exists(row)
}
