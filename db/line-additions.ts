import { and, eq, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import type { LinePosting } from '#billing/lines/posting.ts'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { lineAdditions } from './schema.ts'

export type LineAdditionRow = typeof lineAdditions.$inferSelect

/** Additions that stand for invoice lines of one of these accounts (`[source, account]`) or are on one of these agreements. */
export function listLineAdditions(
  { db, tenant }: Scope,
  {
    accounts = [],
    agreements = [],
  }: { accounts?: readonly (readonly [string, string])[]; agreements?: readonly number[] },
): Promise<LineAdditionRow[]> {
  const { sourceId, account, agreementId, additionId } = lineAdditions
  const named = sql`(${sourceId}, ${account}) in (select value ->> 0, value ->> 1 from json_each(${JSON.stringify(accounts)}))`
  return db
    .select()
    .from(lineAdditions)
    .where(and(eq(lineAdditions.tenantId, tenant), or(named, isIn(agreementId, agreements))))
    .orderBy(additionId)
}

/** How many additions are written by the lines of each next month. */
export async function countPersistent({ db, tenant }: Scope): Promise<number> {
  const [row] = await db
    .select({ n: sql<number>`count(*)` })
    .from(lineAdditions)
    .where(
      and(eq(lineAdditions.tenantId, tenant), eq(lineAdditions.kind, 'persistent'), isNull(lineAdditions.closedAt)),
    )
  return row?.n ?? 0
}

/** The addition that stands for a subscription's charge, or for a line of its own; undefined when there is none now. */
export async function findLineAddition({ db, tenant }: Scope, identity: string): Promise<LineAdditionRow | undefined> {
  const [row] = await db
    .select()
    .from(lineAdditions)
    .where(
      and(eq(lineAdditions.tenantId, tenant), eq(lineAdditions.identity, identity), isNull(lineAdditions.closedAt)),
    )
  return row
}

/** An addition as it was written for invoice lines. */
interface Written {
  posting: LinePosting
  addition: { id: number; agreementId: number }
  /** The last billed day it holds; null: none. */
  cancelledOn: string | null
  /** Whether that is what was written; else what was written before stays known. */
  isEndWritten: boolean
  at: number
}

/** The addition stands for what it was written for from now on; what closes is written by no later line. */
export function saveLineAddition(scope: Scope, written: Written, onlyIf?: SQL): Statement[] {
  const { posting, addition, at } = written
  if (posting.kind === undefined) return endLineAddition(scope, written, onlyIf)
  const { tenantId, additionId, createdAt, cancelledOn } = lineAdditions
  const keep = written.isEndWritten ? [createdAt] : [createdAt, cancelledOn]
  return [
    closeOthers(scope, posting.identity, addition.id, at, onlyIf),
    ...insertMany(scope.db, lineAdditions, rowsOf(scope, written), {
      replace: { key: [tenantId, additionId], keep },
      ...(onlyIf ? { onlyIf } : {}),
    }),
  ]
}

/** The same of many additions that were found to hold all that lines say: they stand for nothing else already. */
export function saveLineAdditions(scope: Scope, written: readonly Omit<Written, 'isEndWritten'>[]): Statement[] {
  const { tenantId, additionId, createdAt } = lineAdditions
  const rows = written.flatMap((one) => rowsOf(scope, one))
  return insertMany(scope.db, lineAdditions, rows, { replace: { key: [tenantId, additionId], keep: [createdAt] } })
}

function rowsOf({ tenant }: Scope, { posting, addition, cancelledOn, at }: Omit<Written, 'isEndWritten'>) {
  const { source, account, kind, identity, period, isEndTyped = false, closes } = posting
  if (kind === undefined) return []
  return [
    {
      ...{ tenantId: tenant, additionId: addition.id, agreementId: addition.agreementId, createdAt: at },
      ...{ sourceId: source, account, kind, identity, period, cancelledOn, isEndTyped },
      closedAt: closes ? at : null,
    },
  ]
}

/** One addition at a time stands for a subscription's charge. */
function closeOthers({ db, tenant }: Scope, identity: string, additionId: number, at: number, onlyIf?: SQL): Statement {
  const other = and(eq(lineAdditions.identity, identity), ne(lineAdditions.additionId, additionId))
  return db
    .update(lineAdditions)
    .set({ closedAt: at })
    .where(and(eq(lineAdditions.tenantId, tenant), other, isNull(lineAdditions.closedAt), onlyIf))
}

function endLineAddition(
  { db, tenant }: Scope,
  { posting, addition, cancelledOn, isEndWritten, at }: Written,
  onlyIf?: SQL,
): Statement[] {
  const ended = { ...(isEndWritten ? { cancelledOn } : {}), ...(posting.closes ? { closedAt: at } : {}) }
  if (Object.keys(ended).length === 0) return []
  const mine = and(eq(lineAdditions.tenantId, tenant), eq(lineAdditions.additionId, addition.id))
  return [db.update(lineAdditions).set(ended).where(and(mine, onlyIf))]
}
