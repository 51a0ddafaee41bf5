import type { Hold, PlanRow } from './plan.ts'

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
