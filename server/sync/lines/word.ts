import type { InvoiceLine } from '#billing/lines/line.ts'
import type { Scope } from '#db/db.ts'
import { listStatedLines } from '#db/line-loads.ts'
import type { SourceMonth } from '#db/lines.ts'
import { listSnapshots, type SnapshotRow } from '#db/snapshots.ts'

/** Partial words since the newest complete one that are taken together; where there are more, no line counts as gone. */
const mostPartials = 5_000

/** Words that are read at once: each may state 10,000 lines. */
const readAtOnce = 50

/** What a source says of a month's invoice lines by all that it told of it. */
export interface Word {
  newest: SnapshotRow
  complete: SnapshotRow | undefined
  /** Whether a line that is not here is gone. */
  isWhole: boolean
  lines: { account: string; snapshotId: string; said: InvoiceLine }[]
}

/**
 * The newest complete snapshot of the month and the partial ones after it, whose lines come beside or in place of its own. A
 * complete one that lists nothing is no word (FEATURES 4.10). Undefined: nothing was ever told of that month.
 */
export async function readWord(scope: Scope, month: SourceMonth): Promise<Word | undefined> {
  const all = await listWords(scope, month)
  const complete = all.find((row) => row.complete)
  const later = complete ? all.slice(0, all.indexOf(complete)) : all
  const partials = later.slice(0, mostPartials)
  const told = [...(complete ? [complete] : []), ...partials.toReversed()]
  const newest = all[0]
  if (!newest || told.length === 0) return undefined
  const isWhole = complete !== undefined && partials.length === later.length
  return { newest, complete, isWhole, lines: await linesOf(scope, told) }
}

/** What the words state, a later one in place of an earlier one. */
async function linesOf(scope: Scope, told: readonly SnapshotRow[]): Promise<Word['lines']> {
  const order = new Map(told.map(({ id }, i) => [id, i]))
  const ids = [...order.keys()]
  const lines = new Map<string, Word['lines'][number]>()
  for (let from = 0; from < ids.length; from += readAtOnce) {
    const stated = await listStatedLines(scope, ids.slice(from, from + readAtOnce))
    stated.sort((a, b) => (order.get(a.snapshotId) ?? 0) - (order.get(b.snapshotId) ?? 0))
    for (const { snapshotId, account, lines: said } of stated)
      for (const line of said) lines.set(JSON.stringify([account, line.id]), { account, snapshotId, said: line })
  }
  return [...lines.values()]
}

/** All that was told of a month's invoice lines, the newest first, but complete ones that list nothing. */
export const listWords = async (scope: Scope, { sourceId, period }: SourceMonth): Promise<SnapshotRow[]> =>
  (await listSnapshots(scope, sourceId, period, { since: 0 })).filter(isOfLines)

const isOfLines = ({ kind, complete, accountCount }: SnapshotRow): boolean =>
  kind === 'invoice-lines' && !(complete && accountCount === 0)
