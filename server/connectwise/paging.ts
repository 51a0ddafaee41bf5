import { Problem } from '#server/problem.ts'
import type { Query } from './address.ts'
import type { Api } from './api.ts'
import { readCount } from './count.ts'
import { expectOk } from './expect.ts'
import { type NextPage, readLinks } from './links.ts'

export const pageSize = 1000
const defaultPageSize = 25
const mostPages = 1000

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
interface Walk {
  query(last: number | undefined, page: number, orderBy: string): Query
  headers: Record<string, string>
  /** Ids only rise, because they are what is paged by. */
  rises: boolean
  /** Whether a missing `next` link proves the last page. */
  endsByLink: boolean
}

const forwardOnly: Walk = {
  query: (last) => ({ pageId: last }),
  headers: { 'pagination-type': 'forward-only' },
  rises: true,
  endsByLink: false,
}

const numbered: Walk = {
  query: (_, page, orderBy) => ({ page, orderBy: `${orderBy} asc` }),
  headers: {},
  rises: false,
  endsByLink: true,
}

interface Page<Row> {
  rows: Row[]
  next: NextPage
}

/** All rows, each once, with proof that none is missing; throws Problem('incomplete') without it (I6). */
export async function listAll<Row extends { id: number }>(api: Api, list: List<Row>): Promise<Row[]> {
  return (await walkPages(api, list, forwardOnly)) ?? listNumbered(api, list)
}

/** As `listAll`, for what knows only numbered pages. */
export async function listNumbered<Row extends { id: number }>(api: Api, list: List<Row>): Promise<Row[]> {
  const rows = await walkPages(api, list, numbered)
  if (!rows) throw incomplete(list, 'its pages do not end')
  return rows
}

/** undefined when this endpoint does not turn pages this way. */
async function walkPages<Row extends { id: number }>(
  api: Api,
  list: List<Row>,
  walk: Walk,
): Promise<Row[] | undefined> {
  const rows: Row[] = []
  const seen = new Set<number>()
  let count: number | undefined
  for (let number = 1; number <= mostPages; number++) {
    const last = rows.at(-1)?.id
    const page = await readPage(api, list, walk, last, number)
    checkTurn(list, page, walk, last, number)
    for (const row of page.rows) {
      if (seen.has(row.id)) throw incomplete(list, `row ${row.id} came twice`)
      seen.add(row.id)
      rows.push(row)
    }
    if (hasAll(list, seen)) return rows
    const isShort = page.rows.length < pageSize
    const isProven = endsHere(page, walk)
    if (isShort && !isProven) count ??= await readCount(api, list)
    if (count === rows.length || (isProven && count === undefined)) return rows
    if (isProven || page.rows.length === 0 || (count ?? rows.length) < rows.length) {
      throw incomplete(list, `${rows.length} came and ${count} were counted`)
    }
    if (walk.rises && !page.next.hasLinks) return undefined
  }
  return undefined
}

async function readPage<Row extends { id: number }>(
  api: Api,
  list: List<Row>,
  walk: Walk,
  last: number | undefined,
  number: number,
): Promise<Page<Row>> {
  const query = { ...list.query, pageSize, ...walk.query(last, number, list.orderBy) }
  const answer = await api.read({
    path: list.path,
    query,
    headers: walk.headers,
    mayBeAbsent: list.mayBeAbsent ?? false,
  })
  const { body, link } = expectOk(answer, list.what)
  return { rows: list.parse(body), next: readLinks(link, api.hosts) }
}

/** Throws when a page cannot be the one that follows the last. */
function checkTurn<Row extends { id: number }>(
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
function endsHere<Row>({ rows, next }: Page<Row>, walk: Walk): boolean {
  if (rows.length === 0) return false
  if (walk.endsByLink && next.isLast) return true
  return rows.length < pageSize && rows.length % defaultPageSize !== 0
}

function hasAll<Row extends { id: number }>(list: List<Row>, seen: ReadonlySet<number>): boolean {
  if (!list.wanted) return false
  const { wanted } = list
  if ([...seen].some((id) => !wanted.has(id))) throw incomplete(list, 'rows came that were not asked for')
  return seen.size === wanted.size
}

const incomplete = (list: { what: string }, reason: string): Problem =>
  new Problem('incomplete', `ConnectWise's ${list.what} cannot be proven complete: ${reason}. Nothing of it is used.`, {
    retry: true,
  })
