import { and, count, desc, eq, getTableColumns, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { isAbout, type Records } from './readable.ts'
import { accounts, lineLoads, mappings, planRows, plans, runs } from './schema.ts'

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
  | 'posting'
>

const { planId, sourceId, companyId, agreementId, additionId, holds, reason, amount, outcome, outcomeReason } = planRows
const { posting } = planRows
const columns = {
  ...{ planId, sourceId, accounts: planRows.accounts, companyId, agreementId, additionId },
  ...{ holds, reason, amount, outcome, outcomeReason, posting },
}

const ofPlan = and(eq(plans.tenantId, planRows.tenantId), eq(plans.id, planRows.planId))
const isWaiting = and(eq(plans.state, 'waiting'), eq(planRows.outcome, 'held'))
const isFailed = (plan: string) => and(eq(plans.id, plan), inArray(planRows.outcome, ['failed', 'unknown']))
const isParked = and(eq(mappings.include, true), isNotNull(mappings.parkedReason))
const byMoney = sql`abs(cast(${planRows.amount} as real)) desc nulls last`

/** An account whose lines are billed to its company, without a mapping of its own. */
const isOrganization = sql`(${accounts.companyId} is not null and exists (select 1 from ${lineLoads} where ${lineLoads.tenantId} = ${accounts.tenantId} and ${lineLoads.sourceId} = ${accounts.sourceId}))`

/** The companies and agreements that anything here is about. */
export async function listAttentionRecords({ db, tenant }: Scope, lastPlan: string | null): Promise<Records> {
  const [rows, parked] = await Promise.all([
    db
      .selectDistinct({ company: planRows.companyId, agreement: planRows.agreementId })
      .from(planRows)
      .innerJoin(plans, ofPlan)
      .where(and(eq(planRows.tenantId, tenant), or(isWaiting, isFailed(lastPlan ?? '')))),
    db
      .selectDistinct({ company: mappings.companyId, agreement: mappings.agreementId })
      .from(mappings)
      .where(and(eq(mappings.tenantId, tenant), isParked)),
  ])
  const all = [...rows, ...parked]
  return {
    companies: [...new Set(all.flatMap(({ company }) => company ?? []))],
    agreements: [...new Set(all.flatMap(({ agreement }) => agreement ?? []))],
  }
}

/** Held rows of plans that wait for somebody, those with the most money first. */
export function listWaitingRows(scope: Scope, readable: Records | 'all', most: number): Promise<AttentionRow[]> {
  return listRows(scope, isWaiting, readable, most)
}

/** Rows of one plan that failed or whose outcome nobody knows yet. */
export function listFailedRows(
  scope: Scope,
  plan: string,
  readable: Records | 'all',
  most: number,
): Promise<AttentionRow[]> {
  return listRows(scope, isFailed(plan), readable, most)
}

/** Those with the most money first. */
function listRows(
  { db, tenant }: Scope,
  which: SQL | undefined,
  readable: Records | 'all',
  most: number,
): Promise<AttentionRow[]> {
  return db
    .select(columns)
    .from(planRows)
    .innerJoin(plans, ofPlan)
    .where(and(eq(planRows.tenantId, tenant), which, isAbout(planRows, readable)))
    .orderBy(byMoney, planRows.seq)
    .limit(most)
}

/** Included mappings that write nothing until somebody maps them again. */
export function listParked({ db, tenant }: Scope, readable: Records | 'all', most: number) {
  const { id, sourceId, account, companyId, agreementId, additionId, parkedReason, parkedAt } = mappings
  return db
    .select({ id, sourceId, account, companyId, agreementId, additionId, parkedReason, parkedAt })
    .from(mappings)
    .where(and(eq(mappings.tenantId, tenant), isParked, isAbout(mappings, readable)))
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
      .innerJoin(plans, ofPlan)
      .where(and(eq(planRows.tenantId, tenant), where))
  const [[held], [failed], [unmapped], [parked]] = await Promise.all([
    rowsOf(isWaiting),
    rowsOf(isFailed(lastPlan ?? '')),
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
      .where(and(eq(accounts.tenantId, tenant), isNull(mappings.id), not(isOrganization))),
    db
      .select({ n: count() })
      .from(mappings)
      .where(and(eq(mappings.tenantId, tenant), isParked)),
  ])
  return { held: held?.n ?? 0, failed: failed?.n ?? 0, unmapped: unmapped?.n ?? 0, parked: parked?.n ?? 0 }
}

/** The newest finished runs, newest first, for the plot of changes over time. */
export function listFinishedRuns({ db, tenant }: Scope, most: number) {
  return db
    .select({ ...getTableColumns(runs), plannedAt: plans.createdAt })
    .from(runs)
    .leftJoin(plans, and(eq(plans.tenantId, runs.tenantId), eq(plans.id, runs.planId)))
    .where(and(eq(runs.tenantId, tenant), isNotNull(runs.finishedAt)))
    .orderBy(desc(runs.startedAt))
    .limit(most)
}
