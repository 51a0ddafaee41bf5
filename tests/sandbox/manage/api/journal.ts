import type { Row } from '../records.ts'
import type { TableName, World } from '../tables.ts'

const kept = 5000

/** Remembers a record as it was before a write. */
export function remember(world: World, at: number, table: TableName, id: number, before: Row | undefined): void {
  world.journal.push({ at, table, id, before: before && structuredClone(before) })
  if (world.journal.length > 2 * kept) world.journal.splice(0, kept)
}

/** Rows as a replica sees them that has not yet received the writes younger than `since`. */
export function asOf(
  rows: readonly Row[],
  world: World,
  table: TableName,
  since: number,
  belongs: (row: Row) => boolean,
): readonly Row[] {
  const missed = new Map<number, Row | undefined>()
  for (const entry of world.journal) {
    if (entry.at > since && entry.table === table && !missed.has(entry.id)) missed.set(entry.id, entry.before)
  }
  if (missed.size === 0) return rows
  const before = [...missed.values()].filter((row) => row !== undefined && belongs(row)) as Row[]
  return [...rows.filter((row) => !missed.has(row.id)), ...before].sort((a, b) => a.id - b.id)
}
