import * as z from 'zod'

/** How many rows a page of any list has. */
export const pageSize = 50

/** The number of a page, as an address or a form sends it. */
export const pageNumber = z.coerce.number('a whole number').int().min(1).max(100_000).default(1)

export const pageQuery = z.object({ page: pageNumber })

/** How many pages so many rows make: an empty list has one. */
export const pagesOf = (count: number): number => Math.max(1, Math.ceil(count / pageSize))

/** One page of rows that are all at hand; past the end, the last one. */
export function pageOf<T>(all: readonly T[], asked: number): { rows: T[]; page: number; pages: number } {
  const pages = pagesOf(all.length)
  const page = Math.min(asked, pages)
  return { rows: all.slice((page - 1) * pageSize, page * pageSize), page, pages }
}
