import { and, eq, inArray, isNotNull } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { accounts, intents, lineAdditions, lineLoads } from './schema.ts'

/** Included accounts of sources whose invoice lines were loaded, with the company each is billed to. */
export async function listReferredAccounts({ db, tenant }: Scope) {
  const { sourceId, account, name, companyId, agreementId } = accounts
  const rows = await db
    .select({ source: sourceId, account, name, companyId, agreementId })
    .from(accounts)
    .where(
      and(
        eq(accounts.tenantId, tenant),
        eq(accounts.include, true),
        isNotNull(companyId),
        inArray(sourceId, db.select({ id: lineLoads.sourceId }).from(lineLoads).where(eq(lineLoads.tenantId, tenant))),
      ),
    )
    .orderBy(sourceId, account)
  return rows.flatMap(({ companyId: company, ...row }) => (company === null ? [] : [{ ...row, companyId: company }]))
}

/** The agreements that additions of accounts' lines are on. */
export function listReferredAgreements({ db, tenant }: Scope) {
  const { sourceId, account, agreementId } = lineAdditions
  return db
    .selectDistinct({ source: sourceId, account, agreementId })
    .from(lineAdditions)
    .where(eq(lineAdditions.tenantId, tenant))
}

/** Every write of a custom field of a company or agreement, oldest first. */
export function listReferenceWrites({ db, tenant }: Scope) {
  const { record, naturalKey, draft, state, httpStatus, error } = intents
  return db
    .select({ record, key: naturalKey, draft, state, httpStatus, error })
    .from(intents)
    .where(and(eq(intents.tenantId, tenant), inArray(record, ['company', 'agreement']), eq(intents.change, 'update')))
    .orderBy(intents.createdAt)
}
