import { monthName } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import type { LineRow, SourceMonth } from '#db/lines.ts'
import { listSnapshots } from '#db/snapshots.ts'
import { findSource } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'

/** Months whose newest complete word lists suspiciously less than the complete one of that month before it (G7), and by how much. */
export async function shrunkMonths(
  scope: Scope,
  tenant: Pick<Tenant, 'limits'>,
  rows: readonly LineRow[],
): Promise<(SourceMonth & { text: string })[]> {
  const months = new Map(rows.map(({ sourceId, period }) => [JSON.stringify([sourceId, period]), { sourceId, period }]))
  const texts = await Promise.all([...months.values()].map((month) => shrunkBy(scope, tenant, month)))
  return [...months.values()].flatMap((month, i) => {
    const text = texts[i]
    return text === undefined ? [] : [{ ...month, text }]
  })
}

async function shrunkBy(
  scope: Scope,
  { limits: { shrink } }: Pick<Tenant, 'limits'>,
  { sourceId, period }: SourceMonth,
): Promise<string | undefined> {
  const all = await listSnapshots(scope, sourceId, period, { since: 0 })
  const [now, before] = all.filter(({ complete, kind }) => complete && kind === 'invoice-lines')
  if (!now || !before) return undefined
  const by = before.readingCount - now.readingCount
  if (by < shrink.units || by * 100 <= before.readingCount * shrink.percent) return undefined
  const source = await findSource(scope, sourceId)
  return `${source?.name ?? sourceId} lists ${now.readingCount} lines of ${monthName(period)}, ${before.readingCount} in its complete snapshot before: ${by} fewer, above ${shrink.percent} %`
}
