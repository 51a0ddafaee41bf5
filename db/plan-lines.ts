import { and, count, desc, eq, inArray, ne, or, type SQL, sql } from 'drizzle-orm'
import { isIn, type Scope } from './db.ts'
import type { PlanRowRecord } from './plans.ts'
import type { Page } from './runs.ts'
import { accounts, agreements, companies, planRows, plans, runs, snapshots } from './schema.ts'

/** One row of a plan, without its values: enough to sort, to count and to ask who may read it. */
export interface PlanLine
  extends Pick<
    PlanRowRecord,
    'seq' | 'change' | 'companyId' | 'agreementId' | 'amount' | 'outcome' | 'sourceId' | 'accounts'
  > {
  company: string | null
  currency: string | null
  billingCycle: string | null
  /** Whether its amount is billed on one invoice only: it is of a part of a period, or of a one-time line. */
  once: boolean
  nextInvoiceOn: string | null
  /** Whether a hold of it cannot be approved. */
  blocked: boolean
  /** Whether a hold of it is a conflict. */
  conflict: boolean
  /** Whether it writes, or waits because of, a cost or a price. */
  tellsMoney: boolean
}

const field = (name: string) => sql<string | null>`json_extract(${agreements.body}, ${`$.${name}`})`
const worst = sql`case ${planRows.outcome} when 'held' then 0 when 'failed' then 1 when 'unknown' then 2 else 3 end`

const isOnce = sql<number>`(coalesce(${planRows.draft} ->> 'record' = 'addition', 0) or coalesce(${planRows.posting} ->> 'kind' = 'one-time', 0))`

const holding = (what: SQL) => sql<number>`exists (select 1 from json_each(${planRows.holds}) where ${what})`

/** What a plan changes or could not, what waits or failed first, then by company. Rows nothing can be said of are left out. */
export async function listPlanLines({ db, tenant }: Scope, planId: string): Promise<PlanLine[]> {
  const { seq, change, companyId, agreementId, amount, outcome, sourceId } = planRows
  const rows = await db
    .select({
      ...{ seq, change, companyId, agreementId, amount, outcome, sourceId, accounts: planRows.accounts },
      company: companies.name,
      currency: field('currency'),
      billingCycle: field('billingCycle'),
      once: isOnce,
      nextInvoiceOn: field('nextInvoiceOn'),
      blocked: holding(sql`value ->> 'block'`),
      conflict: holding(sql`value ->> 'guard' = 'G9'`),
      tellsMoney: sql<number>`(${planRows.after} ->> 'cost' is not null or ${planRows.after} ->> 'price' is not null or ${holding(sql`value ->> 'withoutMoney' is not null`)})`,
    })
    .from(planRows)
    .leftJoin(agreements, and(eq(agreements.tenantId, tenant), eq(agreements.id, planRows.agreementId)))
    .leftJoin(companies, and(eq(companies.tenantId, tenant), eq(companies.id, planRows.companyId)))
    .where(
      and(
        eq(planRows.tenantId, tenant),
        eq(planRows.planId, planId),
        or(sql`${planRows.change} is not null`, ne(planRows.outcome, 'skipped')),
      ),
    )
    .orderBy(worst, companies.name, planRows.companyId, planRows.agreementId, planRows.seq)
  return rows.map(({ once, blocked, conflict, tellsMoney, ...row }) => ({
    ...row,
    once: Boolean(once),
    ...{ blocked: Boolean(blocked), conflict: Boolean(conflict), tellsMoney: Boolean(tellsMoney) },
  }))
}

/** These rows of a plan, in no order. */
export function listRowsOf({ db, tenant }: Scope, planId: string, seqs: readonly number[]): Promise<PlanRowRecord[]> {
  return db
    .select()
    .from(planRows)
    .where(and(eq(planRows.tenantId, tenant), eq(planRows.planId, planId), isIn(planRows.seq, seqs)))
}

/** Why rows of a plan were skipped, by the first word of the reason, the commonest first. */
export async function countSkipped({ db, tenant }: Scope, planId: string): Promise<{ why: string; rows: number }[]> {
  const said = sql`coalesce(${planRows.outcomeReason}, ${planRows.reason})`
  const why = sql<string>`substr(${said}, 1, instr(${said} || ':', ':') - 1)`
  return db
    .select({ why, rows: count() })
    .from(planRows)
    .where(and(eq(planRows.tenantId, tenant), eq(planRows.planId, planId), eq(planRows.outcome, 'skipped')))
    .groupBy(why)
    .orderBy(desc(count()))
}

export type PlanFilter = 'waiting' | 'changes' | 'all'

/** A page of plans with who started them: those that wait first, then the newest. */
export function listPlanPage({ db, tenant }: Scope, filter: PlanFilter, { size, number }: Page) {
  return db
    .select({ plan: plans, startedBy: runs.startedBy })
    .from(plans)
    .leftJoin(runs, and(eq(runs.tenantId, tenant), eq(runs.id, plans.runId)))
    .where(and(eq(plans.tenantId, tenant), matching(filter)))
    .orderBy(desc(sql`${plans.state} = 'waiting'`), desc(plans.createdAt), desc(plans.id))
    .limit(size)
    .offset((number - 1) * size)
}

export async function countPlans({ db, tenant }: Scope, filter: PlanFilter): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(plans)
    .where(and(eq(plans.tenantId, tenant), matching(filter)))
  return row?.n ?? 0
}

const changes = sql`exists (select 1 from ${planRows} where ${planRows.tenantId} = ${plans.tenantId} and ${planRows.planId} = ${plans.id} and ${planRows.change} is not null)`

const matching = (filter: PlanFilter) =>
  filter === 'waiting' ? eq(plans.state, 'waiting') : filter === 'changes' ? changes : undefined

/** What some plans change, per agreement. The amount is exact, in ten-thousandths. */
export function sumPlans({ db, tenant }: Scope, ids: readonly string[]) {
  const currency = field('currency')
  const billingCycle = field('billingCycle')
  return db
    .select({
      planId: planRows.planId,
      companyId: planRows.companyId,
      currency,
      billingCycle,
      once: isOnce,
      agreementId: planRows.agreementId,
      changes: sql<number>`sum(${planRows.change} is not null)`,
      held: sql<number>`sum(${planRows.outcome} = 'held')`,
      amount: sql<number>`sum(case ${planRows.outcome} when 'skipped' then 0 else cast(round(coalesce(${planRows.amount}, 0) * 10000) as integer) end)`,
    })
    .from(planRows)
    .leftJoin(agreements, and(eq(agreements.tenantId, tenant), eq(agreements.id, planRows.agreementId)))
    .where(
      and(
        eq(planRows.tenantId, tenant),
        isIn(planRows.planId, ids),
        or(sql`${planRows.change} is not null`, eq(planRows.outcome, 'held')),
      ),
    )
    .groupBy(planRows.planId, planRows.companyId, planRows.agreementId, currency, billingCycle, isOnce)
}

export type PlanSum = Awaited<ReturnType<typeof sumPlans>>[number]

/** What the sources call these accounts. */
export function listAccountNames({ db, tenant }: Scope, ids: readonly string[]) {
  const { sourceId, account, name } = accounts
  return db
    .select({ sourceId, account, name })
    .from(accounts)
    .where(and(eq(accounts.tenantId, tenant), isIn(account, ids)))
}

/** When these snapshots were taken. */
export function listTaken({ db, tenant }: Scope, ids: readonly string[]) {
  const { id, takenAt, complete } = snapshots
  return db
    .select({ id, takenAt, complete })
    .from(snapshots)
    .where(and(eq(snapshots.tenantId, tenant), isIn(id, ids)))
}

/** What some plans say of these mappings where nothing was written: it failed, waits, or was skipped. */
export function listUnwritten({ db, tenant }: Scope, planIds: readonly string[], mappings: readonly string[]) {
  const { planId, outcome, outcomeReason, reason, holds } = planRows
  const about = sql`exists (select 1 from json_each(${planRows.mappings}) where value in (select value from json_each(${JSON.stringify(mappings)})))`
  return db
    .select({ planId, outcome, outcomeReason, reason, holds, mappings: planRows.mappings })
    .from(planRows)
    .where(
      and(
        eq(planRows.tenantId, tenant),
        isIn(planRows.planId, planIds),
        inArray(planRows.outcome, ['failed', 'unknown', 'held', 'skipped', 'pending']),
        about,
      ),
    )
}
