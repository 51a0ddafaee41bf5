import type { Query } from './address.ts'
import type { NextPage } from './links.ts'

export const pageSize = 1000

/** A list to read whole. */
export interface List<Row extends { id: number }> {
  path: string
  query: Query
  /** Completes "ConnectWise did not give …". */
  what: string
  parse(body: unknown): Row[]
  /** The field that orders numbered pages. */
  orderBy: string
  /** The only ids there can be: once all are here, nothing is missing. */
  wanted?: ReadonlySet<number>
  mayBeAbsent?: boolean
}

/** One of ConnectWise's two ways to turn a page. */
export interface Walk {
  query(last: number | undefined, page: number, orderBy: string): Query
  headers: Record<string, string>
  /** Ids only rise, because they are what is paged by. */
  rises: boolean
  /** Whether a missing `next` link proves the last page. */
  endsByLink: boolean
}

export const forwardOnly: Walk = {
  query: (last) => ({ pageId: last }),
  headers: { 'pagination-type': 'forward-only' },
  rises: true,
  endsByLink: false,
}

export const numbered: Walk = {
  query: (_, page, orderBy) => ({ page, orderBy: `${orderBy} asc` }),
  headers: {},
  rises: false,
  endsByLink: true,
}

export interface Page<Row> {
  rows: Row[]
  next: NextPage
}
