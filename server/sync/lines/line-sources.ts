import { dayIn, type Month, monthOf, shiftMonth } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import { findHeardAt, findLineLoad } from '#db/line-loads.ts'
import { hasNewsOfUnposted } from '#db/lines.ts'
import { findNewestSnapshot } from '#db/snapshots.ts'
import { listSources, type Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { About } from '#sync/asked.ts'
import { listWords } from './word.ts'

/** The sources whose newest word is one of invoice lines; of a run, where it is about them as a whole. */
export async function listLineSources(scope: Scope, run?: About): Promise<Source[]> {
  if (run && (run.mappings !== null || run.lines !== null)) return []
  const asked = (await listSources(scope)).filter(({ id }) => !run || run.sourceId === null || run.sourceId === id)
  const newest = await Promise.all(asked.map(({ id }) => findNewestSnapshot(scope, id)))
  return asked.filter((_, i) => newest[i]?.kind === 'invoice-lines')
}

/** The invoice months that runs load and post of a source, the older first (X17). */
export function invoiceMonths(
  { billingPeriod }: Pick<Source, 'billingPeriod'>,
  { zone }: Pick<Tenant, 'zone'>,
  now: number,
): Month[] {
  const month = monthOf(dayIn(zone, now))
  const previous = shiftMonth(month, -1)
  return { current: [month], previous: [previous], both: [previous, month] }[billingPeriod]
}

/** Whether a source told of a month what was not loaded yet, or not taken because the line was being written then. */
export async function isToLoad(scope: Scope, { id: sourceId }: Pick<Source, 'id'>, period: Month): Promise<boolean> {
  const [loaded, heardAt] = await Promise.all([
    findLineLoad(scope, { sourceId, period }),
    findHeardAt(scope, { sourceId, period }),
  ])
  if (heardAt === undefined || !loaded) return heardAt !== undefined
  if (heardAt > loaded.loadedAt) return true
  const [newest] = await listWords(scope, { sourceId, period })
  if (newest !== undefined && newest.id !== loaded.snapshotId) return true
  return hasNewsOfUnposted(scope, { sourceId, period })
}
