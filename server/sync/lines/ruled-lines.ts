import type { LineSettings } from '#billing/lines/settings.ts'
import type { Month } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import { listLineLoads } from '#db/line-loads.ts'
import { type LineRow, listLines, listLinesBeingWritten, type SourceMonth } from '#db/lines.ts'
import { type Composed, compose, isComposed } from './compose.ts'

/** A line that other rules make something else of. */
export interface Ruled {
  row: LineRow
  composed: Composed
}

/** What rules do to a month's lines. */
export interface RuledLines {
  /** Those that may still change: neither posted nor being written. */
  open: readonly LineRow[]
  /** Posted lines and those being written, which no rule changes any more (P9, X9). */
  locked: readonly LineRow[]
  changed: readonly Ruled[]
}

/** What rules make of one source's lines of a month as they stand now, of some charge types or of all. Nothing is changed. */
export async function ruleLines(
  scope: Scope,
  settings: LineSettings,
  month: SourceMonth,
  charges?: ReadonlySet<string>,
): Promise<RuledLines> {
  const [all, written] = await Promise.all([listLines(scope, month), listLinesBeingWritten(scope)])
  const rows = all.filter(({ chargeType }) => charges?.has(chargeType) ?? true)
  const isLocked = ({ id, status }: LineRow): boolean => status === 'synced' || written.has(id)
  const open = rows.filter((row) => !isLocked(row))
  const changed = open.flatMap((row) => {
    const composed = compose(row.said, settings, row)
    return isComposed(row, composed) ? [] : [{ row, composed }]
  })
  return { open, locked: rows.filter(isLocked), changed }
}

/** The same for every source with lines of that month, one after the other. */
export async function ruleMonth(scope: Scope, settings: LineSettings, period: Month): Promise<RuledLines> {
  const months = (await listLineLoads(scope)).filter((load) => load.period === period)
  const found: RuledLines[] = []
  for (const month of months) found.push(await ruleLines(scope, settings, month))
  return {
    open: found.flatMap(({ open }) => open),
    locked: found.flatMap(({ locked }) => locked),
    changed: found.flatMap(({ changed }) => changed),
  }
}
