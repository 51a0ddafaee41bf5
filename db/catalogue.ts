import { and, eq, lt, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Company, Product } from '#billing/existing.ts'
import { isIn, type Scope, type Statement } from './db.ts'
import type { AgreementRow } from './mirror.ts'
import { agreements, companies, products } from './schema.ts'
import { beginsWith, holds } from './search.ts'

/** What to look for in a list of companies or products. */
export interface Search {
  /** A part of the name, of ConnectWise's identifier, or the id; empty finds everything. */
  text: string
  /** Rows that may be chosen, or those that may not. */
  offered: boolean
  limit: number
}

/** Companies by what a person typed, those that may be chosen or the others, each with how many there are in all (M11, V20). */
export function searchCompanies(
  { db, tenant }: Scope,
  { text, offered, limit }: Search,
  hiddenStatuses: readonly number[],
): Promise<{ body: Company; total: number }[]> {
  const refused = isRefused(hiddenStatuses)
  const found = and(eq(companies.tenantId, tenant), matches(companies, text), offered ? sql`not ${refused}` : refused)
  return db
    .select({ body: companies.body, total: sql<number>`count(*) over ()` })
    .from(companies)
    .where(found)
    .orderBy(...likeliest(companies.id, companies.name, text))
    .limit(limit)
}

/** Products by what a person typed, those that may be chosen first, each with how many there are in all. */
export function searchProducts(
  { db, tenant }: Scope,
  { text, limit }: Pick<Search, 'text' | 'limit'>,
): Promise<{ body: Product; total: number }[]> {
  const unusable = sql`(coalesce(json_extract(${products.body}, '$.inactive'), 0) or coalesce(json_extract(${products.body}, '$.productClass'), '') = 'Bundle')`
  const identifier = sql`json_extract(${products.body}, '$.identifier')`
  return db
    .select({ body: products.body, total: sql<number>`count(*) over ()` })
    .from(products)
    .where(and(eq(products.tenantId, tenant), matches({ ...products, name: identifier }, text)))
    .orderBy(unusable, ...likeliest(products.id, identifier, text))
    .limit(limit)
}

/** Every agreement of a company that our copy knows and ConnectWise still has. */
export function listAgreementsOf({ db, tenant }: Scope, companyId: number): Promise<AgreementRow[]> {
  return db
    .select()
    .from(agreements)
    .where(and(eq(agreements.tenantId, tenant), eq(agreements.companyId, companyId), eq(agreements.gone, false)))
    .orderBy(agreements.id)
}

/** When all agreements of a company were last listed; undefined when never. */
export async function findAgreementsListedAt({ db, tenant }: Scope, companyId: number): Promise<number | undefined> {
  const [row] = await db
    .select({ at: companies.agreementsListedAt })
    .from(companies)
    .where(and(eq(companies.tenantId, tenant), eq(companies.id, companyId)))
  return row?.at ?? undefined
}

/** All agreements of this company have been listed. */
export function saveAgreementsListed({ db, tenant }: Scope, companyId: number, at: number): Statement {
  return db
    .update(companies)
    .set({ agreementsListedAt: at })
    .where(and(eq(companies.tenantId, tenant), eq(companies.id, companyId)))
}

/** Companies or products that a whole listing from `at` on did not name no longer exist. */
export function markUnlisted({ db, tenant }: Scope, what: 'companies' | 'products', at: number): Statement {
  const table = what === 'companies' ? companies : products
  const path = what === 'companies' ? '$.deleted' : '$.inactive'
  return db
    .update(table)
    .set({ body: sql`json_set(${table.body}, ${path}, json('true'))` })
    .where(and(eq(table.tenantId, tenant), lt(table.readAt, at)))
}

/** Every company by its names, for suggestions. */
export async function listOfferedCompanies(
  { db, tenant }: Scope,
  hiddenStatuses: readonly number[],
): Promise<Pick<Company, 'id' | 'name' | 'identifier'>[]> {
  return db
    .select({
      id: companies.id,
      name: companies.name,
      identifier: sql<string>`json_extract(${companies.body}, '$.identifier')`,
    })
    .from(companies)
    .where(and(eq(companies.tenantId, tenant), sql`not ${isRefused(hiddenStatuses)}`))
}

/** A company that may not be chosen: deleted, or of a status that is inactive or hidden. */
function isRefused(hiddenStatuses: readonly number[]): SQL {
  const status = sql`coalesce(json_extract(${companies.body}, '$.statusId'), 0)`
  const hidden = sql`${status} in (select value from json_each(${JSON.stringify(hiddenStatuses)}))`
  return sql`(coalesce(json_extract(${companies.body}, '$.deleted'), 0) or ${hidden})`
}

type Searched = { id: SQLiteColumn; name: SQLiteColumn | SQL; body: SQLiteColumn }

function matches({ id, name, body }: Searched, text: string): SQL | undefined {
  if (text === '') return undefined
  return or(
    holds(name, text),
    holds(sql`json_extract(${body}, '$.identifier')`, text),
    holds(sql`json_extract(${body}, '$.description')`, text),
    sql`cast(${id} as text) = ${text}`,
  )
}

/** The id that was typed, then what begins with the text, then by name. */
const likeliest = (id: SQLiteColumn, name: SQLiteColumn | SQL, text: string): SQL[] => [
  sql`cast(${id} as text) = ${text} desc`,
  sql`${beginsWith(name, text)} desc`,
  sql`${name} collate nocase`,
  sql`${id}`,
]

/** Products that stand, or may stand, for one of these SKUs: by their Integration Cross Reference or their Product ID. */
export async function listProductsOfSkus({ db, tenant }: Scope, skus: readonly string[]): Promise<Product[]> {
  const reference = sql<string>`${products.body} ->> 'crossReference'`
  const identifier = sql<string>`lower(${products.body} ->> 'identifier')`
  const called = skus.map((sku) => sku.toLowerCase())
  const rows = await db
    .select({ body: products.body })
    .from(products)
    .where(and(eq(products.tenantId, tenant), or(isIn(reference, skus), isIn(identifier, called))))
  return rows.map(({ body }) => body)
}
