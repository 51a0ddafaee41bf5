import { and, desc, eq, inArray, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import { chunks, isIn, type Scope, type Statement } from './db.ts'
import type { LineRow } from './lines.ts'
import { type AccountKey, isAmong } from './mappings.ts'
import { accounts, additions, creations, invoiceLines, lineAdditions, mappings } from './schema.ts'

/** Lines with these ids of ours, of these accounts and of others that share a company with one of them, or of an offer. */
export type WhichLines =
  | { ids: readonly string[] }
  | { accounts: readonly AccountKey[] }
  | { sourceId: string; offer: string }

/** Where a line goes, as it is stored. */
export type StoredPlace = Pick<
  LineRow,
  'mapping' | 'lacks' | 'companyId' | 'placedAgreementId' | 'productId' | 'placedAdditionId' | 'leaveAlone'
>

const place = {
  mapping: invoiceLines.mapping,
  lacks: invoiceLines.lacks,
  companyId: invoiceLines.companyId,
  placedAgreementId: invoiceLines.placedAgreementId,
  productId: invoiceLines.productId,
  placedAdditionId: invoiceLines.placedAdditionId,
  leaveAlone: invoiceLines.leaveAlone,
}

/** What of each line that is not posted yet its place depends on, and the place it has. */
export function listUnposted({ db, tenant }: Scope, which?: WhichLines) {
  const { id, sourceId, account, offer, subscription, billingCycle, chargeType, chargeKind, agreementId } = invoiceLines
  return db
    .select({ id, sourceId, account, offer, subscription, billingCycle, chargeType, chargeKind, agreementId, ...place })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), ne(invoiceLines.status, 'synced'), which && isMeant(tenant, which)))
}

function isMeant(tenant: Scope['tenant'], which: WhichLines): SQL | undefined {
  if ('ids' in which) return isIn(invoiceLines.id, which.ids)
  if ('offer' in which) return and(eq(invoiceLines.sourceId, which.sourceId), eq(invoiceLines.offer, which.offer))
  const ofAccounts = sql`select ${accounts.companyId} from ${accounts} where ${accounts.tenantId} = ${tenant} and ${isAmong(accounts, which.accounts)}`
  const ofMappings = sql`select ${mappings.companyId} from ${mappings} where ${mappings.tenantId} = ${tenant} and ${isAmong(mappings, which.accounts)}`
  const before = sql`select placed.company_id from ${invoiceLines} as placed where placed.tenant_id = ${tenant} and ${isAmong({ sourceId: sql`placed.source_id`, account: sql`placed.account` }, which.accounts)}`
  return or(
    isAmong(invoiceLines, which.accounts),
    sql`${invoiceLines.companyId} in (${ofAccounts} union ${ofMappings} union ${before})`,
  )
}

/** Where lines go from now on; posted ones stay where they are. */
export function savePlaces({ db, tenant }: Scope, rows: readonly (StoredPlace & { id: string })[]): Statement[] {
  const texts = rows.map((row) =>
    JSON.stringify([
      ...[row.id, row.mapping, row.lacks, row.companyId, row.placedAgreementId, row.productId, row.placedAdditionId],
      row.leaveAlone,
    ]),
  )
  return chunks(texts).map((chunk) =>
    // Materialized, or each line of the tenant would be looked for among all that is said.
    db.run(
      sql`with said as materialized (select value from json_each(${`[${chunk.join(',')}]`})) update ${invoiceLines} set mapping = said.value ->> 1, lacks = said.value ->> 2, company_id = said.value ->> 3, placed_agreement_id = said.value ->> 4, product_id = said.value ->> 5, placed_addition_id = said.value ->> 6, leave_alone = said.value -> 7 from said where ${invoiceLines.tenantId} = ${tenant} and ${invoiceLines.id} = said.value ->> 0 and ${invoiceLines.status} <> 'synced'`,
    ),
  )
}

/** What was chosen for every account. */
export function listAccountPlaces({ db, tenant }: Scope) {
  const { sourceId, account, companyId, agreementId, include } = accounts
  return db
    .select({ sourceId, account, companyId, agreementId, include })
    .from(accounts)
    .where(eq(accounts.tenantId, tenant))
}

/** Companies that two or more included accounts are mapped to (FEATURES 4.6). */
export async function listShared({ db, tenant }: Scope): Promise<number[]> {
  const chosen = sql`select company_id, source_id, account from ${accounts} where tenant_id = ${tenant} and include and company_id is not null`
  const mapped = sql`select company_id, source_id, account from ${mappings} where tenant_id = ${tenant} and include`
  const rows = await db
    .select({ id: sql<number>`company_id` })
    .from(sql`(${chosen} union ${mapped})`)
    .groupBy(sql`company_id`)
    .having(sql`count(*) > 1`)
  return rows.map(({ id }) => id)
}

/** The mappings that say where invoice lines go, each with the product of the addition it names. */
export async function listLineMappings({ db, tenant }: Scope) {
  const { sourceId, account, reads, companyId, agreementId, additionId, leaveAlone, include, parkedReason } = mappings
  const ofAddition = sql<number | null>`${additions.body} ->> 'productId'`
  return db
    .select({
      ...{ sourceId, account, reads, companyId, agreementId, additionId, leaveAlone, include, parkedReason },
      productId: sql<number | null>`coalesce(${mappings.productId}, ${ofAddition})`,
    })
    .from(mappings)
    .leftJoin(additions, and(eq(additions.tenantId, tenant), eq(additions.id, mappings.additionId)))
    .where(and(eq(mappings.tenantId, tenant), sql`${mappings.reads} ->> '$[0].offer' is not null`))
    .orderBy(mappings.createdAt, mappings.id)
}

/** The agreements of additions that stand for subscriptions and are still written to (P10). */
export function listBilledSubscriptions({ db, tenant }: Scope): Promise<{ identity: string; agreementId: number }[]> {
  const { identity, agreementId } = lineAdditions
  const isOpen = and(eq(lineAdditions.kind, 'persistent'), isNull(lineAdditions.closedAt))
  return db
    .select({ identity, agreementId })
    .from(lineAdditions)
    .where(and(eq(lineAdditions.tenantId, tenant), isOpen))
}

/** Agreements, of a type where one is given, that TrueUp made, or is to make, oldest first: by their real id once there is one (4.3). */
export async function listMadeAgreements(
  { db, tenant }: Scope,
  typeId?: number,
): Promise<{ companyId: number; agreementId: number }[]> {
  const { id, madeId, draft, record, state } = creations
  const ofType = typeId === undefined ? undefined : sql`${draft} ->> 'typeId' = ${typeId}`
  const alive = and(eq(record, 'agreement'), inArray(state, ['wanted', 'made']), ofType)
  return db
    .select({ companyId: sql<number>`${draft} ->> 'companyId'`, agreementId: sql<number>`coalesce(${madeId}, ${id})` })
    .from(creations)
    .where(and(eq(creations.tenantId, tenant), alive))
    .orderBy(desc(id))
}
