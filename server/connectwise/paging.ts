import type { Api } from './api.ts'
import { readCount } from './count.ts'
import { expectOk } from './expect.ts'
import { readLinks } from './links.ts'
import { forwardOnly, type List, numbered, type Page, pageSize, type Walk } from './list.ts'
import { checkTurn, endsHere, hasAll, incomplete } from './proof.ts'

const mostPages = 1000

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
