import { and, count, desc, eq, isNotNull, or, sql } from 'drizzle-orm'
import type { Addition, Company } from '#billing/existing.ts'
import { isIn, type Scope } from './db.ts'
import type { MappingRow } from './mappings.ts'
import type { AgreementRow } from './mirror.ts'
import type { Plan } from './plans.ts'
import {
  accounts,
  additions,
  agreements,
  companies,
  datedLines,
  lineAdditions,
  mappings,
  planRows,
  plans,
} from './schema.ts'

/** Mappings to a company, and all others on the agreements these name: they may be added together. */
export function listCompanyMappings(scope: Scope, companyId: number): Promise<MappingRow[]> {
  const { db, tenant } = scope
  return db
    .select()
    .from(mappings)
    .where(
      and(
        eq(mappings.tenantId, tenant),
        or(eq(mappings.companyId, companyId), sql`${mappings.agreementId} in ${agreementsOf(scope, companyId)}`),
      ),
    )
    .orderBy(mappings.agreementId, mappings.account, mappings.id)
}

/** A company's agreements in the mirror, and those its mappings name. */
export function listPodAgreements(scope: Scope, companyId: number): Promise<AgreementRow[]> {
  const { db, tenant } = scope
  return db
    .select()
    .from(agreements)
    .where(
      and(
        eq(agreements.tenantId, tenant),
        or(eq(agreements.companyId, companyId), sql`${agreements.id} in ${agreementsOf(scope, companyId)}`),
      ),
    )
    .orderBy(agreements.id)
}

/** The agreements that mappings to a company name. */
const agreementsOf = ({ db, tenant }: Scope, companyId: number) =>
  db
    .select({ id: mappings.agreementId })
    .from(mappings)
    .where(and(eq(mappings.tenantId, tenant), eq(mappings.companyId, companyId)))

/** Our copy of a company, and when it was read (epoch milliseconds). */
export async function findCompany(
  { db, tenant }: Scope,
  id: number,
): Promise<{ company: Company; readAt: number } | undefined> {
  const [row] = await db
    .select({ company: companies.body, readAt: companies.readAt })
    .from(companies)
    .where(and(eq(companies.tenantId, tenant), eq(companies.id, id)))
  return row
}

/** What the sources call the accounts of these ids, and accounts that were given this company before anything else. */
export function listCompanyAccounts({ db, tenant }: Scope, companyId: number, ids: readonly string[]) {
  const { sourceId, account, name, lastSeenAt } = accounts
  return db
    .select({ sourceId, account, name, lastSeenAt })
    .from(accounts)
    .where(and(eq(accounts.tenantId, tenant), or(isIn(account, ids), eq(accounts.companyId, companyId))))
    .orderBy(account)
}

/** The newest plan that waits for a person and speaks of any of these mappings, or of invoice lines on these agreements. */
export async function findPlanWaitingFor(
  { db, tenant }: Scope,
  ids: readonly string[],
  agreementIds: readonly number[],
): Promise<Plan | undefined> {
  const spoken = sql`exists (select 1 from json_each(${planRows.mappings}) where value in (select value from json_each(${JSON.stringify(ids)})))`
  const posted = and(isNotNull(planRows.posting), isIn(planRows.agreementId, agreementIds))
  const [row] = await db
    .select({ plan: plans })
    .from(plans)
    .innerJoin(
      planRows,
      and(eq(planRows.tenantId, tenant), eq(planRows.planId, plans.id), eq(planRows.outcome, 'held')),
    )
    .where(and(eq(plans.tenantId, tenant), eq(plans.state, 'waiting'), or(spoken, posted)))
    .orderBy(desc(plans.createdAt))
    .limit(1)
  return row?.plan
}

/** A page of an agreement's additions that no mapping names and no part of a period or invoice line is billed by, in ConnectWise's order. */
export async function listUnmappedAdditions(
  scope: Scope,
  agreementId: number,
  { size, number }: { size: number; number: number },
): Promise<Addition[]> {
  const rows = await scope.db
    .select({ body: additions.body })
    .from(additions)
    .where(isUnmapped(scope, agreementId))
    .orderBy(additions.id)
    .limit(size)
    .offset((number - 1) * size)
  return rows.map(({ body }) => body)
}

export async function countUnmappedAdditions(scope: Scope, agreementId: number): Promise<number> {
  const [row] = await scope.db.select({ n: count() }).from(additions).where(isUnmapped(scope, agreementId))
  return row?.n ?? 0
}

function isUnmapped({ db, tenant }: Scope, agreementId: number) {
  const named = db
    .select({ id: mappings.additionId })
    .from(mappings)
    .where(and(eq(mappings.tenantId, tenant), eq(mappings.agreementId, agreementId), isNotNull(mappings.additionId)))
  const dated = db
    .select({ id: datedLines.additionId })
    .from(datedLines)
    .where(and(eq(datedLines.tenantId, tenant), eq(datedLines.agreementId, agreementId)))
  const posted = db
    .select({ id: lineAdditions.additionId })
    .from(lineAdditions)
    .where(and(eq(lineAdditions.tenantId, tenant), eq(lineAdditions.agreementId, agreementId)))
  return and(
    eq(additions.tenantId, tenant),
    eq(additions.agreementId, agreementId),
    sql`${additions.id} not in ${named}`,
    sql`${additions.id} not in ${dated}`,
    sql`${additions.id} not in ${posted}`,
  )
}
