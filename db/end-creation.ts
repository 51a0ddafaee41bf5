import { and, eq, inArray, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { type Creation, isCreation } from './creations.ts'
import type { Scope, Statement } from './db.ts'
import {
  accounts,
  creations,
  intents,
  invoiceLines,
  mappings,
  planRows,
  plans,
  skuProducts,
  sources,
} from './schema.ts'

type Made = Pick<Creation, 'id' | 'record'>

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
    ...onLines(scope, { id, record }, null),
  ]
}

/**
 * The record exists now: its real id takes the negative one's place in mappings, accounts, products of SKUs and sources,
 * invoice lines, other records to be made, plans that are not closed and writes that are not sent. So does the id of another wish that
 * is for the same record.
 */
export function resolveCreation(scope: Scope, made: Made, madeId: number, at: number, onlyIf?: SQL): Statement[] {
  const { db, tenant } = scope
  return [
    db
      .update(creations)
      .set(madeId < 0 ? { state: 'withdrawn' } : { state: 'made', madeId, madeAt: at })
      .where(and(isCreation(tenant, made.id), onlyIf)),
    ...resolveMappings(scope, made, madeId, onlyIf),
    ...elsewhere(scope, made, madeId, onlyIf),
    ...onLines(scope, made, madeId, onlyIf),
    ...resolveDrafts(scope, made, madeId, onlyIf),
    ...resolveWrites(scope, made, madeId, onlyIf),
  ]
}

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

/** Where invoice lines go: what a person chose for one, and what was worked out for it. */
function onLines({ db, tenant }: Scope, { id, record }: Made, becomes: number | null, onlyIf?: SQL): Statement[] {
  const columns = {
    company: ['companyId'],
    agreement: ['agreementId', 'placedAgreementId'],
    product: ['productId'],
    contact: [],
    addition: [],
  } as const
  return columns[record].map((column) =>
    db
      .update(invoiceLines)
      .set({ [column]: becomes })
      .where(and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines[column], id), onlyIf)),
  )
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
