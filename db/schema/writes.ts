import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AdditionFields, NewAddition } from '#billing/existing.ts'
import type { LinePosting } from '#billing/lines/posting.ts'
import type { Fields } from '#billing/plan.ts'
import type { RecordDraft, RecordKind } from '#billing/record.ts'
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
    record: text().$type<RecordKind>().notNull().default('addition'),
    /** Natural keys of writes that must be done before this one is sent. */
    needs: json<string[]>().notNull().default([]),
    change: text().$type<'create' | 'update' | 'cancel'>().notNull(),
    /** 0 for a record that belongs to no agreement. */
    agreementId: integer().notNull(),
    additionId: integer(),
    naturalKey: text().notNull(),
    marker: text(),
    paramsHash: text().notNull(),
    base: json<Fields>().notNull(),
    desired: json<AdditionFields | NewAddition>().notNull(),
    /** What a record other than an addition is to hold. */
    draft: json<RecordDraft>(),
    /** The invoice lines it posts. */
    posting: json<LinePosting>(),
    /** The id ConnectWise gave a record other than an addition. */
    recordId: integer(),
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

/** A record somebody wants TrueUp to make in ConnectWise; until then its negative id stands for it (FEATURES M5, S4, 4.3). */
export const creations = sqliteTable(
  'creations',
  {
    tenantId: tenantId(),
    /** Negative, counted down per tenant. */
    id: integer().notNull(),
    record: text().$type<RecordKind>().notNull(),
    draft: json<RecordDraft>().notNull(),
    /** One text per thing to be made, so that it is wanted once: `agreement/250/3`, `company/contoso`. */
    identity: text().notNull(),
    state: text().$type<'wanted' | 'made' | 'withdrawn'>().notNull(),
    madeId: integer(),
    madeAt: at(),
    createdBy: text().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('creations_state').on(t.tenantId, t.state),
    uniqueIndex('creations_wanted').on(t.tenantId, t.identity).where(sql`state = 'wanted'`),
  ],
)

/** A file attached to an agreement (FEATURES 4.12). */
export const documents = sqliteTable(
  'documents',
  {
    tenantId: tenantId(),
    agreementId: integer().notNull(),
    sourceId: text().notNull(),
    account: text().notNull(),
    period: text().notNull(),
    /** ConnectWise's id; absent until the upload was answered. */
    documentId: integer(),
    contentHash: text().notNull(),
    /** waiting: ConnectWise asked to be left alone for a while. */
    state: text().$type<'sending' | 'attached' | 'failed' | 'waiting'>().notNull(),
    problem: text(),
    /** Of the last time it was sent. */
    runId: text().notNull(),
    sentAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.agreementId, t.sourceId, t.account, t.period] })],
)
