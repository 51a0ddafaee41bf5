import { Problem } from '#server/problem.ts'
import { type List, type Page, pageSize, type Walk } from './list.ts'

const defaultPageSize = 25

/** Throws when a page cannot be the one that follows the last. */
export function checkTurn<Row extends { id: number }>(
  list: List<Row>,
  { rows, next }: Page<Row>,
  walk: Walk,
  last: number | undefined,
  number: number,
): void {
  if (rows.length > pageSize) throw incomplete(list, 'a page is larger than asked')
  if (walk.rises && next.hasLinks) {
    const isRising = rows.every((row, at) => row.id > (rows[at - 1]?.id ?? last ?? 0))
    if (!isRising) throw incomplete(list, 'its ids do not rise')
  }
  const isLooping = walk.rises
    ? last !== undefined && next.pageId !== undefined && next.pageId <= last && rows.length > 0
    : next.page !== undefined && next.page <= number
  if (isLooping) throw incomplete(list, 'its pages lead back to earlier ones')
}

/** A page of 25, 50, … rows may come from a server that overlooked the page size, so it proves nothing. */
export function endsHere<Row>({ rows, next }: Page<Row>, walk: Walk): boolean {
  if (rows.length === 0) return false
  if (walk.endsByLink && next.isLast) return true
  return rows.length < pageSize && rows.length % defaultPageSize !== 0
}

export function hasAll<Row extends { id: number }>(list: List<Row>, seen: ReadonlySet<number>): boolean {
  if (!list.wanted) return false
  const { wanted } = list
  if ([...seen].some((id) => !wanted.has(id))) throw incomplete(list, 'rows came that were not asked for')
  return seen.size === wanted.size
}

export const incomplete = (list: { what: string }, reason: string): Problem =>
  new Problem('incomplete', `ConnectWise's ${list.what} cannot be proven complete: ${reason}. Nothing of it is used.`, {
    retry: true,
  })
