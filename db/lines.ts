import { and, eq, gt, isNotNull, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import type { InvoiceLine } from '#billing/lines/line.ts'
import type { Month } from '#billing/period.ts'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import type { LineLoad } from './line-loads.ts'
import { intents, invoiceLines, lineLoads } from './schema.ts'

export type LineRow = typeof invoiceLines.$inferSelect
type NewLineRow = Omit<typeof invoiceLines.$inferInsert, 'tenantId'>

/** One source's invoice lines of one month. */
export interface SourceMonth {
  sourceId: string
  period: Month
}

/** The lines of a source's month, or those with one of our ids. */
export function listLines({ db, tenant }: Scope, which: SourceMonth | { ids: readonly string[] }): Promise<LineRow[]> {
  const these = 'ids' in which ? isIn(invoiceLines.id, which.ids) : isOfMonth(which)
  return db
    .select()
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), these))
    .orderBy(invoiceLines.account, invoiceLines.line)
}

/** Lines that are not posted yet: some of them, or those of some months. */
export function listUnpostedLines(
  { db, tenant }: Scope,
  which: { ids: readonly string[] } | { months: readonly SourceMonth[] },
): Promise<LineRow[]> {
  const months = 'ids' in which ? [] : which.months.map(({ sourceId, period }) => [sourceId, period])
  const these =
    'ids' in which
      ? isIn(invoiceLines.id, which.ids)
      : sql`(${invoiceLines.sourceId}, ${invoiceLines.period}) in (select value ->> 0, value ->> 1 from json_each(${JSON.stringify(months)}))`
  return db
    .select()
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), ne(invoiceLines.status, 'synced'), these))
}

/** The recurring charges of a source's month, as far as its newest word names them still. */
export async function listSubscriptions({ db, tenant }: Scope, month: SourceMonth) {
  const { account, said } = invoiceLines
  return db
    .select({ account, said })
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.tenantId, tenant),
        isOfMonth(month),
        eq(invoiceLines.chargeKind, 'recurring'),
        isNull(invoiceLines.goneAt),
      ),
    )
}

/** One-time lines that were posted, under whichever month, of those that a source calls so. */
export function listPosted({ db, tenant }: Scope, named: readonly Pick<LineRow, 'sourceId' | 'account' | 'line'>[]) {
  const { id, sourceId, account, line, period, additionId } = invoiceLines
  const keys = JSON.stringify(named.map((one) => [one.sourceId, one.account, one.line]))
  return db
    .select({ id, sourceId, account, line, period, additionId })
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.tenantId, tenant),
        eq(invoiceLines.status, 'synced'),
        eq(invoiceLines.chargeKind, 'one-time'),
        sql`(${sourceId}, ${account}, ${line}) in (select value ->> 0, value ->> 1, value ->> 2 from json_each(${keys}))`,
      ),
    )
}

/** Which of these lines people or a load changed since then (epoch milliseconds). */
export async function listTouched({ db, tenant }: Scope, ids: readonly string[], since: number): Promise<Set<string>> {
  const { id, loadedAt, updatedAt } = invoiceLines
  const rows = await db
    .select({ id })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), isIn(id, ids), or(gt(loadedAt, since), gt(updatedAt, since))))
  return new Set(rows.map((row) => row.id))
}

/** Our ids of lines that a write not settled yet stands for. */
export async function listLinesBeingWritten({ db, tenant }: Scope): Promise<Set<string>> {
  const rows = await db
    .select({ id: sql<string>`line.value` })
    .from(intents)
    .innerJoin(sql`json_each(${intents.posting}, '$.lines') as line`, sql`true`)
    .where(and(eq(intents.tenantId, tenant), isNotNull(intents.open)))
  return new Set(rows.map(({ id }) => id))
}

/** Whether a source said something else of unposted lines of a month while they were being written, which they are not any more. */
export async function hasNewsOfUnposted({ db, tenant }: Scope, month: SourceMonth): Promise<boolean> {
  const [row] = await db
    .select({ one: sql`1` })
    .from(invoiceLines)
    .where(
      and(
        eq(invoiceLines.tenantId, tenant),
        isOfMonth(month),
        ne(invoiceLines.status, 'synced'),
        isNotNull(invoiceLines.changed),
        sql`${invoiceLines.id} not in (${beingWritten(tenant)})`,
      ),
    )
    .limit(1)
  return row !== undefined
}

/** A write that is recorded and not settled yet stands for what its lines were when it was planned. */
export const beingWritten = (tenant: Scope['tenant']): SQL =>
  sql`select line.value from ${intents}, json_each(${intents.posting}, '$.lines') as line where ${intents.tenantId} = ${tenant} and ${intents.open} is not null`

const editsText = (tenant: Scope['tenant']) =>
  sql<string>`count(${invoiceLines.change}) || ' ' || coalesce(max(${invoiceLines.change}), '') || ' ' || coalesce(max(${invoiceLines.updatedAt}), 0) || ' ' || coalesce(sum(${invoiceLines.status} = 'synced' or ${invoiceLines.id} in (${beingWritten(tenant)})), 0)`

/**
 * One text for all that people changed on a month's lines, and how many are posted or being written: another one now means
 * that somebody was faster.
 */
export async function findEdits({ db, tenant }: Scope, month: SourceMonth): Promise<string> {
  const [row] = await db
    .select({ text: editsText(tenant) })
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), isOfMonth(month)))
  return row?.text ?? ''
}

/** The condition that nobody has changed a month's lines, nor begun to write one, nor loaded them again, since. */
export function areEdits({ tenant }: Scope, month: SourceMonth, text: string, load?: LineLoad): SQL {
  const edits = sql`(select ${editsText(tenant)} from ${invoiceLines} where ${and(eq(invoiceLines.tenantId, tenant), isOfMonth(month))}) = ${text}`
  if (!load) return edits
  const { tenantId, sourceId, period, snapshotId, loadedAt } = lineLoads
  const isOfLoad = and(eq(tenantId, tenant), eq(sourceId, month.sourceId), eq(period, month.period))
  const isSame = and(eq(snapshotId, load.snapshotId), eq(loadedAt, load.loadedAt))
  return sql`(${edits} and exists (select 1 from ${lineLoads} where ${isOfLoad} and ${isSame}))`
}

/**
 * Lines as loaded. What is known already takes what its source says and what rules make of it, and keeps what people and
 * runs made of it; a posted one stays as it is.
 */
export function saveLoaded({ db, tenant }: Scope, rows: readonly NewLineRow[], onlyIf: SQL): Statement[] {
  const { tenantId, sourceId, account, period, line, ...rest } = invoiceLines
  const { id, origin, correctionOf, typedStart, typedEnd, agreementId, leftOut, mapping, lacks, companyId } = rest
  const { placedAgreementId, productId, placedAdditionId, leaveAlone, status, reason, additionId, postedAt } = rest
  const { settled, change, updatedAt, updatedBy } = rest
  return insertMany(
    db,
    invoiceLines,
    rows.map((row) => Object.assign({}, row, { tenantId: tenant })),
    {
      onlyIf,
      replace: {
        key: [tenantId, sourceId, account, period, line],
        keep: [
          ...[id, origin, correctionOf, typedStart, typedEnd, agreementId, leftOut, mapping, lacks, companyId],
          ...[placedAgreementId, productId, placedAdditionId, leaveAlone, status, reason, additionId, postedAt],
          ...[settled, change, updatedAt, updatedBy],
        ],
        onlyIf: sql`${status} <> 'synced'`,
      },
    },
  )
}

/** What a source says now of lines that are not to be changed any more; null: what was posted, after all (X9). */
export function saveChanged(
  { db, tenant }: Scope,
  said: readonly { id: string; changed: InvoiceLine | null }[],
  onlyIf: SQL,
): Statement[] {
  return chunksOf(said).map((chunk) => {
    const values = JSON.stringify(Object.fromEntries(chunk.map(({ id, changed }) => [id, changed])))
    const own = sql`(select json(value) from json_each(${values}) where key = ${invoiceLines.id} and type = 'object')`
    const these = isIn(
      invoiceLines.id,
      chunk.map(({ id }) => id),
    )
    return db
      .update(invoiceLines)
      .set({ changed: own, settled: null })
      .where(and(eq(invoiceLines.tenantId, tenant), these, onlyIf))
  })
}

/** Each value is looked for among those of its statement: few enough of them. */
const chunksOf = <T>(rows: readonly T[], size = 200): T[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))

/** Lines that the newest complete word names no more, since then; null: it names them again. */
export function saveGone(
  { db, tenant }: Scope,
  ids: readonly string[],
  goneAt: number | null,
  onlyIf: SQL,
): Statement[] {
  if (ids.length === 0) return []
  return [
    db
      .update(invoiceLines)
      .set({ goneAt, settled: null })
      .where(and(eq(invoiceLines.tenantId, tenant), isIn(invoiceLines.id, ids), onlyIf)),
  ]
}

const isOfMonth = ({ sourceId, period }: SourceMonth): SQL | undefined =>
  and(eq(invoiceLines.sourceId, sourceId), eq(invoiceLines.period, period))
