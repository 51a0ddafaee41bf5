import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Month } from '#billing/period.ts'
import type { Scope } from './db.ts'
import type { LineRow } from './lines.ts'
import type { AgreementRow } from './mirror.ts'
import { agreements, invoiceLines, lineAdditions, mappings } from './schema.ts'

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

/** The lines of a month that were posted to an agreement's additions, or are to be. */
export function listLinesOf({ db, tenant }: Scope, agreementId: number, period: Month): Promise<LineRow[]> {
  return db
    .select()
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.tenantId, tenant),
        eq(invoiceLines.placedAgreementId, agreementId),
        eq(invoiceLines.period, period),
      ),
    )
    .orderBy(invoiceLines.account, invoiceLines.line)
}

/** The months whose lines go to an agreement, newest first. */
export async function listMonthsOf({ db, tenant }: Scope, agreementId: number): Promise<Month[]> {
  const { period } = invoiceLines
  const rows = await db
    .selectDistinct({ period })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines.placedAgreementId, agreementId)))
    .orderBy(sql`${period} desc`)
  return rows.map((row) => row.period)
}
