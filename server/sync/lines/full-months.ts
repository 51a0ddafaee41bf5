import { subscriptionKey } from '#billing/lines/line.ts'
import type { FullMonths } from '#billing/lines/posting.ts'
import { shiftMonth } from '#billing/period.ts'
import { listIncluded } from '#db/accounts.ts'
import type { Scope } from '#db/db.ts'
import { type LineLoad, listLineLoads } from '#db/line-loads.ts'
import { listSubscriptions } from '#db/lines.ts'
import { findNewestSnapshot, listStatements } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'

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
  const complete = loads.filter((load) => load.sourceId === source && load.complete).map(({ period }) => period)
  const month = complete.sort().at(-1)
  const word =
    month === undefined ? undefined : await findNewestSnapshot(scope, source, { period: month, complete: true })
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

/** The charges that were billed last month and are gone now: what a full run may end. */
export const goneIn = ({ now, before }: FullMonths): string[] => [...before].filter((key) => !now.has(key))
