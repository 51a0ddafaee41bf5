import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement, save } from './db.ts'
import { mayWrite } from './may-write.ts'
import { documents } from './schema.ts'

export type DocumentRow = typeof documents.$inferSelect
export type DocumentKey = Pick<DocumentRow, 'agreementId' | 'sourceId' | 'account' | 'period'>
type Sending = DocumentKey & Pick<DocumentRow, 'documentId' | 'contentHash' | 'runId' | 'sentAt'>

/** The lists of users of these agreements, the newest period first. */
export function listDocuments({ db, tenant }: Scope, agreements: readonly number[]): Promise<DocumentRow[]> {
  return db
    .select()
    .from(documents)
    .where(and(eq(documents.tenantId, tenant), isIn(documents.agreementId, agreements)))
    .orderBy(documents.agreementId, desc(documents.period), documents.sourceId, documents.account)
}

/** The lists that a run was the last to send, or to try. */
export function listDocumentsOf({ db, tenant }: Scope, runId: string): Promise<DocumentRow[]> {
  return db
    .select()
    .from(documents)
    .where(and(eq(documents.tenantId, tenant), eq(documents.runId, runId)))
}

/** Records that a file is about to be sent, where anything may be; false when nothing may (I2, I9). */
export async function claimDocument(
  { db, tenant }: Scope,
  row: Sending,
  claim: { fence: number; leftMs: number },
): Promise<boolean> {
  const { tenantId, agreementId, sourceId, account, period } = documents
  const sending = { ...row, tenantId: tenant, state: 'sending' as const, problem: null }
  const onlyIf = mayWrite({ db, tenant }, claim)
  await save(
    db,
    insertMany(db, documents, [sending], {
      replace: { key: [tenantId, agreementId, sourceId, account, period] },
      onlyIf,
    }),
  )
  const [claimed] = await db
    .select({ sentAt: documents.sentAt })
    .from(documents)
    .where(and(isDocument(tenant, row), isSent(row)))
  return claimed !== undefined
}

/** What became of a file that was sent. */
export function settleDocument(
  { db, tenant }: Scope,
  row: Sending,
  outcome: Partial<Pick<DocumentRow, 'state' | 'problem' | 'documentId'>>,
): Statement {
  return db
    .update(documents)
    .set(outcome)
    .where(and(isDocument(tenant, row), isSent(row)))
}

const isDocument = (tenant: Scope['tenant'], { agreementId, sourceId, account, period }: DocumentKey): SQL =>
  sql`(${and(
    eq(documents.tenantId, tenant),
    eq(documents.agreementId, agreementId),
    eq(documents.sourceId, sourceId),
    eq(documents.account, account),
    eq(documents.period, period),
  )})`

const isSent = ({ runId, sentAt }: Sending) =>
  and(eq(documents.state, 'sending'), eq(documents.runId, runId), eq(documents.sentAt, sentAt))
