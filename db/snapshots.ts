import { and, desc, eq, gte, lt, lte } from 'drizzle-orm'
import type { InvoiceLine } from '#billing/lines/line.ts'
import type { Month } from '#billing/period.ts'
import type { Person, Reading, SourceKind } from '#billing/reading.ts'
import { insertMany, isIn, type Scope, type Statement, save } from './db.ts'
import { accounts, type StoredReading, snapshotAccounts, snapshots } from './schema.ts'

export type SnapshotRow = typeof snapshots.$inferSelect
export type AccountRow = typeof accounts.$inferSelect

/** What a source said of its accounts at one moment. */
export interface NewSnapshot {
  kind: SourceKind
  period: Month
  /** Epoch milliseconds. */
  takenAt: number
  complete: boolean
  accounts: readonly NewStatement[]
}

interface NewStatement {
  id: string
  name: string
  readings: readonly (Omit<Reading, 'account' | 'people'> & { title?: string; people?: readonly Person[] })[]
  lines?: readonly InvoiceLine[]
}

/** Stores a snapshot with all its readings and accounts, and what is told of it, or nothing. Fails when its idempotency key is taken. */
export async function addSnapshot(
  { db, tenant }: Scope,
  said: NewSnapshot,
  receipt: Pick<SnapshotRow, 'id' | 'sourceId' | 'receivedAt' | 'bodyHash' | 'idempotencyKey'>,
  tell: (row: SnapshotRow) => readonly Statement[] = () => [],
): Promise<SnapshotRow> {
  const { accounts: statements, ...head } = said
  const readingCount = statements.reduce((sum, { readings, lines }) => sum + readings.length + (lines?.length ?? 0), 0)
  const row = { ...receipt, ...head, tenantId: tenant, accountCount: statements.length, readingCount }
  await save(db, [
    db.insert(snapshots).values(row),
    ...insertMany(
      db,
      snapshotAccounts,
      statements.map((statement) => ({ tenantId: tenant, snapshotId: row.id, ...stored(statement) })),
    ),
    ...rememberAccounts({ db, tenant }, row.sourceId, statements, row.receivedAt),
    ...tell(row),
  ])
  return row
}

/** The snapshot that came with this idempotency key. */
export async function findSnapshotByKey(scope: Scope, source: string, key: string): Promise<SnapshotRow | undefined> {
  const mine = and(eq(snapshots.tenantId, scope.tenant), eq(snapshots.sourceId, source))
  const [row] = await scope.db
    .select()
    .from(snapshots)
    .where(and(mine, eq(snapshots.idempotencyKey, key)))
  return row
}

export async function findSnapshot({ db, tenant }: Scope, id: string): Promise<SnapshotRow | undefined> {
  const [row] = await db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.tenantId, tenant), eq(snapshots.id, id)))
  return row
}

/** The newest snapshot of a source: of one period, complete, or taken before an instant, when asked. */
export async function findNewestSnapshot(
  { db, tenant }: Scope,
  source: string,
  only: { period?: Month; complete?: true; before?: number } = {},
): Promise<SnapshotRow | undefined> {
  const [row] = await db
    .select()
    .from(snapshots)
    .where(
      and(
        eq(snapshots.tenantId, tenant),
        eq(snapshots.sourceId, source),
        only.period === undefined ? undefined : eq(snapshots.period, only.period),
        only.complete ? eq(snapshots.complete, true) : undefined,
        only.before === undefined ? undefined : lt(snapshots.takenAt, only.before),
      ),
    )
    .orderBy(desc(snapshots.takenAt), desc(snapshots.receivedAt), desc(snapshots.id))
    .limit(1)
  return row
}

/** Snapshots of a source for a period taken from `since` to `until`, newest first. */
export function listSnapshots(
  { db, tenant }: Scope,
  source: string,
  period: Month,
  { since, until = Number.MAX_SAFE_INTEGER }: { since: number; until?: number },
): Promise<SnapshotRow[]> {
  return db
    .select()
    .from(snapshots)
    .where(
      and(
        eq(snapshots.tenantId, tenant),
        eq(snapshots.sourceId, source),
        eq(snapshots.period, period),
        gte(snapshots.takenAt, since),
        lte(snapshots.takenAt, until),
      ),
    )
    .orderBy(desc(snapshots.takenAt), desc(snapshots.receivedAt), desc(snapshots.id))
}

/** Complete snapshots of a source of any period, taken from `since` on and before `until`, newest first. */
export function listCompleteSnapshots(
  { db, tenant }: Scope,
  source: string,
  { since, until }: { since: number; until: number },
): Promise<SnapshotRow[]> {
  const own = and(eq(snapshots.tenantId, tenant), eq(snapshots.sourceId, source), eq(snapshots.complete, true))
  return db
    .select()
    .from(snapshots)
    .where(and(own, gte(snapshots.takenAt, since), lt(snapshots.takenAt, until)))
    .orderBy(desc(snapshots.takenAt), desc(snapshots.receivedAt), desc(snapshots.id))
}

/** What one snapshot said of its accounts, all or those named; the people behind each number only when asked for. */
export async function listStatements(
  { db, tenant }: Scope,
  snapshotId: string,
  only: { accounts?: readonly string[]; people?: boolean } = {},
): Promise<{ account: string; name: string; readings: Reading[] }[]> {
  const { account, name, readings, people } = snapshotAccounts
  const rows = await db
    .select({ account, name, readings, ...(only.people ? { people } : {}) })
    .from(snapshotAccounts)
    .where(
      and(
        eq(snapshotAccounts.tenantId, tenant),
        eq(snapshotAccounts.snapshotId, snapshotId),
        only.accounts && isIn(account, only.accounts),
      ),
    )
    .orderBy(account)
  return rows.map((row) => ({
    account: row.account,
    name: row.name,
    readings: row.readings.map((reading, i) => withPeople(row.account, reading, row.people?.[i])),
  }))
}

/** The customers each source has ever listed. */
export function listAccounts({ db, tenant }: Scope): Promise<AccountRow[]> {
  return db.select().from(accounts).where(eq(accounts.tenantId, tenant)).orderBy(accounts.sourceId, accounts.account)
}

function stored({ id, name, readings, lines }: NewStatement) {
  const people = readings.flatMap(({ people }, i) => (people ? [[String(i), people] as const] : []))
  return {
    account: id,
    name,
    readings: readings.map(({ people: _, ...reading }) => reading),
    people: people.length > 0 ? Object.fromEntries(people) : null,
    lines: lines ? [...lines] : null,
  }
}

function withPeople(
  account: string,
  { title: _, ...reading }: StoredReading,
  people: readonly Person[] | undefined,
): Reading {
  return { account, ...reading, ...(people ? { people } : {}) }
}

function rememberAccounts(
  { db, tenant }: Scope,
  sourceId: string,
  statements: readonly NewStatement[],
  at: number,
): Statement[] {
  // A new account is excluded (M8); what was chosen for a known one stays.
  const seen = { tenantId: tenant, sourceId, firstSeenAt: at, lastSeenAt: at, include: false }
  const { firstSeenAt, companyId, agreementId, include, confirmedCompanyId, change, updatedAt, updatedBy } = accounts
  return insertMany(
    db,
    accounts,
    statements.map(({ id, name }) => ({ ...seen, account: id, name })),
    {
      replace: {
        key: [accounts.tenantId, accounts.sourceId, accounts.account],
        keep: [firstSeenAt, companyId, agreementId, include, confirmedCompanyId, change, updatedAt, updatedBy],
      },
    },
  )
}
