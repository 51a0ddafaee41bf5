import type { Place } from '#server/problem.ts'
import { mostPlaces } from './places.ts'
import { wordingOf } from './snapshot.ts'

/** Rows that name the same thing twice, in a body that may be wrong in other ways too. */
export function findRepeats(body: unknown): Place[] {
  const places: Place[] = []
  for (const place of repeatsOf(listIn(body, 'accounts'))) {
    places.push(place)
    if (places.length > mostPlaces) break
  }
  return places
}

function* repeatsOf(accounts: readonly unknown[]): Generator<Place> {
  // A line's id is its identity for the whole source, so it is unique across accounts.
  const lines = new Map<string, Known>()
  yield* repeats(accounts, 'accounts', ['id'])
  for (const [i, account] of accounts.entries()) {
    if (!isRow(account)) continue
    const counts = listIn(account, 'counts')
    yield* repeats(counts, `accounts[${i}].counts`, ['metric'])
    yield* repeats(listIn(account, 'usage'), `accounts[${i}].usage`, ['sku', 'term', 'subscription'])
    yield* repeatedLines(account, i, lines)
    for (const [j, count] of counts.entries())
      yield* repeats(listIn(count, 'people'), `accounts[${i}].counts[${j}].people`, ['id'])
  }
}

interface Known {
  path: string
  account: number
  row: unknown
  /** The row as text; what it says, once somebody asked. */
  text: string
  wording?: string
}

/** The same line twice in the same words is one line; in other words, or of another account, nobody knows which is right. */
function* repeatedLines(account: unknown, i: number, seen: Map<string, Known>): Generator<Place> {
  for (const [j, row] of listIn(account, 'lines').entries()) {
    const identity = identityOf(row, ['id'])
    if (identity === undefined) continue
    const path = `accounts[${i}].lines[${j}]`
    const text = JSON.stringify(row)
    const first = seen.get(identity)
    if (!first) seen.set(identity, { path, account: i, row, text })
    else if (first.account !== i || !isSaid(first, row, text))
      yield { path: `${path}.id`, message: `repeats ${first.path} with other content` }
  }
}

/** Read again only where the same may be written in two ways: ten megabytes of one line are no work. */
function isSaid(first: Known, row: unknown, text: string): boolean {
  if (first.text === text) return true
  first.wording ??= wordingOf(first.row)
  return first.wording === wordingOf(row)
}

function* repeats(rows: readonly unknown[], path: string, key: readonly string[]): Generator<Place> {
  const seen = new Map<string, string>()
  for (const [i, row] of rows.entries()) {
    const identity = identityOf(row, key)
    if (identity === undefined) continue
    const first = seen.get(identity)
    if (first === undefined) seen.set(identity, `${path}[${i}]`)
    else yield { path: `${path}[${i}].${key[0]}`, message: `repeats ${first}` }
  }
}

/** What the row is known by: text, of which all but the first part may be absent. */
function identityOf(row: unknown, key: readonly string[]): string | undefined {
  if (!isRow(row)) return undefined
  const parts = key.map((part) => row[part] ?? null)
  const isNamed = parts.every((part, at) => typeof part === 'string' || (at > 0 && part === null))
  return isNamed ? JSON.stringify(parts) : undefined
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isRow(value) ? value[name] : undefined
  return Array.isArray(list) ? list : []
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
