import type { PlanRow } from './plan.ts'

type Named = Pick<PlanRow, 'key' | 'accounts'> & { additionId?: number | null | undefined }

/** A row that needs another waits as long as that one does: nothing is written upon what may never be there. */
export function waitForNeeds(rows: readonly PlanRow[]): PlanRow[] {
  const known = new Map(rows.map((row) => [row.key, row]))
  const lost = new Map<string, PlanRow | undefined>()
  for (let before = -1; before < lost.size; ) {
    before = lost.size
    for (const row of rows) {
      const need = row.needs?.find((key) => lost.has(key) || known.get(key)?.outcome !== 'pending')
      if (row.change === undefined || need === undefined || lost.has(row.key)) continue
      lost.set(row.key, known.get(need))
    }
  }
  return rows.map((row) => {
    if (!lost.has(row.key) || row.outcome !== 'pending') return row
    return { ...row, outcome: 'held', reason: `${row.reason}; ${waitsFor(lost.get(row.key))}` }
  })
}

/** What a row that waits for another says. */
export const waitsFor = (need: Named | undefined): string =>
  `waits for ${need ? nameOf(need) : 'a row of another plan'}`

function nameOf({ key, accounts, additionId }: Named): string {
  if (additionId !== undefined && additionId !== null) return `addition ${additionId}`
  const of = accounts.length > 0 ? ` of ${accounts.join(', ')}` : ''
  const record = /^(company|contact|agreement|product):/.exec(key)?.[1]
  return `the new ${record ?? 'line'}${of}`
}
