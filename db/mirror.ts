import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Addition, Agreement, Company, Invoicing, Product } from '#billing/existing.ts'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { additions, agreements, companies, products } from './schema.ts'

export type AgreementRow = typeof agreements.$inferSelect

export function listAgreements({ db, tenant }: Scope, ids: readonly number[]): Promise<AgreementRow[]> {
  return db
    .select()
    .from(agreements)
    .where(and(eq(agreements.tenantId, tenant), isIn(agreements.id, ids)))
}

export async function listAdditions({ db, tenant }: Scope, agreementIds: readonly number[]): Promise<Addition[]> {
  const rows = await db
    .select({ body: additions.body })
    .from(additions)
    .where(and(eq(additions.tenantId, tenant), isIn(additions.agreementId, agreementIds)))
    .orderBy(additions.id)
  return rows.map((row) => row.body)
}

/** The first of these agreements that has additions in our copy. */
export async function findWithAdditions(
  { db, tenant }: Scope,
  agreementIds: readonly number[],
): Promise<number | undefined> {
  const [row] = await db
    .select({ id: additions.agreementId })
    .from(additions)
    .where(and(eq(additions.tenantId, tenant), isIn(additions.agreementId, agreementIds)))
    .orderBy(additions.agreementId)
    .limit(1)
  return row?.id
}

/**
 * Saves agreements as just read; one that was asked for and did not come is gone. A next invoice date that moved back
 * is remembered until an approval (G11).
 */
export function saveAgreements(
  { db, tenant }: Scope,
  asked: readonly number[],
  found: readonly Agreement[],
  at: number,
): Statement[] {
  const rows = found.map((body) => ({
    tenantId: tenant,
    id: body.id,
    companyId: body.companyId,
    body,
    gone: false,
    readAt: at,
  }))
  const next = sql`json_extract(${agreements.body}, '$.nextInvoiceOn')`
  const movedBack = found.flatMap(({ id, nextInvoiceOn }) => (nextInvoiceOn === undefined ? [] : { id, nextInvoiceOn }))
  const moved = JSON.stringify(movedBack.map(({ id, nextInvoiceOn }) => [id, nextInvoiceOn]))
  const newNext = sql`(select value ->> 1 from json_each(${moved}) where value ->> 0 = ${agreements.id})`
  const missing = asked.filter((id) => !found.some((agreement) => agreement.id === id))
  return [
    db
      .update(agreements)
      .set({ movedBackFrom: sql`max(coalesce(${agreements.movedBackFrom}, ''), ${next})` })
      .where(and(eq(agreements.tenantId, tenant), sql`${newNext} < ${next}`)),
    db
      .update(agreements)
      .set({ movedBackFrom: null })
      .where(and(eq(agreements.tenantId, tenant), sql`${newNext} >= ${agreements.movedBackFrom}`)),
    ...insertMany(db, agreements, rows, {
      replace: {
        key: [agreements.tenantId, agreements.id],
        keep: [
          agreements.movedBackFrom,
          agreements.additionsRun,
          agreements.additionsReadAt,
          agreements.additionsProblem,
        ],
      },
    }),
    db
      .update(agreements)
      .set({ gone: true, readAt: at })
      .where(and(eq(agreements.tenantId, tenant), isIn(agreements.id, missing))),
  ]
}

/** Saves all additions of some agreements as just read, in a run or for a person; those not among them no longer exist. */
export function saveAdditions(
  { db, tenant }: Scope,
  agreementIds: readonly number[],
  found: readonly Addition[],
  read: { run?: string; at: number },
): Statement[] {
  const rows = found.map((body) => ({
    tenantId: tenant,
    id: body.id,
    agreementId: body.agreementId,
    body,
    readAt: read.at,
  }))
  return [
    db.delete(additions).where(and(eq(additions.tenantId, tenant), isIn(additions.agreementId, agreementIds))),
    ...insertMany(db, additions, rows, { replace: { key: [additions.tenantId, additions.id] } }),
    db
      .update(agreements)
      .set({
        additionsReadAt: read.at,
        additionsProblem: null,
        ...(read.run === undefined ? {} : { additionsRun: read.run }),
      })
      .where(and(eq(agreements.tenantId, tenant), isIn(agreements.id, agreementIds))),
  ]
}

/** One addition as ConnectWise just answered it. */
export function saveAddition({ db, tenant }: Scope, body: Addition, at: number, onlyIf?: SQL): Statement[] {
  return insertMany(
    db,
    additions,
    [{ tenantId: tenant, id: body.id, agreementId: body.agreementId, body, readAt: at }],
    {
      replace: { key: [additions.tenantId, additions.id] },
      ...(onlyIf ? { onlyIf } : {}),
    },
  )
}

/** The additions of this agreement could not be read completely in this run: nothing of it is written (I6). */
export function saveAdditionsProblem(
  { db, tenant }: Scope,
  agreementId: number,
  run: string,
  problem: string,
): Statement {
  return db
    .update(agreements)
    .set({ additionsRun: run, additionsProblem: problem })
    .where(and(eq(agreements.tenantId, tenant), eq(agreements.id, agreementId)))
}

/** What was just read of the invoices of some agreements; reading those again forgets it, for it would be older (U16). */
export function saveInvoicing(
  { db, tenant }: Scope,
  found: readonly { agreementId: number; invoicing: Invoicing }[],
): Statement[] {
  const values = JSON.stringify(found.map(({ agreementId, invoicing }) => [agreementId, JSON.stringify(invoicing)]))
  const ids = found.map(({ agreementId }) => agreementId)
  const own = sql`(select value ->> 1 from json_each(${values}) where value ->> 0 = ${agreements.id})`
  return [
    db
      .update(agreements)
      .set({ invoicing: own })
      .where(and(eq(agreements.tenantId, tenant), isIn(agreements.id, ids))),
  ]
}

/** A person approved a plan over the removed invoices of these agreements. */
export function forgetMovedBack({ db, tenant }: Scope, agreementIds: readonly number[], onlyIf?: SQL): Statement {
  return db
    .update(agreements)
    .set({ movedBackFrom: null })
    .where(and(eq(agreements.tenantId, tenant), isIn(agreements.id, agreementIds), onlyIf))
}

export async function listCompanies({ db, tenant }: Scope, ids: readonly number[]): Promise<Company[]> {
  const rows = await db
    .select({ body: companies.body })
    .from(companies)
    .where(and(eq(companies.tenantId, tenant), isIn(companies.id, ids)))
  return rows.map((row) => row.body)
}

export async function listProducts({ db, tenant }: Scope, ids: readonly number[]): Promise<Product[]> {
  const rows = await db
    .select({ body: products.body })
    .from(products)
    .where(and(eq(products.tenantId, tenant), isIn(products.id, ids)))
  return rows.map((row) => row.body)
}

export function saveCompanies({ db, tenant }: Scope, found: readonly Company[], at: number): Statement[] {
  const rows = found.map((body) => ({ tenantId: tenant, id: body.id, name: body.name, body, readAt: at }))
  return insertMany(db, companies, rows, {
    replace: { key: [companies.tenantId, companies.id], keep: [companies.agreementsListedAt] },
  })
}

export function saveProducts({ db, tenant }: Scope, found: readonly Product[], at: number): Statement[] {
  const rows = found.map((body) => ({ tenantId: tenant, id: body.id, body, readAt: at }))
  return insertMany(db, products, rows, { replace: { key: [products.tenantId, products.id] } })
}
