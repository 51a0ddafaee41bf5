import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { LineMapping, LineStatus } from '#billing/lines/line.ts'
import type { Month } from '#billing/period.ts'
import { isIn, type Scope } from './db.ts'
import { type LineRow, listLines } from './lines.ts'
import { type AccountKey, isAmong } from './mappings.ts'
import { isAbout, type Records } from './readable.ts'
import { accounts, agreements, companies, invoiceLines, products } from './schema.ts'
import { holds } from './search.ts'

/** What the grid of invoice lines lists. */
export interface LineFilter {
  period: Month
  source?: string
  account?: AccountKey
  status?: LineStatus | 'left-out' | 'changed'
  mapping?: LineMapping
  /** What its charge type is called in ConnectWise. */
  charge?: string
  /** A product's id. */
  product?: number
  currency?: string
  /** A part of what the line, its organization, company or product is called. */
  text?: string
  /** Only these, by our ids. */
  ids?: readonly string[]
  /** Only lines of these companies and agreements, or of none: what is hidden is neither searched nor counted. */
  readable: Records | 'all'
  /** Only lines for which a company is known. */
  placed?: boolean
}

/** A page of lines in an order. */
export async function pageLines(
  scope: Scope,
  filter: LineFilter,
  { order, limit, offset }: { order: LineOrder; limit: number; offset: number },
): Promise<LineRow[]> {
  const { db, tenant } = scope
  const found = await db
    .select({ id: invoiceLines.id })
    .from(invoiceLines)
    .where(isListed(tenant, filter))
    .orderBy(...ordersOf(order))
    .limit(limit)
    .offset(offset)
  const ids = found.map(({ id }) => id)
  const rows = new Map((await listLines(scope, { ids })).map((row) => [row.id, row]))
  return ids.flatMap((id) => rows.get(id) ?? [])
}

/** What is counted of lines that stand alike. */
export interface LineSum {
  currency: string | null
  status: LineStatus
  lines: number
  /** `quantity×unit cost` of each line that states one, with spaces between; null where none does. */
  costs: string | null
  /** The same with unit prices. */
  revenues: string | null
}

/** How many lines there are by currency and status, and what their amounts are made of, exactly. */
export function sumLines({ db, tenant }: Scope, filter: LineFilter): Promise<LineSum[]> {
  const { currency, status, quantity, unitCost, unitPrice } = invoiceLines
  const extended = (unit: SQLiteColumn) => sql<string | null>`group_concat(${quantity} || '×' || ${unit}, ' ')`
  return db
    .select({
      currency,
      status,
      lines: sql<number>`count(*)`,
      costs: extended(unitCost),
      revenues: extended(unitPrice),
    })
    .from(invoiceLines)
    .where(isListed(tenant, filter))
    .groupBy(currency, status)
}

/** A line as somebody saw it: what is changed is changed from there. */
export type SeenLine = Pick<LineRow, 'id' | 'change' | 'status' | 'companyId'>

/** The lines a filter finds that may still be changed, at most so many (X9, M17). */
export function listChangeable({ db, tenant }: Scope, filter: LineFilter, most: number): Promise<SeenLine[]> {
  const { id, change, status, companyId } = invoiceLines
  return (
    db
      .select({ id, change, status, companyId })
      .from(invoiceLines)
      .where(and(isListed(tenant, filter), sql`${status} <> 'synced'`))
      // By its key SQLite would go through every month.
      .orderBy(sql`+${id}`)
      .limit(most)
  )
}

/** Every company and agreement that a month's lines are of. */
export function listLinePlaces(
  { db, tenant }: Scope,
  period: Month,
): Promise<{ companyId: number | null; agreementId: number | null }[]> {
  return db
    .selectDistinct({ companyId: invoiceLines.companyId, agreementId: invoiceLines.placedAgreementId })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines.period, period)))
}

/** What a month's lines can be filtered by: every organization, charge type, product and currency there is. */
export function listLineFacets({ db, tenant }: Scope, filter: LineFilter) {
  const { sourceId, account, chargeName, productId, currency } = invoiceLines
  return db
    .selectDistinct({ sourceId, account, chargeName, productId, currency, name: accounts.name })
    .from(invoiceLines)
    .leftJoin(accounts, isOwnAccount)
    .where(isListed(tenant, filter))
}

const isOwnAccount = and(
  eq(accounts.tenantId, invoiceLines.tenantId),
  eq(accounts.sourceId, invoiceLines.sourceId),
  eq(accounts.account, invoiceLines.account),
)

function isListed(tenant: Scope['tenant'], filter: LineFilter): SQL | undefined {
  const { period, source, account, status, mapping, charge, product, currency, text, ids, readable, placed } = filter
  const place = { companyId: invoiceLines.companyId, agreementId: invoiceLines.placedAgreementId }
  return and(
    eq(invoiceLines.tenantId, tenant),
    eq(invoiceLines.period, period),
    source === undefined ? undefined : eq(invoiceLines.sourceId, source),
    account ? isAmong(invoiceLines, [account]) : undefined,
    status === undefined ? undefined : statusIs(status),
    mapping === undefined ? undefined : eq(invoiceLines.mapping, mapping),
    charge === undefined ? undefined : eq(invoiceLines.chargeName, charge),
    product === undefined ? undefined : eq(invoiceLines.productId, product),
    currency === undefined ? undefined : eq(invoiceLines.currency, currency),
    text ? named(tenant, text) : undefined,
    ids ? isIn(invoiceLines.id, ids) : undefined,
    isAbout(place, readable),
    placed ? sql`${invoiceLines.companyId} is not null` : undefined,
  )
}

function statusIs(status: NonNullable<LineFilter['status']>): SQL {
  if (status === 'left-out') return sql`${invoiceLines.leftOut}`
  if (status === 'changed')
    return sql`(${invoiceLines.status} = 'synced' and ${invoiceLines.settled} is null and (${invoiceLines.changed} is not null or ${invoiceLines.goneAt} is not null))`
  return eq(invoiceLines.status, status)
}

function named(tenant: Scope['tenant'], text: string): SQL {
  const has = (column: SQL | SQLiteColumn) => holds(column, text)
  const { offer, subscription, line, said, account, companyId, productId } = invoiceLines
  const own = [offer, subscription, line, account].map(has)
  const names = [
    has(sql`json_extract(${said}, '$.subscriptionName')`),
    has(sql`json_extract(${said}, '$.invoice')`),
    sql`(${invoiceLines.sourceId}, ${account}) in (select source_id, account from ${accounts} where tenant_id = ${tenant} and ${has(sql`name`)})`,
    sql`${companyId} in (select id from ${companies} where tenant_id = ${tenant} and (${has(sql`name`)} or ${has(sql`json_extract(body, '$.identifier')`)}))`,
    sql`${productId} in (select id from ${products} where tenant_id = ${tenant} and (${has(sql`json_extract(body, '$.identifier')`)} or ${has(sql`json_extract(body, '$.description')`)}))`,
  ]
  return sql`(${sql.join([...own, ...names], sql` or `)})`
}

/** What lines can be listed by: each column of the grid. */
const keys = {
  organization: sql`(select name from ${accounts} where ${isOwnAccount}) collate nocase`,
  offer: sql`${invoiceLines.offer} collate nocase`,
  start: sql`${invoiceLines.effectiveOn}`,
  end: sql`coalesce(${invoiceLines.cancelledOn}, '9999')`,
  charge: sql`${invoiceLines.chargeName} collate nocase`,
  quantity: sql`cast(${invoiceLines.quantity} as real)`,
  cost: sql`cast(${invoiceLines.quantity} as real) * cast(${invoiceLines.unitCost} as real)`,
  revenue: sql`cast(${invoiceLines.quantity} as real) * cast(${invoiceLines.unitPrice} as real)`,
  currency: sql`${invoiceLines.currency}`,
  company: sql`(select name from ${companies} where ${companies.tenantId} = ${invoiceLines.tenantId} and ${companies.id} = ${invoiceLines.companyId}) collate nocase`,
  product: sql`(select json_extract(body, '$.identifier') from ${products} where ${products.tenantId} = ${invoiceLines.tenantId} and ${products.id} = ${invoiceLines.productId}) collate nocase`,
  agreement: sql`(select json_extract(body, '$.name') from ${agreements} where ${agreements.tenantId} = ${invoiceLines.tenantId} and ${agreements.id} = ${invoiceLines.placedAgreementId}) collate nocase`,
  mapping: sql`${invoiceLines.mapping}`,
  status: sql`${invoiceLines.status}`,
}

export interface LineOrder {
  by: keyof typeof keys
  descending: boolean
}

export const lineColumns = Object.keys(keys) as (keyof typeof keys)[]

const ordersOf = ({ by, descending }: LineOrder): SQL[] => [
  descending ? desc(keys[by]) : sql`${keys[by]}`,
  sql`${invoiceLines.account}`,
  sql`${invoiceLines.line}`,
  sql`${invoiceLines.id}`,
]
