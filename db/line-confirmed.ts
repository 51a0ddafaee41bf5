import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { LinePosting } from '#billing/lines/posting.ts'
import type { LineSettings } from '#billing/lines/settings.ts'
import type { Scope, Statement } from './db.ts'
import { accounts, agreements, invoiceLines, skuProducts, tenants } from './schema.ts'

/** Where lines of an offer were posted before. */
export interface PostedPlace {
  sourceId: string
  account: string
  offer: string
  companyId: number | null
  agreementId: number | null
  productId: number | null
}

/** Everywhere that lines were posted before: what is written there again is no first write (G6, G8, P17). */
export function listPostedPlaces({ db, tenant }: Scope): Promise<PostedPlace[]> {
  const { sourceId, account, offer, companyId, placedAgreementId: agreementId, productId } = invoiceLines
  return db
    .selectDistinct({ sourceId, account, offer, companyId, agreementId, productId })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines.status, 'synced')))
}

/** Companies that accounts' lines were written to with a person's yes. */
export function listConfirmedAccounts({ db, tenant }: Scope) {
  const { sourceId, account, confirmedCompanyId } = accounts
  return db
    .select({ sourceId, account, companyId: confirmedCompanyId })
    .from(accounts)
    .where(and(eq(accounts.tenantId, tenant), isNotNull(confirmedCompanyId)))
}

const ruled = ['ends', 'starts', 'names', 'kinds'] as const

/** The rules of a tenant's settings as one text; another one is new to the people who approve (G8). */
export const rulesText = (settings: LineSettings): string =>
  ruled.map((name) => JSON.stringify(settings[name])).join(' ')

const rulesNow = sql.join(
  ruled.map((name) => sql`json(${tenants.lineSettings} -> ${`$.${name}`})`),
  sql` || ' ' || `,
)

/**
 * A write for invoice lines was done: its company and its product are known from now on, and the rules for days where days
 * of lines were written.
 */
export function confirmPosted(
  { db, tenant }: Scope,
  { source, account, offer, lines }: LinePosting,
  { agreementId, productId, hasDays }: { agreementId: number; productId: number; hasDays: boolean },
  onlyIf: SQL,
): Statement[] {
  const company = sql`(select ${agreements.companyId} from ${agreements} where ${and(eq(agreements.tenantId, tenant), eq(agreements.id, agreementId))})`
  const ofAccount = and(eq(accounts.tenantId, tenant), eq(accounts.sourceId, source), eq(accounts.account, account))
  const ofOffer = and(
    eq(skuProducts.tenantId, tenant),
    eq(skuProducts.sourceId, source),
    eq(skuProducts.productId, productId),
  )
  return [
    db.update(accounts).set({ confirmedCompanyId: company }).where(and(ofAccount, onlyIf)),
    ...(offer === undefined
      ? []
      : [
          db
            .update(skuProducts)
            .set({ confirmedProductId: productId })
            .where(and(ofOffer, eq(skuProducts.sku, offer), onlyIf)),
        ]),
    ...(hasDays && lines.length > 0
      ? [
          db
            .update(tenants)
            .set({ confirmedLineRules: rulesNow })
            .where(and(eq(tenants.id, tenant), onlyIf)),
        ]
      : []),
  ]
}
