import type { Place } from '#server/problem.ts'

type Row = Record<string, unknown>

/** Rows that name the same thing twice, in a body that may be wrong in other ways too. */
export function findRepeats(body: unknown): Place[] {
  const accounts = rowsOf(body, 'accounts')
  return [
    ...repeats(accounts, 'accounts', ['id']),
    ...accounts.flatMap((account, i) => [
      ...repeats(rowsOf(account, 'counts'), `accounts[${i}].counts`, ['metric']),
      ...repeats(rowsOf(account, 'usage'), `accounts[${i}].usage`, ['sku', 'term', 'subscription']),
      ...rowsOf(account, 'counts').flatMap((count, j) =>
        repeats(rowsOf(count, 'people'), `accounts[${i}].counts[${j}].people`, ['id']),
      ),
    ]),
    ...repeatedLines(accounts),
  ]
}

/** A line's id is its identity for the whole source, so it is unique across accounts. */
function repeatedLines(accounts: readonly Row[]): Place[] {
  const lines = accounts.flatMap((account, i) =>
    rowsOf(account, 'lines').map((row, j) => ({ row, path: `accounts[${i}].lines[${j}]` })),
  )
  return repeated(lines, ['id'])
}

function repeats(rows: readonly Row[], path: string, key: readonly string[]): Place[] {
  return repeated(
    rows.map((row, i) => ({ row, path: `${path}[${i}]` })),
    key,
  )
}

function repeated(rows: readonly { row: Row; path: string }[], key: readonly string[]): Place[] {
  const seen = new Map<string, string>()
  const places: Place[] = []
  for (const { row, path } of rows) {
    const named = key[0] !== undefined && typeof row[key[0]] === 'string'
    if (!named) continue
    const identity = JSON.stringify(key.map((part) => row[part] ?? null))
    const first = seen.get(identity)
    if (first === undefined) seen.set(identity, path)
    else places.push({ path: `${path}.${key[0]}`, message: `repeats ${first}` })
  }
  return places
}

function rowsOf(value: unknown, name: string): Row[] {
  const list = isRow(value) ? value[name] : undefined
  return Array.isArray(list) ? list.map((row) => (isRow(row) ? row : {})) : []
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null
}
