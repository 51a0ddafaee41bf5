import { and, count, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { beingWritten, type LineRow } from './lines.ts'
import { invoiceLines } from './schema.ts'

/** A line as a person wants it, from the state they saw. */
export type LineEdit = Pick<
  LineRow,
  | 'id'
  | 'typedStart'
  | 'typedEnd'
  | 'agreementId'
  | 'leftOut'
  | 'effectiveOn'
  | 'effectiveBadge'
  | 'cancelledOn'
  | 'cancelledBadge'
  | 'warning'
> & { seen: string | null }

/**
 * Takes people's changes of lines that nobody changed since they were seen and that are neither posted nor being written;
 * `change` names them. What a plan held of them was said of what they were before. The tenant is said in each row as well,
 * and `+` keeps it from being looked up by, so that SQLite goes from rows to lines by their key and not the other way.
 */
export function saveLineEdits(
  { db, tenant }: Scope,
  edits: readonly LineEdit[],
  { change, at, member }: { change: string; at: number; member: string },
): Statement[] {
  const chunks = Array.from({ length: Math.ceil(edits.length / perStatement) }, (_, i) =>
    JSON.stringify(edits.slice(i * perStatement, (i + 1) * perStatement).map((edit) => [tenant, ...valuesOf(edit)])),
  )
  return chunks.flatMap((given) => [
    db.run(sql`with edit as materialized (select value from json_each(${given})) update ${invoiceLines} set
    typed_start = edit.value ->> 3, typed_end = edit.value ->> 4, agreement_id = edit.value ->> 5, left_out = edit.value ->> 6,
    effective_on = edit.value ->> 7, effective_badge = edit.value ->> 8, cancelled_on = edit.value ->> 9,
    cancelled_badge = edit.value ->> 10, warning = edit.value ->> 11,
    change = ${change}, updated_at = ${at}, updated_by = ${member}
    from edit
    where +${invoiceLines.tenantId} = ${tenant} and ${invoiceLines.tenantId} = edit.value ->> 0 and ${invoiceLines.id} = edit.value ->> 1
      and ${invoiceLines.change} is edit.value ->> 2 and ${invoiceLines.status} <> 'synced'
      and ${invoiceLines.id} not in (${beingWritten(tenant)})`),
    // Apart, because statuses stand in indexes, and few lines are held.
    db
      .update(invoiceLines)
      .set({ status: 'not-synced', reason: null })
      .where(
        and(
          eq(invoiceLines.tenantId, tenant),
          sql`${invoiceLines.id} in (select value ->> 1 from json_each(${given}))`,
          eq(invoiceLines.change, change),
          eq(invoiceLines.status, 'held'),
        ),
      ),
  ])
}

const perStatement = 2_000

const valuesOf = (edit: LineEdit): unknown[] => [
  ...[edit.id, edit.seen, edit.typedStart, edit.typedEnd, edit.agreementId, edit.leftOut ? 1 : 0],
  ...[edit.effectiveOn, edit.effectiveBadge, edit.cancelledOn, edit.cancelledBadge, edit.warning],
]

/** How many of these lines a change was taken for. */
export async function countEdited({ db, tenant }: Scope, ids: readonly string[], change: string): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(invoiceLines)
    .where(isTaken(tenant, ids, change))
  return row?.n ?? 0
}

/** Whether a change was taken for any of these lines. */
export const isEdited = (tenant: Scope['tenant'], ids: readonly string[], change: string): SQL =>
  sql`exists (select 1 from ${invoiceLines} where ${isTaken(tenant, ids, change)})`

const isTaken = (tenant: Scope['tenant'], ids: readonly string[], change: string): SQL | undefined =>
  and(eq(invoiceLines.tenantId, tenant), isIn(invoiceLines.id, ids), eq(invoiceLines.change, change))

/** What was chosen about a posted line that its source says otherwise now, where nobody chose or changed it since. */
export function saveSettled(
  { db, tenant }: Scope,
  row: Pick<LineRow, 'id' | 'change'>,
  chosen: { settled: 'corrected' | 'left'; change: string; updatedAt: number; updatedBy: string },
): Statement {
  const same = row.change === null ? isNull(invoiceLines.change) : eq(invoiceLines.change, row.change)
  const open = and(eq(invoiceLines.status, 'synced'), isNull(invoiceLines.settled), same)
  return db
    .update(invoiceLines)
    .set(chosen)
    .where(and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines.id, row.id), open))
}

/** The corrections that were added to a line so far. */
export function listCorrections({ db, tenant }: Scope, id: string): Promise<LineRow[]> {
  return db
    .select()
    .from(invoiceLines)
    .where(and(eq(invoiceLines.tenantId, tenant), eq(invoiceLines.correctionOf, id)))
    .orderBy(invoiceLines.loadedAt)
}

/** A line of TrueUp's own, for a difference. */
export const addCorrection = (
  { db, tenant }: Scope,
  row: Omit<typeof invoiceLines.$inferInsert, 'tenantId'>,
  onlyIf: SQL,
): Statement[] => insertMany(db, invoiceLines, [{ ...row, tenantId: tenant }], { onlyIf })
