import { and, count, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { accounts, mappings, planRows, plans, runs } from './schema.ts'

export type AttentionRow = Pick<
  typeof planRows.$inferSelect,
  | 'planId'
  | 'sourceId'
  | 'accounts'
  | 'companyId'
  | 'agreementId'
  | 'additionId'
  | 'holds'
  | 'reason'
  | 'amount'
  | 'outcome'
  | 'outcomeReason'
>

const { planId, sourceId, companyId, agreementId, additionId, holds, reason, amount, outcome, outcomeReason } = planRows
const columns = {
  ...{ planId, sourceId, accounts: planRows.accounts, companyId, agreementId, additionId },
  ...{ holds, reason, amount, outcome, outcomeReason },
}

/** Held rows of plans that wait for somebody, those with the most money first. */
export function listWaitingRows({ db, tenant }: Scope, most: number): Promise<AttentionRow[]> {
  return db
    .select(columns)
    .from(planRows)
    .innerJoin(plans, and(eq(plans.tenantId, planRows.tenantId), eq(plans.id, planRows.planId)))
    .where(and(eq(planRows.tenantId, tenant), eq(plans.state, 'waiting'), eq(planRows.outcome, 'held')))
    .orderBy(sql`abs(cast(${planRows.amount} as real)) desc nulls last`, planRows.seq)
    .limit(most)
}

/** Rows of one plan that failed or whose outcome nobody knows yet. */
export function listFailedRows({ db, tenant }: Scope, plan: string, most: number): Promise<AttentionRow[]> {
  return db
    .select(columns)
    .from(planRows)
    .where(
      and(eq(planRows.tenantId, tenant), eq(planRows.planId, plan), inArray(planRows.outcome, ['failed', 'unknown'])),
    )
    .orderBy(sql`abs(cast(${planRows.amount} as real)) desc nulls last`, planRows.seq)
    .limit(most)
}

/** Included mappings that write nothing until somebody maps them again. */
export function listParked({ db, tenant }: Scope, most: number) {
  const { id, sourceId, account, companyId, agreementId, additionId, parkedReason, parkedAt } = mappings
  return db
    .select({ id, sourceId, account, companyId, agreementId, additionId, parkedReason, parkedAt })
    .from(mappings)
    .where(and(eq(mappings.tenantId, tenant), eq(mappings.include, true), isNotNull(mappings.parkedReason)))
    .orderBy(desc(mappings.parkedAt))
    .limit(most)
}

/** What waits, failed and is not mapped, counted. */
export async function countAttention(scope: Scope, lastPlan: string | null) {
  const { db, tenant } = scope
  const rowsOf = (where: ReturnType<typeof and>) =>
    db
      .select({ n: count() })
      .from(planRows)
      .innerJoin(plans, and(eq(plans.tenantId, planRows.tenantId), eq(plans.id, planRows.planId)))
      .where(and(eq(planRows.tenantId, tenant), where))
  const [[held], [failed], [unmapped], [parked]] = await Promise.all([
    rowsOf(and(eq(plans.state, 'waiting'), eq(planRows.outcome, 'held'))),
    rowsOf(and(eq(plans.id, lastPlan ?? ''), inArray(planRows.outcome, ['failed', 'unknown']))),
    db
      .select({ n: count() })
      .from(accounts)
      .leftJoin(
        mappings,
        and(
          eq(mappings.tenantId, accounts.tenantId),
          eq(mappings.sourceId, accounts.sourceId),
          eq(mappings.account, accounts.account),
        ),
      )
      .where(and(eq(accounts.tenantId, tenant), isNull(mappings.id))),
    db
      .select({ n: count() })
      .from(mappings)
      .where(and(eq(mappings.tenantId, tenant), eq(mappings.include, true), isNotNull(mappings.parkedReason))),
  ])
  return { held: held?.n ?? 0, failed: failed?.n ?? 0, unmapped: unmapped?.n ?? 0, parked: parked?.n ?? 0 }
}

/** The newest finished runs, newest first, for the plot of changes over time. */
export function listFinishedRuns({ db, tenant }: Scope, most: number) {
  return db
    .select()
    .from(runs)
    .where(and(eq(runs.tenantId, tenant), isNotNull(runs.finishedAt)))
    .orderBy(desc(runs.startedAt))
    .limit(most)
}
