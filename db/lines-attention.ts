import { and, eq, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { isAbout, type Records } from './readable.ts'
import { accounts, invoiceLines } from './schema.ts'

const { tenantId, sourceId, account, currency, status, mapping, companyId, lacks, quantity, unitPrice } = invoiceLines

/** Not posted, and nobody said that it never is. */
const isOpen = and(ne(status, 'synced'), eq(invoiceLines.leftOut, false), isNull(invoiceLines.goneAt))
/** It cannot be posted before somebody maps it; what is excluded with a company is somebody's choice. */
const isUnmapped = or(eq(mapping, 'unmapped'), and(eq(mapping, 'excluded'), isNull(companyId)))
const place = { companyId, agreementId: invoiceLines.placedAgreementId }

/** What is not billed because its organization, product or agreement is not chosen, by account and currency (V13). */
export function listUnmappedRevenue({ db, tenant }: Scope, readable: Records | 'all') {
  return db
    .select({
      ...{ source: sourceId, account, currency },
      name: sql<string>`coalesce(max(${accounts.name}), ${account})`,
      lines: sql<number>`count(*)`,
      lacks: sql<string | null>`min(${lacks})`,
      /** `quantity×unit price` of each line that states one, with spaces between. */
      revenues: sql<string | null>`group_concat(${quantity} || '×' || ${unitPrice}, ' ')`,
    })
    .from(invoiceLines)
    .leftJoin(
      accounts,
      and(eq(accounts.tenantId, tenantId), eq(accounts.sourceId, sourceId), eq(accounts.account, account)),
    )
    .where(and(eq(tenantId, tenant), isOpen, isUnmapped, isAbout(place, readable)))
    .groupBy(sourceId, account, currency)
}

/** How many lines are not posted, and what of them needs somebody. */
export async function countOpenLines({ db, tenant }: Scope) {
  const sum = (is: SQL | undefined) => sql<number>`coalesce(sum(${is}), 0)`
  const [row] = await db
    .select({
      all: sql<number>`count(*)`,
      open: sum(isOpen),
      unmapped: sum(and(isOpen, isUnmapped)),
      held: sum(and(isOpen, eq(status, 'held'))),
      error: sum(and(isOpen, eq(status, 'error'))),
    })
    .from(invoiceLines)
    .where(eq(tenantId, tenant))
  return row ?? { all: 0, open: 0, unmapped: 0, held: 0, error: 0 }
}

export type OpenLines = Awaited<ReturnType<typeof countOpenLines>>

/** The companies and agreements that lines waiting for a mapping are about. */
export async function listUnmappedPlaces({ db, tenant }: Scope): Promise<Records> {
  const rows = await db
    .selectDistinct({ company: companyId, agreement: invoiceLines.placedAgreementId })
    .from(invoiceLines)
    .where(and(eq(tenantId, tenant), isOpen, isUnmapped))
  return {
    companies: [...new Set(rows.flatMap(({ company }) => company ?? []))],
    agreements: [...new Set(rows.flatMap(({ agreement }) => agreement ?? []))],
  }
}
