import { compare } from './decimal.ts'
import type { Hold, PlanRow } from './plan.ts'

/** The rows of a plan for one standing line: what belongs together waits together, in the order in which it is written. */
export function besideStanding(rows: readonly PlanRow[], row: PlanRow | undefined): PlanRow[] {
  if (!row) return [...rows]
  if (rows.length === 0) return [row]
  const ends = rows.filter(({ change }) => change === 'cancel').map(({ key }) => key)
  const isRise = row.change !== undefined && compare(row.after.quantity ?? '0', row.before.quantity ?? '0') > 0
  const unproven = rows.flatMap(({ holds }) => holds.filter(({ guard }) => guard === 'G14'))
  const standing = {
    ...row,
    ...(isRise && ends.length ? { needs: [...(row.needs ?? []), ...ends] } : {}),
    ...(isRise && unproven.length ? { holds: [...row.holds, ...unproven.slice(0, 1)] } : {}),
  }
  const apart = row.outcome === 'skipped' && row.after.quantity !== undefined
  const kept = apart ? [{ guard: 'G9', text: `waits for addition ${row.additionId}: ${row.reason}` }] : []
  return [
    ...rows.map((line) => ({
      ...line,
      holds: [...line.holds, ...(line.change === 'cancel' ? [] : row.holds), ...kept],
    })),
    standing,
  ]
}

/** A dated line ends only together with the rise that takes its units over: else nobody would bill them (FEATURES 4.1). */
export function holdClosings(rows: readonly PlanRow[]): PlanRow[] {
  const waiting = rows.filter(({ change, outcome, needs }) => change !== undefined && outcome === 'held' && needs)
  return rows.map((row) => {
    const rise = row.change === 'cancel' ? waiting.find(({ needs }) => needs?.includes(row.key)) : undefined
    if (!rise) return row
    const said = new Set(row.holds.map(({ text }) => text))
    const holds: Hold[] = rise.holds
      .filter(({ text }) => !said.has(text))
      .map((hold) => ({ ...hold, text: `ends with the rise of addition ${rise.additionId}: ${hold.text}` }))
    return { ...row, holds: [...row.holds, ...holds], outcome: 'held' as const }
  })
}
