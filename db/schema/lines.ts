import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Badge, ChargeKind, InvoiceLine, LineMapping, LineStatus } from '#billing/lines/line.ts'
import type { Stood } from '#billing/wish.ts'
import { at, flag, json, tenantId } from './columns.ts'

/** Every invoice line that was loaded: what its source said, what rules and people made of it, where it went. */
export const invoiceLines = sqliteTable(
  'invoice_lines',
  {
    tenantId: tenantId(),
    id: text().notNull(),
    sourceId: text().notNull(),
    account: text().notNull(),
    /** `YYYY-MM`, the invoice month it was loaded with. */
    period: text().notNull(),
    /** The source's id of it. */
    line: text().notNull(),
    /** A correction was added here, for the difference between a posted line and what its source says now (FEATURES 4.5). */
    origin: text().$type<'source' | 'correction'>().notNull(),
    correctionOf: text(),
    snapshotId: text().notNull(),
    loadedAt: at().notNull(),
    /** As received; of a posted line, as it was posted. */
    said: json<InvoiceLine>().notNull(),
    offer: text().notNull(),
    subscription: text().notNull(),
    /** As the source states it; empty where it states none. */
    billingCycle: text().notNull(),
    chargeType: text().notNull(),
    currency: text(),
    quantity: text().notNull(),
    unitCost: text(),
    unitPrice: text(),
    invoicedOn: text(),
    /** Null: the charge type is unknown. */
    chargeKind: text().$type<ChargeKind>(),
    chargeName: text().notNull(),
    nameBadge: text().$type<Badge>().notNull(),
    effectiveOn: text().notNull(),
    effectiveBadge: text().$type<Badge>().notNull(),
    /** Null: it bills every cycle. */
    cancelledOn: text(),
    cancelledBadge: text().$type<Badge>().notNull(),
    warning: text(),
    /** What a person typed: a day, or `never`; null: nothing. */
    typedStart: text(),
    typedEnd: text(),
    /** The agreement a person chose for this line. */
    agreementId: integer(),
    leftOut: flag().notNull(),
    /** Where it goes, worked out anew with every change of a mapping (`placeLines`). */
    mapping: text().$type<LineMapping>().notNull(),
    lacks: text(),
    companyId: integer(),
    placedAgreementId: integer(),
    productId: integer(),
    /** The addition a mapping names for it. */
    placedAdditionId: integer(),
    leaveAlone: json<number[]>().notNull().default([]),
    status: text().$type<LineStatus>().notNull(),
    /** Why it is held, failed or was skipped, in words. */
    reason: text(),
    additionId: integer(),
    postedAt: at(),
    /** What the source says of a posted line now, where that is something else. */
    changed: json<InvoiceLine>(),
    /** Since when the newest complete word of its period does not name it. */
    goneAt: at(),
    /** What was chosen about `changed` or `goneAt` of a posted line. */
    settled: text().$type<'corrected' | 'left'>(),
    /** The last change a person made: what another tab was drawn from is older (M4). */
    change: text(),
    updatedAt: at(),
    updatedBy: text(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex('invoice_lines_identity').on(t.tenantId, t.sourceId, t.account, t.period, t.line),
    // What the grid filters, sums and mostly sorts by, so that it need not read what ten thousand lines say.
    index('invoice_lines_grid').on(
      ...([
        t.tenantId,
        t.period,
        t.sourceId,
        t.account,
        t.status,
        t.mapping,
        t.companyId,
        t.placedAgreementId,
      ] as const),
      ...([t.productId, t.chargeName, t.currency, t.quantity, t.unitCost, t.unitPrice, t.id, t.line] as const),
    ),
    index('invoice_lines_line').on(t.tenantId, t.sourceId, t.account, t.line),
    index('invoice_lines_addition').on(t.tenantId, t.additionId),
    index('invoice_lines_status').on(t.tenantId, t.status),
  ],
)

/** Which word of a source was loaded last for a month. */
export const lineLoads = sqliteTable(
  'line_loads',
  {
    tenantId: tenantId(),
    sourceId: text().notNull(),
    period: text().notNull(),
    snapshotId: text().notNull(),
    takenAt: at().notNull(),
    /** Whether a complete word of that month was ever loaded (4.4). */
    complete: flag().notNull(),
    lineCount: integer().notNull(),
    loadedAt: at().notNull(),
    loadedBy: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.sourceId, t.period] })],
)

/** The additions that stand for invoice lines (P10). */
export const lineAdditions = sqliteTable(
  'line_additions',
  {
    tenantId: tenantId(),
    additionId: integer().notNull(),
    agreementId: integer().notNull(),
    sourceId: text().notNull(),
    account: text().notNull(),
    kind: text().$type<'persistent' | 'one-time'>().notNull(),
    /** A subscription's charge, or a line of its own. */
    identity: text().notNull(),
    /** The newest month written to it. */
    period: text().notNull(),
    /** The last billed day TrueUp wrote last; null: none. */
    cancelledOn: text(),
    isEndTyped: flag().notNull(),
    /** Since when no later line is written to it: its subscription was cancelled, or it moved. */
    closedAt: at(),
    createdAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.additionId] }),
    uniqueIndex('line_additions_identity').on(t.tenantId, t.identity).where(sql`closed_at is null`),
    index('line_additions_account').on(t.tenantId, t.sourceId, t.account),
    index('line_additions_agreement').on(t.tenantId, t.agreementId),
  ],
)

/** What a person wants done with an addition, by the next plan: ended as a duplicate, or moved (V6, V21). */
export const additionWishes = sqliteTable(
  'addition_wishes',
  {
    tenantId: tenantId(),
    additionId: integer().notNull(),
    agreementId: integer().notNull(),
    wish: text().$type<'end' | 'move'>().notNull(),
    /** The last day billed there. */
    lastOn: text().notNull(),
    /** Where it goes on, for a move. */
    toAgreementId: integer(),
    reason: text().notNull(),
    /** What the addition held then. */
    stood: json<Stood>().notNull(),
    state: text().$type<'wanted' | 'done' | 'withdrawn'>().notNull(),
    member: text().notNull(),
    at: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.additionId] }), index('addition_wishes_state').on(t.tenantId, t.state)],
)
