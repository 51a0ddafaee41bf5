import { and, eq, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { type Db, insertMany, type Scope, type Statement } from './db.ts'
import { orphanedLines } from './line-statuses.ts'
import { mayWrite } from './may-write.ts'
import { approvals, intents, planRows, plans, type TenantId } from './schema.ts'

export type Intent = typeof intents.$inferSelect
export type NewIntent = Omit<typeof intents.$inferInsert, 'tenantId'>

/** Records writes before any is sent. One whose natural key is open already is left out: that write is under way. */
export function addIntents({ db, tenant }: Scope, rows: readonly NewIntent[], onlyIf?: SQL): Statement[] {
  return insertMany(
    db,
    intents,
    rows.map((row) => ({ ...row, tenantId: tenant })),
    { ignore: true, ...(onlyIf ? { onlyIf } : {}) },
  )
}

export function listIntents({ db, tenant }: Scope, where: { run: string } | { open: true }): Promise<Intent[]> {
  const condition = 'run' in where ? eq(intents.runId, where.run) : isNotNull(intents.open)
  return db
    .select()
    .from(intents)
    .where(and(eq(intents.tenantId, tenant), condition))
    .orderBy(intents.createdAt, intents.planId, intents.rowSeq)
}

/** Tenants with writes whose outcome is open, for the tick. */
export async function listTenantsWithOpenIntents(db: Db): Promise<TenantId[]> {
  const rows = await db.selectDistinct({ tenant: intents.tenantId }).from(intents).where(isNotNull(intents.open))
  return rows.map((row) => row.tenant)
}

/**
 * planned → sending, in one statement that also checks the lease, the kill switches, the tenant and the approval
 * (TRUST section 4.2). Undefined: it must not be sent. `leftMs` is how much of the lease must remain.
 */
export async function claimIntent(
  { db, tenant }: Scope,
  id: string,
  claim: { fence: number; now: number; leftMs: number },
): Promise<Intent | undefined> {
  const [row] = await db
    .update(intents)
    .set({
      state: 'sending',
      attempt: sql`${intents.attempt} + 1`,
      fence: claim.fence,
      sentAt: claim.now,
      settlement: null,
      firstProbedAt: null,
    })
    .where(
      and(
        eq(intents.tenantId, tenant),
        eq(intents.id, id),
        eq(intents.state, 'planned'),
        or(isNull(intents.notBefore), lte(intents.notBefore, claim.now)),
        mayWrite({ db, tenant }, claim),
        or(eq(intents.needsApproval, false), sql`exists ${approvedPlan(tenant)}`),
      ),
    )
    .returning()
  return row
}

const approvedPlan = (tenant: TenantId): SQL =>
  sql`(select 1 from ${approvals} join ${plans} on ${and(eq(plans.id, approvals.planId), eq(plans.tenantId, tenant), eq(plans.fingerprint, approvals.fingerprint))} where ${and(eq(approvals.tenantId, tenant), eq(approvals.planId, intents.planId), sql`(${approvals.rows} is null or exists (select 1 from json_each(${approvals.rows}) where value = ${intents.rowSeq}))`)})`

type Answer = Partial<
  Pick<Intent, 'additionId' | 'recordId' | 'httpStatus' | 'error' | 'notBefore' | 'unknownUntil' | 'firstProbedAt'>
>

/**
 * Records what an attempt came to, unless something else already did. `settled` is the condition under which the
 * rest of the same batch counts.
 */
export function settleIntent(
  { db, tenant }: Scope,
  intent: Intent,
  state: Intent['state'],
  settlement: { id: string; at: number },
  answer: Answer = {},
): { statement: Statement; settled: SQL } {
  const ended = state === 'done' || state === 'rejected' || state === 'superseded' || state === 'manual'
  const statement = db
    .update(intents)
    .set({ state, settlement: settlement.id, ...(ended ? { open: null, resolvedAt: settlement.at } : {}), ...answer })
    .where(
      and(
        eq(intents.tenantId, tenant),
        eq(intents.id, intent.id),
        eq(intents.attempt, intent.attempt),
        inArray(intents.state, ['planned', 'sending', 'unknown', 'probing']),
      ),
    )
  const settled = sql`exists (select 1 from ${intents} where ${and(eq(intents.tenantId, tenant), eq(intents.id, intent.id), eq(intents.settlement, settlement.id))})`
  return { statement, settled }
}

/** What is only known right before a record is sent: it stays the same however often it is sent. */
export function saveIntentDraft({ db, tenant }: Scope, { id }: Pick<Intent, 'id'>, draft: Intent['draft']): Statement {
  return db
    .update(intents)
    .set({ draft })
    .where(and(eq(intents.tenantId, tenant), eq(intents.id, id), eq(intents.state, 'planned')))
}

/** What is only known right before an addition is sent: it stays the same however often it is sent. */
export function saveIntentDesired(
  { db, tenant }: Scope,
  { id }: Pick<Intent, 'id'>,
  desired: Intent['desired'],
): Statement {
  return db
    .update(intents)
    .set({ desired })
    .where(and(eq(intents.tenantId, tenant), eq(intents.id, id), eq(intents.state, 'planned')))
}

const orphaned = 'the sender stopped before the answer was recorded'

/** Sends under a dead fence may have landed or may land yet: their outcome is unknown (TRUST section 4.9). */
export function orphanedToUnknown({ db, tenant }: Scope, fence: number, horizonMs: number): Statement[] {
  const orphan = and(eq(intents.tenantId, tenant), eq(intents.state, 'sending'), lt(intents.fence, fence))
  const ofRow = and(orphan, eq(intents.planId, planRows.planId), eq(intents.rowSeq, planRows.seq))
  return [
    orphanedLines({ db, tenant }, fence, orphaned),
    db
      .update(planRows)
      .set({ outcome: 'unknown', outcomeReason: orphaned })
      .where(and(eq(planRows.tenantId, tenant), sql`exists (select 1 from ${intents} where ${ofRow})`)),
    db
      .update(intents)
      .set({ state: 'unknown', unknownUntil: sql`${intents.sentAt} + ${horizonMs}`, error: orphaned })
      .where(orphan),
  ]
}

/** Writes that were recorded for a run and never sent are given up with it. */
export function supersedePlanned({ db, tenant }: Scope, runId: string, at: number, onlyIf?: SQL): Statement {
  return db
    .update(intents)
    .set({ state: 'superseded', open: null, resolvedAt: at })
    .where(and(eq(intents.tenantId, tenant), eq(intents.runId, runId), eq(intents.state, 'planned'), onlyIf))
}
