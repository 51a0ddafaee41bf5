import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { LinePosting } from '#billing/lines/posting.ts'
import type { Fields, Hold } from '#billing/plan.ts'
import type { RecordDraft, RecordKind } from '#billing/record.ts'
import type { Beside, Counts, Outcome } from '#billing/summary.ts'
import { at, flag, json, tenantId } from './columns.ts'

export const runs = sqliteTable(
  'runs',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    scheduleId: text(),
    localDay: text(),
    sourceId: text(),
    accounts: json<string[]>(),
    /** Only these mappings, where a row or an agreement was asked for. */
    mappings: json<string[]>(),
    /** Only these invoice lines, by our ids. */
    lines: json<string[]>(),
    startedBy: text().notNull(),
    /** The member who takes what this run holds, named when it was started. */
    approveAs: text(),
    phase: text().$type<'reading' | 'applying' | 'final'>().notNull(),
    state: text().$type<'running' | 'done' | 'held' | 'failed'>().notNull(),
    cause: text(),
    /** Which sources could not be collected from, and why; the rest of the run went on. */
    unread: text(),
    planId: text(),
    requests: integer().notNull(),
    counts: json<Counts>(),
    /** Lists of users attached and contacts made, counted apart (FEATURES 4.12). */
    beside: json<Beside>(),
    startedAt: at().notNull(),
    finishedAt: at(),
  },
  (t) => [
    uniqueIndex('runs_once_a_day').on(t.tenantId, t.scheduleId, t.localDay),
    index('runs_open').on(t.state, t.tenantId),
    index('runs_newest').on(t.tenantId, t.startedAt),
  ],
)

export const plans = sqliteTable(
  'plans',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    runId: text().notNull(),
    state: text().$type<'ready' | 'waiting' | 'approved' | 'applying' | 'done' | 'dismissed' | 'stale'>().notNull(),
    fingerprint: text().notNull(),
    unchanged: integer().notNull(),
    createdAt: at().notNull(),
    closedBy: text(),
    closedAt: at(),
  },
  (t) => [index('plans_state').on(t.tenantId, t.state), index('plans_newest').on(t.tenantId, t.createdAt)],
)

/** One row of a plan: a change, or a mapping for which there is none, with the reason. Unchanged rows are only counted. */
export const planRows = sqliteTable(
  'plan_rows',
  {
    tenantId: tenantId(),
    planId: text().notNull(),
    seq: integer().notNull(),
    key: text().notNull(),
    /** What kind of ConnectWise record it is about. */
    record: text().$type<RecordKind>().notNull().default('addition'),
    change: text().$type<'create' | 'update' | 'cancel'>(),
    sourceId: text().notNull(),
    snapshotId: text(),
    accounts: json<string[]>().notNull(),
    mappings: json<string[]>().notNull(),
    companyId: integer(),
    agreementId: integer(),
    additionId: integer(),
    productId: integer(),
    effectiveOn: text(),
    before: json<Fields>().notNull(),
    after: json<Fields>().notNull(),
    /** What a record to be made holds, or the lines of an addition that are no plain fields. */
    draft: json<RecordDraft>(),
    /** The invoice lines it posts. */
    posting: json<LinePosting>(),
    /** Keys of rows of this plan that must be written before this one. */
    needs: json<string[]>().notNull().default([]),
    holds: json<Hold[]>().notNull(),
    reason: text().notNull(),
    /** The change in money per billing cycle, in the agreement's currency. */
    amount: text(),
    outcome: text().$type<Outcome | 'pending'>().notNull(),
    outcomeReason: text(),
    /** Whether somebody has to look, although nothing can be approved here. */
    attention: flag().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.planId, t.seq] }),
    index('plan_rows_addition').on(t.tenantId, t.additionId),
  ],
)

export const approvals = sqliteTable(
  'approvals',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    planId: text().notNull(),
    fingerprint: text().notNull(),
    /** Only these rows, where a person chose for them alone; absent: all that waited. */
    rows: json<number[]>(),
    member: text().notNull(),
    note: text(),
    at: at().notNull(),
  },
  (t) => [index('approvals_plan').on(t.tenantId, t.planId)],
)
