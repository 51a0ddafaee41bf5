import { and, desc, eq, sql } from 'drizzle-orm'
import type { Hold } from '#billing/plan.ts'
import type { Scope } from './db.ts'
import { planRows, plans } from './schema.ts'

/** Why an invoice line waits, in the newest plan that waits for a person and names it; with that plan. */
export async function findLineHolds(
  { db, tenant }: Scope,
  id: string,
): Promise<{ planId: string; holds: readonly Hold[] } | undefined> {
  const [row] = await db
    .select({ planId: planRows.planId, holds: planRows.holds })
    .from(planRows)
    .innerJoin(plans, and(eq(plans.tenantId, tenant), eq(plans.id, planRows.planId), eq(plans.state, 'waiting')))
    .where(
      and(
        eq(planRows.tenantId, tenant),
        sql`exists (select 1 from json_each(${planRows.posting}, '$.lines') where value = ${id})`,
      ),
    )
    .orderBy(desc(plans.createdAt))
    .limit(1)
  return row
}
