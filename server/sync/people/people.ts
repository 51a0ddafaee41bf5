import { type Behind, cameAndWent, peopleBehind } from '#billing/people.ts'
import { dayIn, firstOf, monthOf, startOfDay } from '#billing/period.ts'
import type { Person } from '#billing/reading.ts'
import type { Scope } from '#db/db.ts'
import type { MappingRow } from '#db/mappings.ts'
import { findNewestSnapshot, listStatements } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { toMappings } from '#sync/mapping/mappings.ts'
import { loadBooks, toSnapshot } from '#sync/sources/collect.ts'

export interface Crowd {
  behind: Behind[]
  name: string
  /** The billing period and the moment of the snapshot that counts; absent when there is none. */
  snapshot?: { period: string; takenAt: number }
  /** Compared with the last complete snapshot before this month, where there is one. */
  since?: { day: string; came: Person[]; went: Person[] }
}

/** Who and what is in the number that a mapping reads now, and what has changed since the month before (FEATURES V3). */
export async function crowdOf(
  deps: Deps,
  scope: Scope,
  { tenant, source, mapping }: { tenant: Tenant; source: Source; mapping: MappingRow },
): Promise<Crowd> {
  const today = dayIn(tenant.zone, deps.now())
  const { books } = await loadBooks(scope, {
    tenant,
    sources: [source],
    mappings: toMappings([mapping], [source]),
    today,
    now: deps.now(),
    accounts: [mapping.account],
    people: true,
  })
  const book = books.get(source.id)
  const statement = book?.unusable ? undefined : book?.statements.get(mapping.account)
  if (!statement) return { behind: [], name: mapping.account }
  const behind = peopleBehind(statement, mapping.reads, mapping.rule.exclude)
  const { period, takenAt } = statement.snapshot
  const since = await changesSince(scope, tenant, mapping, behind, startOfDay(firstOf(monthOf(today))))
  return { behind, name: statement.name, snapshot: { period, takenAt }, ...(since ? { since } : {}) }
}

async function changesSince(
  scope: Scope,
  { zone }: Tenant,
  mapping: MappingRow,
  now: readonly Behind[],
  before: number,
): Promise<Crowd['since']> {
  const row = await findNewestSnapshot(scope, mapping.sourceId, { complete: true, before })
  if (!row) return undefined
  const [said] = await listStatements(scope, row.id, { accounts: [mapping.account], people: true })
  if (!said) return undefined
  const statement = { ...said, snapshot: toSnapshot(row, zone) }
  return {
    day: dayIn(zone, row.takenAt),
    ...cameAndWent(peopleBehind(statement, mapping.reads, mapping.rule.exclude), now),
  }
}
