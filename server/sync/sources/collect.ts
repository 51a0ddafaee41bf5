import type { Book, Statement } from '#billing/book.ts'
import type { Mapping } from '#billing/mapping.ts'
import { type Day, dayIn, type Month, monthName, monthOf, shiftMonth, zonedTimeIn } from '#billing/period.ts'
import type { Snapshot } from '#billing/reading.ts'
import type { Scope } from '#db/db.ts'
import { findNewestSnapshot, findSnapshot, listSnapshots, listStatements, type SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import { isPulled, silentHours, silentMs } from './heard.ts'

/**
 * Partial snapshots since the newest complete one that are looked through, newest first. Where there are more, one that
 * is not looked at may have raised an account, so the complete one no longer lowers any.
 */
const mostPartials = 50

export interface Collected {
  books: Map<string, Book>
  /** Every account the books speak of, mapped or not. */
  accounts: { source: string; account: string; name: string }[]
}

/** What every source has to say for the period that is billed now (FEATURES 4.10). */
export async function loadBooks(
  scope: Scope,
  {
    tenant,
    sources,
    mappings,
    today,
    now,
    accounts: only,
    people: named = false,
  }: {
    tenant: Tenant
    sources: readonly Source[]
    mappings: readonly Mapping[]
    today: Day
    /** Epoch milliseconds. */
    now: number
    /** Only these accounts; absent: all. */
    accounts?: readonly string[]
    /** With the people behind each number, which are read anyway where some are counted by service or left out. */
    people?: boolean
  },
): Promise<Collected> {
  const books = new Map<string, Book>()
  for (const source of sources) {
    const people = named || mappings.some((mapping) => mapping.source === source.id && countsPeople(mapping))
    books.set(
      source.id,
      withPulled(
        source,
        tenant,
        now,
        await loadBook(scope, tenant, source, today, { people, ...(only ? { accounts: only } : {}) }),
      ),
    )
  }
  const accounts = [...books.values()].flatMap((book) =>
    [...book.statements.values()].map(({ account, name }) => ({ source: book.source, account, name })),
  )
  return { books, accounts }
}

/** Whether the number is counted from the people behind it (V12). */
export const countsPeople = ({ reads, rule }: Mapping): boolean =>
  (rule.exclude?.length ?? 0) > 0 || reads.some((read) => 'metric' in read && read.services !== undefined)

/** What is asked of a platform counts only while it answers, and while its word is young (FEATURES 4.10). */
function withPulled(source: Source, { zone }: Tenant, now: number, book: Book): Book {
  if (!isPulled(source)) return book
  const because = (state: 'unknown' | 'stale', reason: string) => ({ ...book, unusable: { state, reason } })
  if (source.problem !== null) return because('unknown', `${source.name} could not be read: ${source.problem}`)
  const { newest } = book
  if (book.unusable || !newest || now - newest.takenAt <= silentMs) return book
  return because(
    'stale',
    `the newest reading of ${source.name} is of ${zonedTimeIn(zone, newest.takenAt)}, more than ${silentHours} hours old`,
  )
}

async function loadBook(
  scope: Scope,
  { zone, limits }: Tenant,
  source: Source,
  today: Day,
  only: Parameters<typeof listStatements>[2],
): Promise<Book> {
  const period = source.billingPeriod === 'current' ? monthOf(today) : shiftMonth(monthOf(today), -1)
  const empty = { source: source.id, sourceName: source.name, statements: new Map(), complete: new Map() }
  const newest = await findNewestSnapshot(scope, source.id, { period })
  if (!newest) return { ...empty, unusable: await whyNone(scope, source, period) }
  if (newest.accountCount === 0) {
    const reason = `source returned nothing: its snapshot of ${dayIn(zone, newest.takenAt)} lists no account`
    return { ...empty, newest: toSnapshot(newest, zone), unusable: { state: 'unknown', reason } }
  }
  const complete = newest.complete ? newest : await findNewestSnapshot(scope, source.id, { period, complete: true })
  const partials = newest.complete ? [] : await listPartials(scope, source.id, period, complete)
  const later = partials.slice(0, mostPartials)
  const said = await Promise.all(later.map((row) => statementsOf(scope, row, zone, only)))
  const isCut = later.length < partials.length
  const whole = complete
    ? await statementsOf(scope, isCut ? { ...complete, complete: false } : complete, zone, only)
    : []
  const shrunk = complete ? await shrunkBy(scope, source, complete, limits) : undefined
  return {
    ...empty,
    newest: toSnapshot(newest, zone),
    statements: new Map([...whole, ...said.reverse().flat()].map((statement) => [statement.account, statement])),
    complete: new Map(whole.map((statement) => [statement.account, statement])),
    ...(shrunk === undefined ? {} : { shrunk }),
  }
}

async function listPartials(
  scope: Scope,
  source: string,
  period: Month,
  complete: SnapshotRow | undefined,
): Promise<SnapshotRow[]> {
  const since = complete?.takenAt ?? 0
  const rows = await listSnapshots(scope, source, period, { since })
  return rows.filter((row) => !row.complete)
}

async function whyNone(scope: Scope, source: Source, period: Month): Promise<NonNullable<Book['unusable']>> {
  const other = await findNewestSnapshot(scope, source.id)
  if (!other) {
    const reason = `${source.name} has not ${isPulled(source) ? 'been read' : 'sent anything'} yet`
    return { state: 'unknown', reason }
  }
  const reason = `no reading stored for ${monthName(period)}; the newest is of ${monthName(other.period)}`
  return { state: 'stale', reason }
}

export async function statementsOf(
  scope: Scope,
  row: SnapshotRow,
  zone: string,
  only: Parameters<typeof listStatements>[2],
): Promise<Statement[]> {
  const snapshot = toSnapshot(row, zone)
  const said = await listStatements(scope, row.id, only)
  return said.map(({ account, name, readings }) => ({ account, name, readings, snapshot }))
}

/** G7 in words: this snapshot lists suspiciously less than the last complete one that was trusted. */
export async function shrunkBy(
  scope: Scope,
  source: Source,
  newest: SnapshotRow,
  { shrink }: Tenant['limits'],
): Promise<string | undefined> {
  if (source.trustedSnapshotId === null || source.trustedSnapshotId === newest.id) return undefined
  const trusted = await findSnapshot(scope, source.trustedSnapshotId)
  if (!trusted) return undefined
  const fewer = (what: string, now: number, before: number) => {
    const by = before - now
    return by >= shrink.units && by * 100 > before * shrink.percent
      ? `${source.name} lists ${now} ${what}, ${before} in its last complete snapshot: ${by} fewer, above ${shrink.percent} %`
      : undefined
  }
  return (
    fewer('accounts', newest.accountCount, trusted.accountCount) ??
    fewer('readings', newest.readingCount, trusted.readingCount)
  )
}

/** A stored snapshot as billing sees it: taken on a day of the tenant's zone. */
export const toSnapshot = (row: SnapshotRow, zone: string): Snapshot => ({
  id: row.id,
  source: row.sourceId,
  kind: row.kind,
  period: row.period,
  takenAt: row.takenAt,
  takenOn: dayIn(zone, row.takenAt),
  complete: row.complete,
})
