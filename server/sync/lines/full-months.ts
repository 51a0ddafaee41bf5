import { subscriptionKey } from '#billing/lines/line.ts'
import type { FullMonths } from '#billing/lines/posting.ts'
import { shiftMonth } from '#billing/period.ts'
import { listIncluded } from '#db/accounts.ts'
import type { Scope } from '#db/db.ts'
import { type LineLoad, listLineLoads } from '#db/line-loads.ts'
import { listSubscriptions } from '#db/lines.ts'
import { listStatements, type SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import { listWords } from './word.ts'

/** What each source said of its subscriptions in the newest invoice month known completely, and the one before (FEATURES 4.4). */
export async function loadFullMonths(scope: Scope, sources: readonly Source[]): Promise<FullMonths[]> {
  const loads = await listLineLoads(scope)
  const months = await Promise.all(sources.map((source) => fullMonths(scope, source, loads)))
  return months.filter((month) => month !== undefined)
}

async function fullMonths(
  scope: Scope,
  { id: source }: Source,
  loads: readonly LineLoad[],
): Promise<FullMonths | undefined> {
  const known = loads.filter((load) => load.sourceId === source && load.complete)
  const complete = known.map(({ period }) => period)
  const month = complete.sort().at(-1)
  const word = await completeWord(
    scope,
    known.find(({ period }) => period === month),
  )
  if (month === undefined || !word) return undefined
  const before = shiftMonth(month, -1)
  const [included, stated, now, was] = await Promise.all([
    listIncluded(scope, source),
    listStatements(scope, word.id),
    listSubscriptions(scope, { sourceId: source, period: month }),
    listSubscriptions(scope, { sourceId: source, period: before }),
  ])
  const named = new Set(stated.map(({ account }) => account))
  const keys = (rows: typeof now) => new Set(rows.map((row) => subscriptionKey({ source, ...row })))
  return {
    ...{ source, month, isBeforeComplete: complete.includes(before) },
    accounts: new Set(included.filter((account) => named.has(account))),
    now: keys(now),
    before: keys(was),
  }
}

/** The complete word that was loaded: a newer one may name accounts whose lines nobody has loaded yet. */
async function completeWord(scope: Scope, load: LineLoad | undefined): Promise<SnapshotRow | undefined> {
  if (!load) return undefined
  const words = await listWords(scope, load)
  const from = words.findIndex(({ id }) => id === load.snapshotId)
  return words.slice(Math.max(0, from)).find((word) => word.complete)
}

/** The charges that were billed last month and are gone now: what a full run may end. */
export const goneIn = ({ now, before }: FullMonths): string[] => [...before].filter((key) => !now.has(key))
