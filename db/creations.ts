import { and, desc, eq, inArray, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { isIn, type Scope, type Statement } from './db.ts'
import {
  accounts,
  companies,
  creations,
  intents,
  mappings,
  planRows,
  plans,
  products,
  skuProducts,
  sources,
} from './schema.ts'

/** A record somebody wants made, or that was made of one; its negative id stands for it until then. */
export type Creation = typeof creations.$inferSelect
type Made = Pick<Creation, 'id' | 'record'>

/** What is wanted now, oldest first; or these, whatever became of them. */
export function listCreations({ db, tenant }: Scope, where: { ids?: readonly number[] } = {}): Promise<Creation[]> {
  const these = where.ids ? isIn(creations.id, where.ids) : eq(creations.state, 'wanted')
  return db
    .select()
    .from(creations)
    .where(and(eq(creations.tenantId, tenant), these))
    .orderBy(desc(creations.id))
}

/** What was wanted last under this identity and not withdrawn: it may be made by now. */
export async function findCreationOf({ db, tenant }: Scope, identity: string): Promise<Creation | undefined> {
  const alive = inArray(creations.state, ['wanted', 'made'])
  const [row] = await db
    .select()
    .from(creations)
    .where(and(eq(creations.tenantId, tenant), eq(creations.identity, identity), alive))
    .orderBy(creations.id)
    .limit(1)
  return row
}

/** Records that ConnectWise holds under one of these identifiers, by it in lower case: what is wanted may exist already. */
export async function listTwins(
  { db, tenant }: Scope,
  record: 'company' | 'product',
  identifiers: readonly string[],
): Promise<Map<string, { id: number; name: string }>> {
  if (identifiers.length === 0) return new Map()
  const table = record === 'company' ? companies : products
  const identifier = sql<string>`lower(${table.body} ->> 'identifier')`
  const name = sql<string>`${table.body} ->> ${record === 'company' ? 'name' : 'description'}`
  const rows = await db
    .select({ id: table.id, identifier, name })
    .from(table)
    .where(
      and(
        eq(table.tenantId, tenant),
        isIn(
          identifier,
          identifiers.map((one) => one.toLowerCase()),
        ),
        sql`coalesce(${table.body} ->> 'deleted', 0) = 0`,
      ),
    )
  return new Map(rows.map(({ id, identifier: called, name }) => [called, { id, name }]))
}

/** Wants a record under the next negative id, unless its identity is wanted already: then nothing happens. */
export function addCreation(
  { db, tenant }: Scope,
  wanted: Pick<Creation, 'record' | 'draft' | 'identity' | 'createdBy' | 'createdAt'>,
): Statement[] {
  const { record, draft, identity, createdBy, createdAt } = wanted
  const next = sql`coalesce((select min(${creations.id}) from ${creations} where ${eq(creations.tenantId, tenant)}), 0) - 1`
  return [
    db.run(
      sql`insert into ${creations} (tenant_id, id, record, draft, identity, state, created_by, created_at) select ${tenant}, ${next}, ${record}, ${JSON.stringify(draft)}, ${identity}, 'wanted', ${createdBy}, ${createdAt} where true on conflict do nothing`,
    ),
  ]
}

/** Another draft of a record that is still wanted. */
export function saveDraft(
  { db, tenant }: Scope,
  id: number,
  saved: Pick<Creation, 'draft' | 'identity'>,
  onlyIf?: SQL,
): Statement {
  return db
    .update(creations)
    .set(saved)
    .where(and(isCreation(tenant, id), eq(creations.state, 'wanted'), onlyIf))
}

/** Nobody wants these any more: what named them is unmapped. */
export function withdrawCreation(scope: Scope, { id, record }: Made): Statement[] {
  const { db, tenant } = scope
  const places = placesOf(record)
  return [
    db
      .update(creations)
      .set({ state: 'withdrawn' })
      .where(and(isCreation(tenant, id), eq(creations.state, 'wanted'))),
    ...(places.mapping ? [db.delete(mappings).where(and(eq(mappings.tenantId, tenant), eq(places.mapping, id)))] : []),
    ...elsewhere(scope, { id, record }, null),
  ]
}

/**
 * The record exists now: its real id takes the negative one's place in mappings, accounts, products of SKUs and sources,
 * other records to be made, plans that are not closed and writes that are not sent.
 */
export function resolveCreation(scope: Scope, made: Made, madeId: number, at: number, onlyIf?: SQL): Statement[] {
  const { db, tenant } = scope
  return [
    db
      .update(creations)
      .set({ state: 'made', madeId, madeAt: at })
      .where(and(isCreation(tenant, made.id), onlyIf)),
    ...resolveMappings(scope, made, madeId, onlyIf),
    ...elsewhere(scope, made, madeId, onlyIf),
    ...resolveDrafts(scope, made, madeId, onlyIf),
    ...resolveWrites(scope, made, madeId, onlyIf),
  ]
}

const isCreation = (tenant: Scope['tenant'], id: number) => and(eq(creations.tenantId, tenant), eq(creations.id, id))

const placesOf = (record: Creation['record']) => ({
  ...(record === 'company' ? { mapping: mappings.companyId, row: planRows.companyId, key: 'companyId' as const } : {}),
  ...(record === 'agreement'
    ? { mapping: mappings.agreementId, row: planRows.agreementId, key: 'agreementId' as const }
    : {}),
  ...(record === 'product' ? { mapping: mappings.productId, row: planRows.productId, key: 'productId' as const } : {}),
})

/** A target that was confirmed stays confirmed under its real id. */
function resolveMappings({ db, tenant }: Scope, { id, record }: Made, madeId: number, onlyIf?: SQL): Statement[] {
  const { mapping: column, key } = placesOf(record)
  if (!column || !key) return []
  const { companyId, agreementId, targetKey, confirmedTarget } = mappings
  const textOf = (company: SQLWrapper | string, agreement: SQLWrapper | string, target: SQLWrapper | string) =>
    sql`${company} || '/' || ${agreement} || '/' || ${target}`
  const after = {
    companyId: textOf(String(madeId), agreementId, targetKey),
    agreementId: textOf(companyId, String(madeId), targetKey),
    productId: textOf(companyId, agreementId, `product:${madeId}`),
  }[key]
  const confirmed = sql`case when ${confirmedTarget} = ${textOf(companyId, agreementId, targetKey)} then ${after} else ${confirmedTarget} end`
  const target = key === 'productId' ? { targetKey: `product:${madeId}` } : {}
  return [
    db
      .update(mappings)
      .set({ [key]: madeId, confirmedTarget: confirmed, ...target })
      .where(and(eq(mappings.tenantId, tenant), eq(column, id), onlyIf)),
  ]
}

/** What else names a record: accounts, products chosen for SKUs and for sources. */
function elsewhere({ db, tenant }: Scope, { id, record }: Made, becomes: number | null, onlyIf?: SQL): Statement[] {
  if (record === 'company' || record === 'agreement') {
    const column = record === 'company' ? accounts.companyId : accounts.agreementId
    const where = and(eq(accounts.tenantId, tenant), eq(column, id), onlyIf)
    if (record === 'agreement') return [db.update(accounts).set({ agreementId: becomes }).where(where)]
    const set = becomes === null ? { companyId: null, agreementId: null } : { companyId: becomes }
    return [db.update(accounts).set(set).where(where)]
  }
  if (record !== 'product') return []
  const ofSku = and(eq(skuProducts.tenantId, tenant), eq(skuProducts.productId, id), onlyIf)
  return [
    becomes === null
      ? db.delete(skuProducts).where(ofSku)
      : db.update(skuProducts).set({ productId: becomes }).where(ofSku),
    db
      .update(sources)
      .set({ productId: becomes })
      .where(and(eq(sources.tenantId, tenant), eq(sources.productId, id), onlyIf)),
  ]
}

/** Contacts and agreements to be made name their company, agreements their contact. */
function resolveDrafts({ db, tenant }: Scope, { id, record }: Made, madeId: number, onlyIf?: SQL): Statement[] {
  const name = namedInDrafts(record)
  if (!name) return []
  const identity = sql`replace(${creations.identity}, ${`/${id}/`}, ${`/${madeId}/`})`
  const draft = sql`json_set(${creations.draft}, ${`$.${name}`}, ${madeId})`
  const theirs = sql`${creations.draft} ->> ${name} = ${id}`
  return [
    db
      .update(creations)
      .set({ draft, identity })
      .where(and(eq(creations.tenantId, tenant), eq(creations.state, 'wanted'), theirs, onlyIf)),
  ]
}

const namedInDrafts = (record: Creation['record']): string | undefined =>
  record === 'company' ? 'companyId' : record === 'contact' ? 'contactId' : undefined

/** Rows of plans that are not closed, and writes that are recorded and not ended. */
function resolveWrites({ db, tenant }: Scope, { id, record }: Made, madeId: number, onlyIf?: SQL): Statement[] {
  const { row: column, key } = placesOf(record)
  const open = inArray(plans.state, ['ready', 'waiting', 'approved', 'applying'])
  const ofOpenPlan = sql`exists (select 1 from ${plans} where ${and(eq(plans.tenantId, tenant), eq(plans.id, planRows.planId), open)})`
  const rows = (values: object, named: SQL) =>
    db
      .update(planRows)
      .set(values)
      .where(and(eq(planRows.tenantId, tenant), named, ofOpenPlan, onlyIf))
  const unsent = inArray(intents.state, ['planned', 'unknown', 'probing'])
  const writes = (values: object, named: SQL) =>
    db
      .update(intents)
      .set(values)
      .where(and(eq(intents.tenantId, tenant), unsent, named, onlyIf))
  const put = (json: SQLWrapper, name: string) => sql`json_set(${json}, ${`$.${name}`}, ${madeId})`
  const names = (json: SQLWrapper, name: string) => sql`${json} ->> ${name} = ${id}`
  const name = namedInDrafts(record)
  return [
    ...(column && key ? [rows({ [key]: madeId }, eq(column, id))] : []),
    ...(name
      ? [
          rows({ draft: put(planRows.draft, name) }, names(planRows.draft, name)),
          writes({ draft: put(intents.draft, name) }, names(intents.draft, name)),
        ]
      : []),
    ...(record === 'agreement' ? [writes({ agreementId: madeId }, eq(intents.agreementId, id))] : []),
    ...(record === 'product'
      ? [writes({ desired: put(intents.desired, 'productId') }, names(intents.desired, 'productId'))]
      : []),
  ]
}
