import { and, eq, ne, type SQL, sql } from 'drizzle-orm'
import { isIn, type Scope, type Statement } from './db.ts'
import { intents, invoiceLines, planRows } from './schema.ts'

/** Lines that were posted as this addition: they are Synced, and locked from now on (X6, X9). */
export function savePosted(
  { db, tenant }: Scope,
  ids: readonly string[],
  posted: { additionId: number; at: number },
  onlyIf?: SQL,
): Statement[] {
  if (ids.length === 0) return []
  const { additionId, at: postedAt } = posted
  return [
    db
      .update(invoiceLines)
      .set({ status: 'synced', reason: null, additionId, postedAt })
      .where(
        and(eq(invoiceLines.tenantId, tenant), isIn(invoiceLines.id, ids), ne(invoiceLines.status, 'synced'), onlyIf),
      ),
  ]
}

/** Lines that were posted without a write, each as its addition: it holds all that they say. */
export function savePostedAs(
  { db, tenant }: Scope,
  posted: readonly { lines: readonly string[]; additionId: number }[],
  at: number,
): Statement[] {
  const pairs = posted.flatMap(({ lines, additionId }) => lines.map((id) => [id, additionId]))
  if (pairs.length === 0) return []
  return [
    db.run(sql`
      update ${invoiceLines} set status = 'synced', reason = null, addition_id = said.value ->> 1, posted_at = ${at}
      from json_each(${JSON.stringify(pairs)}) as said
      where ${invoiceLines.tenantId} = ${tenant} and ${invoiceLines.id} = said.value ->> 0 and ${invoiceLines.status} <> 'synced'`),
  ]
}

/** These lines are not posted, but this addition was made for them: it is put right, and not made again. */
export function saveMadeAs(
  { db, tenant }: Scope,
  ids: readonly string[],
  additionId: number,
  onlyIf: SQL,
): Statement[] {
  if (ids.length === 0) return []
  const these = and(isIn(invoiceLines.id, ids), ne(invoiceLines.status, 'synced'), onlyIf)
  return [
    db
      .update(invoiceLines)
      .set({ additionId })
      .where(and(eq(invoiceLines.tenantId, tenant), these)),
  ]
}

/** What became of writing these lines, where they were not posted (FEATURES 4.5). */
export function saveUnposted(
  { db, tenant }: Scope,
  ids: readonly string[],
  told: { status: 'held' | 'error'; reason: string },
  onlyIf?: SQL,
): Statement[] {
  if (ids.length === 0) return []
  return [
    db
      .update(invoiceLines)
      .set(told)
      .where(
        and(eq(invoiceLines.tenantId, tenant), isIn(invoiceLines.id, ids), ne(invoiceLines.status, 'synced'), onlyIf),
      ),
  ]
}

/** Every line of a plan, or of some of its rows, says what its row says: held, failed, or why it was left out. Nobody is told cost or price by it. */
export function followPlan(
  { db, tenant }: Scope,
  planId: string,
  { onlyIf = sql`true`, seqs }: { onlyIf?: SQL | undefined; seqs?: readonly number[] } = {},
): Statement {
  const held = sql`(select group_concat(coalesce(value ->> 'withoutMoney', value ->> 'text'), '; ') from json_each(${planRows.holds}))`
  const reason = sql`case ${planRows.outcome} when 'pending' then null when 'held' then coalesce(${planRows.outcomeReason}, ${held}, ${planRows.reason}) else coalesce(${planRows.outcomeReason}, ${planRows.reason}) end`
  return db.run(sql`
    with said as materialized (
      select line.value as id, ${planRows.outcome} as outcome, ${reason} as reason
      from ${planRows}, json_each(${planRows.posting}, '$.lines') as line
      where ${and(eq(planRows.tenantId, tenant), eq(planRows.planId, planId), seqs && isIn(planRows.seq, seqs))}
    )
    update ${invoiceLines}
    set status = case said.outcome when 'held' then 'held' when 'failed' then 'error' when 'unknown' then 'error' else invoice_lines.status end,
      reason = said.reason
    from said
    where ${and(eq(invoiceLines.tenantId, tenant), ne(invoiceLines.status, 'synced'))} and ${invoiceLines.id} = said.id and ${onlyIf}`)
}

/** Lines whose write has no answer, because the process that sent it stopped. */
export function orphanedLines({ db, tenant }: Scope, fence: number, reason: string): Statement {
  return db.run(sql`
    update ${invoiceLines} set status = 'error', reason = ${reason}
    from (
      select line.value as id from ${intents}, json_each(${intents.posting}, '$.lines') as line
      where ${intents.tenantId} = ${tenant} and ${intents.state} = 'sending' and ${intents.fence} < ${fence}
    ) as lost
    where ${invoiceLines.tenantId} = ${tenant} and ${invoiceLines.id} = lost.id`)
}
