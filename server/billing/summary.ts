/** What became of one row, as the run summary counts it (INTERFACE, FEATURES 4.5). */
export type Outcome = 'created' | 'updated' | 'cancelled' | 'unchanged' | 'held' | 'skipped' | 'failed' | 'unknown'

export type Counts = Record<Outcome, number>

export const noCounts: Counts = {
  created: 0,
  updated: 0,
  cancelled: 0,
  unchanged: 0,
  held: 0,
  skipped: 0,
  failed: 0,
  unknown: 0,
}

/** What a run did for people's lists and contacts, which is no billing and counted apart (FEATURES 4.12). */
export interface Beside {
  lists: { attached: number; failed: number }
  contacts: Partial<Counts>
}

interface Counted {
  outcome: Outcome | 'pending'
  attention: boolean
  posting?: { lines: readonly string[] } | null
}

/**
 * Rows by outcome; unchanged ones are not rows. A row still pending counts as held: it waits. Invoice lines that are
 * skipped for one reason are one row, and count each.
 */
export function countRows(rows: readonly Counted[], unchanged: number): Counts {
  const counts = { ...noCounts, unchanged }
  for (const row of rows) counts[row.outcome === 'pending' ? 'held' : row.outcome] += weightOf(row)
  return counts
}

const weightOf = ({ outcome, posting }: Counted): number =>
  outcome === 'skipped' && posting && posting.lines.length > 0 ? posting.lines.length : 1

/** failed when anything failed or its outcome is unknown; held when anything waits for a person; else done. */
export function stateOf(rows: readonly Counted[]): 'done' | 'held' | 'failed' {
  if (rows.some((row) => row.outcome === 'failed' || row.outcome === 'unknown')) return 'failed'
  return rows.some((row) => row.outcome === 'held' || row.outcome === 'pending' || row.attention) ? 'held' : 'done'
}

/** `updated 2, held 1`; empty when there is nothing to count. */
export const countWords = (counts: Counts): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ')
