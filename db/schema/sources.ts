import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { type DataSwitches, plainData } from '#billing/data.ts'
import type { InvoiceLine } from '#billing/lines/line.ts'
import type { Person } from '#billing/reading.ts'
import { at, flag, json, tenantId } from './columns.ts'

/** A connected platform. */
export const sources = sqliteTable(
  'sources',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    kind: text().notNull(),
    name: text().notNull(),
    settings: json<Record<string, string>>().notNull(),
    /** Which month is written: the current one or the one before; of invoice lines, or both. */
    billingPeriod: text().$type<'current' | 'previous' | 'both'>().notNull(),
    /** The one product this source is billed as (S9). */
    productId: integer(),
    /** What is written of it, each its own switch (S3). */
    data: json<DataSwitches>().notNull().default(plainData),
    /** Why the platform could not be read, of sources that are collected from; absent once it could. */
    problem: text(),
    problemAt: at(),
    /** When it was last collected from, whatever came of it. */
    collectedAt: at(),
    /** The months somebody is loading, or loaded last, by hand (X17). */
    loading: json<Loading>(),
    tokenHash: text().notNull(),
    /** The last complete snapshot that was not suspicious, or that a person approved: what G7 compares with. */
    trustedSnapshotId: text(),
    createdAt: at().notNull(),
  },
  (t) => [uniqueIndex('sources_token').on(t.tokenHash), uniqueIndex('sources_name').on(t.tenantId, t.name)],
)

/** How far the loading of a source's invoice months is. Times are epoch milliseconds. */
export interface Loading {
  id: string
  by: string
  startedAt: number
  endedAt?: number
  months: { period: string; state: 'waiting' | 'asking' | 'loading' | 'done' | 'failed'; text?: string }[]
}

/** Everything a source said at one moment, for one period. */
export const snapshots = sqliteTable(
  'snapshots',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    sourceId: text().notNull(),
    kind: text().$type<'counts' | 'usage' | 'invoice-lines'>().notNull(),
    period: text().notNull(),
    takenAt: at().notNull(),
    receivedAt: at().notNull(),
    complete: flag().notNull(),
    accountCount: integer().notNull(),
    readingCount: integer().notNull(),
    idempotencyKey: text(),
    bodyHash: text().notNull(),
  },
  (t) => [
    index('snapshots_newest').on(t.tenantId, t.sourceId, t.period, t.takenAt),
    uniqueIndex('snapshots_idempotency').on(t.tenantId, t.sourceId, t.idempotencyKey),
  ],
)

/** What one snapshot said of one account: its readings, and apart from them the people behind each, by reading index. */
export const snapshotAccounts = sqliteTable(
  'snapshot_accounts',
  {
    tenantId: tenantId(),
    snapshotId: text().notNull(),
    account: text().notNull(),
    name: text().notNull(),
    readings: json<StoredReading[]>().notNull(),
    people: json<Record<string, readonly Person[]>>(),
    /** Invoice lines as received, for snapshots of that kind. */
    lines: json<InvoiceLine[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.snapshotId, t.account] }),
    index('snapshot_accounts_account').on(t.tenantId, t.account),
  ],
)

export interface StoredReading {
  kind: 'metric' | 'sku'
  name: string
  /** What the source calls the SKU, where it says. */
  title?: string
  term?: string
  subscription?: string
  quantity: string
  unitCost?: string
  unitPrice?: string
  currency?: string
}

/** The customers a source has ever listed. */
export const accounts = sqliteTable(
  'accounts',
  {
    tenantId: tenantId(),
    sourceId: text().notNull(),
    account: text().notNull(),
    name: text().notNull(),
    firstSeenAt: at().notNull(),
    lastSeenAt: at().notNull(),
    /** What was chosen before there is a mapping: each pick is saved the moment it is made (M4). */
    companyId: integer(),
    agreementId: integer(),
    /** Whether mappings made for it may be written (M8). */
    include: flag().notNull().default(false),
    /** The company its invoice lines were written to with a person's yes (G6). */
    confirmedCompanyId: integer(),
    /** The last change a person made to it or its mappings: what another tab was drawn from is older (M4). */
    change: text(),
    updatedAt: at(),
    updatedBy: text(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sourceId, t.account] })],
)

/** What a source's SKU or offer is billed as, for every account that uses it (V19). */
export const skuProducts = sqliteTable(
  'sku_products',
  {
    tenantId: tenantId(),
    sourceId: text().notNull(),
    sku: text().notNull(),
    /** Empty: where the source states none. */
    term: text().notNull(),
    productId: integer().notNull(),
    /** The product its invoice lines were written as with a person's yes (G8). */
    confirmedProductId: integer(),
    updatedAt: at().notNull(),
    updatedBy: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sourceId, t.sku, t.term] })],
)
