import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { type CreationPolicy, plainCreation } from '#billing/creation.ts'
import type { BillingOption, CompanyStatus } from '#billing/existing.ts'
import type { Limits } from '#billing/limits.ts'
import { type LineSettings, plainLineSettings } from '#billing/lines/settings.ts'
import { at, flag, json, type TenantId, tenantId } from './columns.ts'

/** One ConnectWise instance: host + company id. */
export const tenants = sqliteTable(
  'tenants',
  {
    id: text().$type<TenantId>().primaryKey(),
    /** The web origin people log in to, `https://na.myconnectwise.net`. */
    site: text().notNull(),
    apiOrigin: text().notNull(),
    companyId: text().notNull(),
    codebase: text().notNull(),
    clientId: text(),
    zone: text().notNull(),
    currency: text(),
    state: text().$type<'connected' | 'attention' | 'disconnected'>().notNull(),
    stateCause: text(),
    stateAt: at().notNull(),
    /** observe: scheduled runs plan and write nothing (G16); reconcile: nothing is written after a restore (G24). */
    mode: text().$type<'observe' | 'live' | 'reconcile'>().notNull(),
    killSwitch: flag().notNull(),
    hasAdditionsReport: flag().notNull(),
    /** ConnectWise was seen to round a fractional quantity, so fractions are no longer sent (U8). */
    wholeQuantities: flag().notNull(),
    /** ConnectWise's version as the last connection test saw it. */
    version: text(),
    /** When the keys were stored. */
    keysSavedAt: at(),
    /** Of agreements TrueUp makes (FEATURES S10). */
    defaultAgreementTypeId: integer(),
    /** What TrueUp may make in ConnectWise, and with which values. */
    creation: json<CreationPolicy>().notNull().default(plainCreation),
    /** How invoice lines become additions (FEATURES 4.2). */
    lineSettings: json<LineSettings>().notNull().default(plainLineSettings),
    /** The days' rules a person approved a plan with, as one text (G8). */
    confirmedLineRules: text(),
    /** Since when, and by whom, the integration is switched off: no schedule runs, nothing is written (CP: disable). */
    disabledAt: at(),
    disabledBy: text(),
    /** Every company status as last listed. */
    companyStatuses: json<CompanyStatus[]>(),
    /** Company statuses that are not offered when mapping, by id (M11). */
    hiddenStatuses: json<number[]>(),
    /** When all companies and all products were last listed (M26). */
    companiesListedAt: at(),
    productsListedAt: at(),
    /** How long each billing cycle of ConnectWise is, by its id, as last listed (FEATURES 4.1). */
    billingCycles: json<Record<number, BillingOption>>(),
    /** Why no dated lines are written: a day came back as another one than was sent (U23). Absent while days are kept. */
    dayShift: text(),
    /** When the companies and products we map to were last read. */
    catalogueReadAt: at(),
    limits: json<Limits>().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [uniqueIndex('tenants_instance').on(t.site, t.companyId)],
)

/** One row: what holds for the whole install. */
export const installation = sqliteTable('installation', {
  id: text().$type<'this'>().primaryKey(),
  killSwitch: flag().notNull(),
})

/** One data key per tenant, wrapped by the master key. */
export const dataKeys = sqliteTable('data_keys', {
  tenantId: tenantId().primaryKey(),
  wrapped: text().notNull(),
  masterKeyId: text().notNull(),
  version: integer().notNull(),
})

export const secrets = sqliteTable(
  'secrets',
  {
    tenantId: tenantId(),
    field: text().notNull(),
    sealed: text().notNull(),
    keyVersion: integer().notNull(),
    lastFour: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.field] })],
)

export const schedules = sqliteTable(
  'schedules',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    /** A five-field cron pattern in wall-clock time of `zone`. */
    pattern: text().notNull(),
    zone: text().notNull(),
    enabled: flag().notNull(),
    /** The local day of the last occurrence that became a run. */
    lastDay: text().notNull(),
  },
  (t) => [index('schedules_tenant').on(t.tenantId)],
)

/** When this install last ticked, for `/readyz`. */
export const ticks = sqliteTable('ticks', { id: text().primaryKey(), at: at().notNull() })
