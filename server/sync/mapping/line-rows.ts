import { isOfLines, readsKey, readWords } from '#billing/mapping.ts'
import type { Read } from '#billing/reading.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { Place } from '#server/problem.ts'
import { placeOf } from './file.ts'
import { fileIdentityOf, identityOf, type SourcedRow, targetKeyOf } from './identity.ts'

interface Named {
  sourceId: string
  account: string
  reads: readonly Read[]
  targetKey: string
  who: string
}

/** Lines that two mappings of one account place, and additions that are to stand for lines and for numbers. */
export function placedTwice(rows: readonly SourcedRow[], stored: readonly MappingRow[]): Place[] {
  const inFile = new Set(rows.map(fileIdentityOf))
  const before = stored
    .filter((row) => !inFile.has(identityOf(row)))
    .map((row): Named => ({ ...row, who: `the mapping of account ${row.account}` }))
  const known: Named[] = [...before]
  return rows.flatMap(({ number, row, sourceId }) => {
    const named = { sourceId, ...row, targetKey: targetKeyOf(row), who: `row ${number}` }
    const problems = known.flatMap((other) => clash(named, other))
    known.push(named)
    const [problem] = problems
    return problem === undefined ? [] : [placeOf(number, problem.path, problem.message)]
  })
}

function clash(row: Named, other: Named): Place[] {
  const isShared = row.targetKey === other.targetKey && row.targetKey.startsWith('addition:')
  if (isShared && isOfLines(row) !== isOfLines(other)) {
    const message = `is written by ${other.who} too: it stands for invoice lines or for numbers, not for both`
    return [{ path: 'addition', message }]
  }
  if (row.sourceId !== other.sourceId || row.account !== other.account || !isOfLines(row)) return []
  const keys = new Set(other.reads.map((read) => readsKey([read])))
  const twice = row.reads.find((read) => keys.has(readsKey([read])))
  return twice ? [{ path: 'reads', message: `${readWords(twice)} are placed by ${other.who} too` }] : []
}
