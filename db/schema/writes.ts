import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AdditionFields, NewAddition } from '#billing/existing.ts'
import type { Fields } from '#billing/plan.ts'
import { at, flag, json, tenantId } from './columns.ts'

/** One write, recorded before it is sent (TRUST section 4). */
export const intents = sqliteTable(
  'intents',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    runId: text().notNull(),
    planId: text().notNull(),
    rowSeq: integer().notNull(),
    change: text().$type<'create' | 'update' | 'cancel'>().notNull(),
    agreementId: integer().notNull(),
    additionId: integer(),
    naturalKey: text().notNull(),
    marker: text(),
    paramsHash: text().notNull(),
    base: json<Fields>().notNull(),
    desired: json<AdditionFields | NewAddition>().notNull(),
    needsApproval: flag().notNull(),
    state: text()
      .$type<'planned' | 'sending' | 'done' | 'rejected' | 'unknown' | 'probing' | 'superseded' | 'manual'>()
      .notNull(),
    /** 1 while the intent is not ended: makes the natural key unique among open ones. Null afterwards. */
    open: integer(),
    attempt: integer().notNull(),
    fence: integer(),
    notBefore: at(),
    sentAt: at(),
    unknownUntil: at(),
    firstProbedAt: at(),
    /** Names the answer that ended it, so that only one answer ever counts. */
    settlement: text(),
    httpStatus: integer(),
    error: text(),
    createdAt: at().notNull(),
    resolvedAt: at(),
  },
  (t) => [
    uniqueIndex('intents_one_open').on(t.tenantId, t.naturalKey, t.open),
    index('intents_state').on(t.state, t.tenantId),
    index('intents_run').on(t.tenantId, t.runId),
  ],
)

/** Who may write for a tenant until when; the fence grows with every holder. */
export const leases = sqliteTable('leases', {
  tenantId: tenantId().primaryKey(),
  owner: text().notNull(),
  fence: integer().notNull(),
  until: real().notNull(),
})

/** The append-only, hash-chained record of every value written (I14). */
export const ledger = sqliteTable(
  'ledger',
  {
    tenantId: tenantId(),
    seq: integer().notNull(),
    at: at().notNull(),
    event: text().notNull(),
    body: text().notNull(),
    prevHash: text().notNull(),
    hash: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.seq] })],
)
