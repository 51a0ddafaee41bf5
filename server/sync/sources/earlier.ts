import type { Book } from '#billing/book.ts'
import type { Mapping } from '#billing/mapping.ts'
import { addDays, type Day, dayIn, dayMs, latest, monthOf, shiftMonth, startOfDay } from '#billing/period.ts'
import type { PlanInput } from '#billing/plan.ts'
import type { ProrationState } from '#billing/proration.ts'
import type { Scope } from '#db/db.ts'
import { listCompleteSnapshots, type SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import { countsPeople, shrunkBy, statementsOf, toSnapshot } from './collect.ts'

/** Days that wait for one run are looked back at most so far. */
const mostDays = 62

interface Asked {
  tenant: Tenant
  sources: readonly Source[]
  mappings: readonly Mapping[]
  books: ReadonlyMap<string, Book>
  prorations: ReadonlyMap<number, ProrationState>
}

/**
 * What the last complete snapshot of each earlier day said to prorated mappings: the days since the oldest of their
 * newest known ones and before the newest reading, oldest first (FEATURES 4.1). Of a source that said nothing on such a
 * day, its word before that holds.
 */
export async function loadEarlier(scope: Scope, asked: Asked): Promise<NonNullable<PlanInput['earlier']>> {
  const prorated = asked.mappings.filter(({ include, rule }) => include && rule.prorate)
  const known = prorated.flatMap(({ additionId }) => asked.prorations.get(additionId ?? 0)?.history.at(-1)?.day ?? [])
  const [since] = known.sort()
  if (since === undefined) return []
  const books = new Map<Day, Map<string, Book>>()
  for (const source of asked.sources) {
    const mappings = prorated.filter((mapping) => mapping.source === source.id)
    for (const [day, book] of await booksOf(scope, asked, source, mappings, since))
      books.set(day, (books.get(day) ?? new Map()).set(source.id, book))
  }
  const days = [...books.keys()].sort()
  return days.map((day, i) => {
    const until = days.slice(0, i + 1).map((one) => [...(books.get(one) ?? [])])
    return { day, books: new Map(until.flat()) }
  })
}

/** One source's book of each day after `since` and before its newest reading on which it said something complete. */
async function booksOf(
  scope: Scope,
  { tenant, books }: Asked,
  source: Source,
  mappings: readonly Mapping[],
  since: Day,
): Promise<Map<Day, Book>> {
  const newest = books.get(source.id)?.newest
  if (mappings.length === 0 || newest === undefined) return new Map()
  const first = latest([addDays(since, 1), addDays(newest.takenOn, -mostDays)])
  const around = { since: startOfDay(first) - dayMs, until: newest.takenAt }
  const rows = await listCompleteSnapshots(scope, source.id, around)
  const found = new Map<Day, Book>()
  const only = { accounts: mappings.map(({ account }) => account), people: mappings.some(countsPeople) }
  for (const row of rows) {
    const day = dayIn(tenant.zone, row.takenAt)
    if (day < first || day >= newest.takenOn || found.has(day) || !isUsable(row, source, day)) continue
    if ((await shrunkBy(scope, source, row, tenant.limits)) !== undefined) continue
    const said = await statementsOf(scope, row, tenant.zone, only)
    const statements = new Map(said.map((statement) => [statement.account, statement]))
    const heading = { source: source.id, sourceName: source.name, newest: toSnapshot(row, tenant.zone) }
    found.set(day, { ...heading, statements, complete: statements })
  }
  return found
}

/** As on that day: of the period that was billed then, and not empty. */
function isUsable({ period, accountCount }: SnapshotRow, { billingPeriod }: Source, day: Day): boolean {
  const month = monthOf(day)
  return accountCount > 0 && period === (billingPeriod === 'current' ? month : shiftMonth(month, -1))
}
