import { and, eq, type SQL, sql } from 'drizzle-orm'
import { insertMany, type Scope, type Statement } from './db.ts'
import { skuProducts, snapshotAccounts } from './schema.ts'

export type SkuProduct = typeof skuProducts.$inferSelect

/** A SKU as one snapshot names it. */
export interface SkuSeen {
  sku: string
  /** Empty where the source states none. */
  term: string
  title: string | null
  accounts: number
}

/** Every SKU and term of a snapshot, and how many accounts use it (V19). */
export function listSkus({ db, tenant }: Scope, snapshotId: string): Promise<SkuSeen[]> {
  const sku = sql<string>`reading.value ->> 'name'`
  const term = sql<string>`coalesce(reading.value ->> 'term', '')`
  return db
    .select({
      sku,
      term,
      title: sql<string | null>`max(reading.value ->> 'title')`,
      accounts: sql<number>`count(distinct ${snapshotAccounts.account})`,
    })
    .from(snapshotAccounts)
    .innerJoin(sql`json_each(${snapshotAccounts.readings}) as reading`, sql`reading.value ->> 'kind' = 'sku'`)
    .where(and(eq(snapshotAccounts.tenantId, tenant), eq(snapshotAccounts.snapshotId, snapshotId)))
    .groupBy(sku, term)
    .orderBy(sku, term)
}

/** What SKUs are billed as. */
export function listSkuProducts({ db, tenant }: Scope): Promise<SkuProduct[]> {
  return db.select().from(skuProducts).where(eq(skuProducts.tenantId, tenant))
}

/** A SKU and term is billed as this product from now on. */
export function saveSkuProduct(
  { db, tenant }: Scope,
  row: Omit<SkuProduct, 'tenantId' | 'confirmedProductId'>,
): Statement[] {
  const { tenantId, sourceId, sku, term, confirmedProductId } = skuProducts
  return insertMany(db, skuProducts, [{ ...row, tenantId: tenant }], {
    replace: { key: [tenantId, sourceId, sku, term], keep: [confirmedProductId] },
  })
}

export function deleteSkuProduct({ db, tenant }: Scope, sourceId: string, sku: string, term: string): Statement {
  return db.delete(skuProducts).where(isSku(tenant, sourceId, sku, term))
}

const isSku = (tenant: Scope['tenant'], sourceId: string, sku: string, term: string): SQL | undefined =>
  and(
    eq(skuProducts.tenantId, tenant),
    eq(skuProducts.sourceId, sourceId),
    eq(skuProducts.sku, sku),
    eq(skuProducts.term, term),
  )
