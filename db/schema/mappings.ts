import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Fields } from '#billing/plan.ts'
import type { ProrationState } from '#billing/proration.ts'
import type { Read } from '#billing/reading.ts'
import type { Rule } from '#billing/rule.ts'
import { at, flag, json, tenantId } from './columns.ts'

/** What an account's readings are written to. */
export const mappings = sqliteTable(
  'mappings',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    sourceId: text().notNull(),
    account: text().notNull(),
    reads: json<Read[]>().notNull(),
    /** One text for equal reads: the row's identity beside source and account. */
    readsKey: text().notNull(),
    /** How the row names its target, `addition:301` or `product:512`; it stays when a product is resolved to an addition. */
    targetKey: text().notNull(),
    companyId: integer().notNull(),
    agreementId: integer().notNull(),
    additionId: integer(),
    productId: integer(),
    /** Ongoing additions of the same product that a person said to leave alone (FEATURES 4.15). */
    leaveAlone: json<number[]>().notNull(),
    include: flag().notNull(),
    rule: json<Rule>().notNull(),
    /** Whether what is written follows the source's switches instead of `rule.write` (S3). */
    followsSource: flag().notNull().default(false),
    /** Why nothing is written here until a person maps it again; absent while the mapping works. */
    parkedReason: text(),
    parkedAt: at(),
    /** Target and rule as last confirmed by a person or an import; another text now means a hold (G6, G8). */
    confirmedTarget: text(),
    confirmedRule: text(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    updatedBy: text(),
  },
  (t) => [
    uniqueIndex('mappings_row').on(t.tenantId, t.sourceId, t.account, t.readsKey, t.agreementId, t.targetKey),
    index('mappings_agreement').on(t.tenantId, t.agreementId),
  ],
)

/** Per addition and writable field, the last value TrueUp wrote, adopted or accepted (FEATURES 4.11). */
export const lastValues = sqliteTable(
  'last_values',
  {
    tenantId: tenantId(),
    additionId: integer().notNull(),
    agreementId: integer().notNull(),
    how: text().$type<'created' | 'adopted'>().notNull(),
    marker: text(),
    quantity: text(),
    unitCost: text(),
    unitPrice: text(),
    updatedAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.additionId] })],
)

/** What a person chose in a conflict (FEATURES 4.11): their value stays until the source says something else, or until a day. */
export const conflictChoices = sqliteTable(
  'conflict_choices',
  {
    tenantId: tenantId(),
    additionId: integer().notNull(),
    choice: text().$type<'keep' | 'pin'>().notNull(),
    /** What the source wanted then. */
    desired: json<Fields>().notNull(),
    /** The last day of a pin. */
    until: text(),
    member: text().notNull(),
    at: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.additionId] })],
)

/** What is known of a prorated standing line (FEATURES 4.1): its past quantities and what each period was charged with. */
export const prorations = sqliteTable(
  'prorations',
  {
    tenantId: tenantId(),
    /** The standing line. */
    additionId: integer().notNull(),
    agreementId: integer().notNull(),
    state: json<ProrationState>().notNull(),
    updatedAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.additionId] })],
)

/** Lines TrueUp made for a part of a period, beside a standing line (FEATURES 4.1). */
export const datedLines = sqliteTable(
  'dated_lines',
  {
    tenantId: tenantId(),
    additionId: integer().notNull(),
    agreementId: integer().notNull(),
    standingId: integer().notNull(),
    kind: text().$type<'dated' | 'catch-up'>().notNull(),
    /** The first day of the period it belongs to. */
    period: text().notNull(),
    /** The day of the reading it stands for: with the period its identity. */
    day: text().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.additionId] }),
    uniqueIndex('dated_lines_identity').on(t.tenantId, t.standingId, t.kind, t.period, t.day),
    index('dated_lines_agreement').on(t.tenantId, t.agreementId),
  ],
)
