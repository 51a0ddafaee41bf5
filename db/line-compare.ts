import { and, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Month } from '#billing/period.ts'
import type { Scope } from './db.ts'
import type { LineRow } from './lines.ts'
import type { AgreementRow } from './mirror.ts'
import { additions, agreements, invoiceLines, lineAdditions, mappings } from './schema.ts'

/** The agreements in our copy that lines were posted to or that mappings write to. */
export function listBilledAgreements({ db, tenant }: Scope): Promise<AgreementRow[]> {
  const ofLines = db
    .select({ id: lineAdditions.agreementId })
    .from(lineAdditions)
    .where(eq(lineAdditions.tenantId, tenant))
  const ofMappings = db.select({ id: mappings.agreementId }).from(mappings).where(eq(mappings.tenantId, tenant))
  const named = sql`(${agreements.id} in ${ofLines} or ${agreements.id} in ${ofMappings})`
  return db
    .select()
    .from(agreements)
    .where(and(eq(agreements.tenantId, tenant), eq(agreements.gone, false), named))
    .orderBy(agreements.id)
}

/** Which lines of their sources additions were posted for. */
export async function listPostedAs({
  db,
  tenant,
}: Scope): Promise<
  { additionId: number; sourceId: string; account: string; line: string; kind: LineRow['chargeKind'] }[]
> {
  const { sourceId, account, line, chargeKind: kind } = invoiceLines
  const additionId = sql<number>`${invoiceLines.additionId}`
  return db
    .select({ additionId, sourceId, account, line, kind })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), eq(kind, 'one-time'), isNotNull(invoiceLines.additionId)))
}

/** The lines of a month that go to an agreement, or were posted to its additions. */
export function listLinesOf(scope: Scope, agreementId: number, period: Month): Promise<LineRow[]> {
  return scope.db
    .select()
    .from(invoiceLines)
    .where(and(isOf(scope, agreementId), eq(invoiceLines.period, period)))
    .orderBy(invoiceLines.account, invoiceLines.line)
}

/** The months of such lines, newest first. */
export async function listMonthsOf(scope: Scope, agreementId: number): Promise<Month[]> {
  const { period } = invoiceLines
  const rows = await scope.db
    .selectDistinct({ period })
    .from(invoiceLines)
    .where(isOf(scope, agreementId))
    .orderBy(desc(period))
  return rows.map((row) => row.period)
}

const isOf = ({ db, tenant }: Scope, agreementId: number): SQL | undefined => {
  const posted = db
    .select({ id: additions.id })
    .from(additions)
    .where(and(eq(additions.tenantId, tenant), eq(additions.agreementId, agreementId)))
  const { placedAgreementId, additionId } = invoiceLines
  return and(
    eq(invoiceLines.tenantId, tenant),
    sql`(${placedAgreementId} = ${agreementId} or ${additionId} in ${posted})`,
  )
}
