import { and, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { insertMany, type Scope, type Statement, save } from './db.ts'
import { ledger } from './schema.ts'
import { sha256 } from './sha256.ts'

export type LedgerRow = typeof ledger.$inferSelect

export interface LedgerEntry {
  at: number
  event:
    | 'adopted'
    | 'written'
    | 'found'
    | 'approved'
    | 'dismissed'
    | 'imported'
    | 'mapped'
    | 'accepted'
    | 'pinned'
    | 'wanted'
    | 'withdrawn'
    | 'made'
    | 'set'
    | 'attached'
  body: object
}

const attempts = 30

/** What one piece of work appends goes in turn, so that it does not race itself for the chain's head. */
const turns = new WeakMap<Scope, Promise<number | undefined>>()

/**
 * Saves statements and one ledger entry together. The chain's head may move meanwhile; then everything is tried again,
 * so `statements` must be conditional on their own. With `onlyIf` the entry is kept only when it holds at that moment.
 * Returns the entry's number in the chain, where it was kept.
 */
export function saveWithEntry(
  scope: Scope,
  statements: readonly Statement[],
  entry: LedgerEntry,
  onlyIf?: SQL,
): Promise<number> {
  const mine = (turns.get(scope) ?? Promise.resolve()).then(() => append(scope, statements, entry, onlyIf))
  turns.set(
    scope,
    mine.catch(() => undefined),
  )
  return mine
}

async function append(
  scope: Scope,
  statements: readonly Statement[],
  entry: LedgerEntry,
  onlyIf?: SQL,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const row = chained(scope, await findHead(scope), entry)
    try {
      await save(scope.db, [...statements, ...insertMany(scope.db, ledger, [row], onlyIf ? { onlyIf } : {})])
      return row.seq
    } catch (cause) {
      if (attempt === attempts || !isTaken(cause)) throw cause
    }
  }
}

export function listLedger({ db, tenant }: Scope): Promise<LedgerRow[]> {
  return db.select().from(ledger).where(eq(ledger.tenantId, tenant)).orderBy(ledger.seq)
}

/** The newest entry of a kind. */
export async function findNewestEntry(
  { db, tenant }: Scope,
  event: LedgerEntry['event'],
): Promise<LedgerRow | undefined> {
  const [row] = await db
    .select()
    .from(ledger)
    .where(and(eq(ledger.tenantId, tenant), eq(ledger.event, event)))
    .orderBy(desc(ledger.seq))
    .limit(1)
  return row
}

/** Whether every entry carries the hash of the one before and of itself; else the first sequence number that does not. */
export function brokenAt(rows: readonly LedgerRow[]): number | undefined {
  let previous = ''
  for (const row of rows) {
    if (row.prevHash !== previous || row.hash !== hashOf(row)) return row.seq
    previous = row.hash
  }
  return undefined
}

/** One entry by its number in the chain. */
export async function findEntry({ db, tenant }: Scope, seq: number): Promise<LedgerRow | undefined> {
  const [row] = await db
    .select()
    .from(ledger)
    .where(and(eq(ledger.tenantId, tenant), eq(ledger.seq, seq)))
  return row
}

/** Every change of one account's mappings and of its include, newest first: by hand, in bulk and by import. */
export function listMappingHistory(
  { db, tenant }: Scope,
  { sourceId, account }: { sourceId: string; account: string },
  most: number,
): Promise<LedgerRow[]> {
  const one = sql`json_extract(${ledger.body}, '$.source') = ${sourceId} and json_extract(${ledger.body}, '$.account') = ${account}`
  const several = sql`exists (select 1 from json_each(${ledger.body}, '$.accounts') where value ->> 0 = ${sourceId} and value ->> 1 = ${account})`
  const rows = sql`exists (select 1 from json_each(${ledger.body}, '$.rows') where value ->> 'source' = ${sourceId} and value ->> 'account' = ${account})`
  return db
    .select()
    .from(ledger)
    .where(and(eq(ledger.tenantId, tenant), inArray(ledger.event, ['mapped', 'imported']), or(one, several, rows)))
    .orderBy(desc(ledger.seq))
    .limit(most)
}

type Head = Pick<LedgerRow, 'seq' | 'hash'>

async function findHead({ db, tenant }: Scope): Promise<Head | undefined> {
  const [row] = await db
    .select({ seq: ledger.seq, hash: ledger.hash })
    .from(ledger)
    .where(eq(ledger.tenantId, tenant))
    .orderBy(desc(ledger.seq))
    .limit(1)
  return row
}

function chained({ tenant }: Scope, head: Head | undefined, { at, event, body }: LedgerEntry): LedgerRow {
  const row = {
    tenantId: tenant,
    seq: (head?.seq ?? 0) + 1,
    at,
    event,
    body: JSON.stringify(body),
    prevHash: head?.hash ?? '',
  }
  return { ...row, hash: hashOf(row) }
}

function hashOf(row: Omit<LedgerRow, 'hash'>): string {
  const text = JSON.stringify([row.tenantId, row.seq, row.at, row.event, row.body, row.prevHash])
  return sha256(text)
}

/** Somebody else appended under the same number. */
function isTaken(cause: unknown): boolean {
  const texts = [cause, cause instanceof Error ? cause.cause : undefined].map(String)
  return texts.some((text) => text.includes('UNIQUE') && text.includes('ledger'))
}
