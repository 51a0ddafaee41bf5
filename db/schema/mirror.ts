import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Addition, Agreement, Company, Invoicing, Product } from '#billing/existing.ts'
import { at, flag, json, tenantId } from './columns.ts'

/** Our copy of ConnectWise's agreements, with its age. */
export const agreements = sqliteTable(
  'agreements',
  {
    tenantId: tenantId(),
    id: integer().notNull(),
    companyId: integer().notNull(),
    body: json<Agreement>().notNull(),
    gone: flag().notNull(),
    readAt: at().notNull(),
    /** The next invoice date before it moved back, until a person approved a plan over it (G11). */
    movedBackFrom: text(),
    /** Up to which day it was invoiced, and when its next invoice is, as reports and recaps say; absent where neither does. */
    invoicing: json<Invoicing>(),
    /** The run that last read all its additions completely, and when. */
    additionsRun: text(),
    additionsReadAt: at(),
    /** Why its additions could not be read in that run. */
    additionsProblem: text(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index('agreements_company').on(t.tenantId, t.companyId)],
)

export const additions = sqliteTable(
  'additions',
  {
    tenantId: tenantId(),
    id: integer().notNull(),
    agreementId: integer().notNull(),
    body: json<Addition>().notNull(),
    readAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index('additions_agreement').on(t.tenantId, t.agreementId)],
)

export const companies = sqliteTable(
  'companies',
  {
    tenantId: tenantId(),
    id: integer().notNull(),
    name: text().notNull(),
    body: json<Company>().notNull(),
    readAt: at().notNull(),
    /** When all its agreements were last listed. */
    agreementsListedAt: at(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index('companies_name').on(t.tenantId, t.name)],
)

export const products = sqliteTable(
  'products',
  {
    tenantId: tenantId(),
    id: integer().notNull(),
    body: json<Product>().notNull(),
    readAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
)

/** E-mail addresses that are contacts of a company, as far as its users are concerned (FEATURES 4.12). */
export const contacts = sqliteTable(
  'contacts',
  {
    tenantId: tenantId(),
    companyId: integer().notNull(),
    /** In lower case. */
    email: text().notNull(),
    contactId: integer().notNull(),
    /** Whether TrueUp made it: no other is ever changed. */
    isOurs: flag().notNull(),
    inactive: flag().notNull(),
    readAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.companyId, t.email] })],
)
