import { and, desc, eq, ne, or, type SQL, sql } from 'drizzle-orm'
import type { InvoiceLine, LineMapping, LineStatus } from '#billing/lines/line.ts'
import { isIn, type Scope } from './db.ts'
import { accounts, invoiceLines, lineAdditions, products } from './schema.ts'

/** Whose lines a pod shows: an agreement's, or a company's as far as its agreements may be read. */
export type PodLinesOf = { agreement: number } | { company: number; agreements: readonly number[] }

/** A posted addition with its newest line and how many stand behind it, or a line that is not posted yet. */
export interface PodLine {
  id: string
  source: string
  account: string
  /** What its source calls the account. */
  name: string
  said: InvoiceLine
  period: string
  chargeName: string
  effectiveOn: string
  cancelledOn: string | null
  status: LineStatus
  mapping: LineMapping
  lacks: string | null
  reason: string | null
  changed: InvoiceLine | null
  settled: 'corrected' | 'left' | null
  agreementId: number | null
  additionId: number | null
  product: string | null
  /** Lines of all months that this addition was written for. */
  lines: number
}

const { additionId, status, period } = invoiceLines
const agreementOf = sql<number | null>`coalesce(${lineAdditions.agreementId}, ${invoiceLines.placedAgreementId})`
const ofAddition = and(
  eq(lineAdditions.tenantId, invoiceLines.tenantId),
  eq(lineAdditions.additionId, invoiceLines.additionId),
)
/** What needs somebody first, then what is to be posted, then what is posted. */
const urgency = sql<number>`case when ${status} = 'error' then 0 when ${status} = 'held' then 1 when ${invoiceLines.changed} is not null and ${invoiceLines.settled} is null then 2 when ${status} = 'not-synced' then 3 else 4 end`

/** A page of what invoice lines became there, what needs somebody first. */
export async function listPodLines(
  { db, tenant }: Scope,
  of: PodLinesOf,
  { size, number }: { size: number; number: number },
): Promise<PodLine[]> {
  const ranked = db
    .select({
      ...{ id: invoiceLines.id, source: sql<string>`${invoiceLines.sourceId}`.as('source'), period, status },
      account: sql<string>`${invoiceLines.account}`.as('line_account'),
      name: sql<string>`coalesce(${accounts.name}, ${invoiceLines.account})`.as('account_name'),
      ...{ said: invoiceLines.said, chargeName: invoiceLines.chargeName, effectiveOn: invoiceLines.effectiveOn },
      ...{ cancelledOn: sql<string | null>`${invoiceLines.cancelledOn}`.as('line_end') },
      ...{ mapping: invoiceLines.mapping, lacks: invoiceLines.lacks, reason: invoiceLines.reason },
      ...{ changed: invoiceLines.changed, settled: invoiceLines.settled },
      agreementId: agreementOf.as('on_agreement'),
      additionId: sql<number | null>`${additionId}`.as('posted_as'),
      product: sql<string | null>`${products.body} ->> 'description'`.as('product'),
      urgency: urgency.as('urgency'),
      lines: sql<number>`count(*) over (partition by coalesce(${additionId}, ${invoiceLines.id}))`.as('lines'),
      rank: sql<number>`row_number() over (partition by coalesce(${additionId}, ${invoiceLines.id}) order by ${urgency}, ${period} desc, ${invoiceLines.id} desc)`.as(
        'rank',
      ),
    })
    .from(invoiceLines)
    .leftJoin(lineAdditions, ofAddition)
    .leftJoin(
      accounts,
      and(
        eq(accounts.tenantId, invoiceLines.tenantId),
        eq(accounts.sourceId, invoiceLines.sourceId),
        eq(accounts.account, invoiceLines.account),
      ),
    )
    .leftJoin(products, and(eq(products.tenantId, invoiceLines.tenantId), eq(products.id, invoiceLines.productId)))
    .where(isThere(tenant, of))
    .as('ranked')
  const rows = await db
    .select()
    .from(ranked)
    .where(eq(ranked.rank, 1))
    .orderBy(sql`${ranked.urgency}`, desc(ranked.period), sql`${ranked.account}`, ranked.id)
    .limit(size)
    .offset((number - 1) * size)
  return rows.map(({ rank: _, urgency: __, ...row }) => row)
}

/** How many additions and open lines there are by status; `changed` wait for a choice. */
export async function countPodLines({ db, tenant }: Scope, of: PodLinesOf) {
  const unit = sql`coalesce(${additionId}, ${invoiceLines.id})`
  const isChanged = sql`${invoiceLines.changed} is not null and ${invoiceLines.settled} is null`
  const [row] = await db
    .select({
      all: sql<number>`count(distinct ${unit})`,
      synced: sql<number>`count(distinct case when ${status} = 'synced' then ${unit} end)`,
      held: sql<number>`coalesce(sum(${status} = 'held'), 0)`,
      error: sql<number>`coalesce(sum(${status} = 'error'), 0)`,
      open: sql<number>`coalesce(sum(${status} = 'not-synced'), 0)`,
      changed: sql<number>`coalesce(sum(${isChanged}), 0)`,
    })
    .from(invoiceLines)
    .leftJoin(lineAdditions, ofAddition)
    .where(isThere(tenant, of))
  return row ?? { all: 0, synced: 0, held: 0, error: 0, open: 0, changed: 0 }
}

export type PodLineCounts = Awaited<ReturnType<typeof countPodLines>>

/** Every line that an addition of this agreement was written for, the newest month first (V3). */
export function listLinesBehind({ db, tenant }: Scope, of: { agreement: number; addition: number }) {
  const { id, account, said, period: month, chargeName, effectiveOn, cancelledOn } = invoiceLines
  return db
    .select({ id, account, said, period: month, chargeName, effectiveOn, cancelledOn, status })
    .from(invoiceLines)
    .innerJoin(lineAdditions, ofAddition)
    .where(
      and(
        eq(invoiceLines.tenantId, tenant),
        eq(invoiceLines.additionId, of.addition),
        eq(lineAdditions.agreementId, of.agreement),
      ),
    )
    .orderBy(desc(month), invoiceLines.line)
}

export type LineBehind = Awaited<ReturnType<typeof listLinesBehind>>[number]

/** Our ids of the mapped lines of a company or agreement that are not posted yet, at most so many. */
export async function listOpenLines(
  { db, tenant }: Scope,
  of: { company: number } | { agreement: number },
  most: number,
): Promise<string[]> {
  const place =
    'company' in of ? eq(invoiceLines.companyId, of.company) : eq(invoiceLines.placedAgreementId, of.agreement)
  const isOpen = and(ne(status, 'synced'), eq(invoiceLines.mapping, 'mapped'), eq(invoiceLines.leftOut, false))
  const rows = await db
    .select({ id: invoiceLines.id })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), place, isOpen))
    .orderBy(period, invoiceLines.id)
    .limit(most)
  return rows.map(({ id }) => id)
}

/** What lines bill on these agreements: currencies, and how often, as their sources say. */
export function listLineTerms({ db, tenant }: Scope, agreementIds: readonly number[]) {
  const { currency, billingCycle, placedAgreementId, chargeKind } = invoiceLines
  return db
    .selectDistinct({ agreementId: placedAgreementId, currency, billingCycle, chargeKind })
    .from(invoiceLines)
    .where(
      and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines.leftOut, false), isIn(placedAgreementId, agreementIds)),
    )
}

export type LineTerms = Awaited<ReturnType<typeof listLineTerms>>[number]

function isThere(tenant: Scope['tenant'], of: PodLinesOf): SQL | undefined {
  const place =
    'agreement' in of
      ? sql`${agreementOf} = ${of.agreement}`
      : and(
          eq(invoiceLines.companyId, of.company),
          or(sql`${agreementOf} is null`, sql`${agreementOf} < 0`, isIn(agreementOf, of.agreements)),
        )
  return and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines.leftOut, false), place)
}
