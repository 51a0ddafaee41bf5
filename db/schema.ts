import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Addition, AdditionFields, Agreement, Company, NewAddition, Product } from '#billing/existing.ts'
import type { Limits } from '#billing/limits.ts'
import type { Fields, Hold } from '#billing/plan.ts'
import type { Person, Read } from '#billing/reading.ts'
import type { Rule } from '#billing/rule.ts'
import type { Counts, Outcome } from '#billing/summary.ts'

/** A tenant's id, the slug of its ConnectWise instance. Only rows of `tenants` yield one, so a query cannot forget it. */
export type TenantId = string & { readonly tenant: unique symbol }

const tenantId = () => text().$type<TenantId>().notNull()
const at = () => integer()
const flag = () => integer({ mode: 'boolean' })
const json = <T>() => text({ mode: 'json' }).$type<T>()

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
    state: text().$type<'connected' | 'attention'>().notNull(),
    stateCause: text(),
    stateAt: at().notNull(),
    /** observe: scheduled runs plan and write nothing (G16); reconcile: nothing is written after a restore (G24). */
    mode: text().$type<'observe' | 'live' | 'reconcile'>().notNull(),
    killSwitch: flag().notNull(),
    hasAdditionsReport: flag().notNull(),
    /** ConnectWise was seen to round a fractional quantity, so fractions are no longer sent (U8). */
    wholeQuantities: flag().notNull(),
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

/** A connected platform. */
export const sources = sqliteTable(
  'sources',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    kind: text().notNull(),
    name: text().notNull(),
    settings: json<Record<string, string>>().notNull(),
    /** Which month's counts are written: the current one or the one before. */
    billingPeriod: text().$type<'current' | 'previous'>().notNull(),
    tokenHash: text().notNull(),
    /** The last complete snapshot that was not suspicious, or that a person approved: what G7 compares with. */
    trustedSnapshotId: text(),
    createdAt: at().notNull(),
  },
  (t) => [uniqueIndex('sources_token').on(t.tokenHash), uniqueIndex('sources_name').on(t.tenantId, t.name)],
)

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
    lines: json<object[]>(),
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
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sourceId, t.account] })],
)

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
    /** Why nothing is written here until a person maps it again; absent while the mapping works. */
    parkedReason: text(),
    parkedAt: at(),
    /** Target and rule as last confirmed by a person or an import; another text now means a hold (G6, G8). */
    confirmedTarget: text(),
    confirmedRule: text(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
  },
  (t) => [
    uniqueIndex('mappings_row').on(t.tenantId, t.sourceId, t.account, t.readsKey, t.agreementId, t.targetKey),
    index('mappings_agreement').on(t.tenantId, t.agreementId),
  ],
)

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
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
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

export const runs = sqliteTable(
  'runs',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    scheduleId: text(),
    localDay: text(),
    sourceId: text(),
    accounts: json<string[]>(),
    startedBy: text().notNull(),
    /** The member who takes what this run holds, named when it was started. */
    approveAs: text(),
    phase: text().$type<'reading' | 'applying' | 'final'>().notNull(),
    state: text().$type<'running' | 'done' | 'held' | 'failed'>().notNull(),
    cause: text(),
    planId: text(),
    requests: integer().notNull(),
    counts: json<Counts>(),
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
    holds: json<Hold[]>().notNull(),
    reason: text().notNull(),
    /** The change in money per billing cycle, in the agreement's currency. */
    amount: text(),
    outcome: text().$type<Outcome | 'pending'>().notNull(),
    outcomeReason: text(),
    /** Whether somebody has to look, although nothing can be approved here. */
    attention: flag().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.planId, t.seq] })],
)

export const approvals = sqliteTable(
  'approvals',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    planId: text().notNull(),
    fingerprint: text().notNull(),
    member: text().notNull(),
    note: text(),
    at: at().notNull(),
  },
  (t) => [index('approvals_plan').on(t.tenantId, t.planId)],
)

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

/** When this install last ticked, for `/readyz`. */
export const ticks = sqliteTable('ticks', { id: text().primaryKey(), at: at().notNull() })
