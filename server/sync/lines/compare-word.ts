import type { LineSettings } from '#billing/lines/settings.ts'
import type { LineRow } from '#db/lines.ts'
import { billsSame, type Composed, compose, isComposed } from './compose.ts'
import type { Word } from './word.ts'

/** What is to be done with each line. */
export interface Found {
  fresh: { account: string; line: string; snapshotId: string; composed: Composed }[]
  updated: { row: LineRow; snapshotId: string; composed: Composed }[]
  changed: { id: string; changed: LineRow['changed'] }[]
  gone: string[]
  back: string[]
}

/** What a word changes of the lines that are known. `locked`: those that a write not settled yet stands for. */
export function compareWith(
  word: Word,
  rows: readonly LineRow[],
  locked: ReadonlySet<string>,
  settings: LineSettings,
  period: string,
): Found {
  const found: Found = { fresh: [], updated: [], changed: [], gone: [], back: [] }
  const known = new Map(rows.map((row) => [keyOf(row.account, row.line), row]))
  const named = new Set<string>()
  for (const { account, snapshotId, said } of word.lines) {
    const row = known.get(keyOf(account, said.id))
    named.add(keyOf(account, said.id))
    if (!row) {
      found.fresh.push({ account, line: said.id, snapshotId, composed: compose(said, settings, { period }) })
      continue
    }
    if (row.goneAt !== null) found.back.push(row.id)
    if (row.status === 'synced' || locked.has(row.id)) found.changed.push(...changeOf(row, said))
    else {
      const composed = compose(said, settings, row)
      if (row.changed !== null || !isComposed(row, composed)) found.updated.push({ row, snapshotId, composed })
    }
  }
  if (word.isWhole)
    for (const row of rows)
      if (row.origin === 'source' && row.goneAt === null && !named.has(keyOf(row.account, row.line)))
        found.gone.push(row.id)
  return found
}

const keyOf = (account: string, line: string): string => JSON.stringify([account, line])

/** A correction was made up to what was said then: anything else that is said now is news, what was posted, too. */
function changeOf({ id, said: posted, changed, settled, goneAt }: LineRow, said: LineRow['said']): Found['changed'] {
  const isCorrected = settled === 'corrected'
  if (billsSame(changed ?? posted, said) && !(isCorrected && goneAt !== null)) return []
  return [{ id, changed: !isCorrected && billsSame(posted, said) ? null : said }]
}
