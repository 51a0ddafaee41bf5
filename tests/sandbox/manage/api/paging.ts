import type { Row } from '../records.ts'
import { badRequest } from './refusal.ts'

export interface Page {
  rows: readonly Row[]
  link: string
}

const defaultSize = 25
const largestSize = 1000

/** Cuts one page out of a list, navigable or forward-only, with the Link header that belongs to it. */
export function paged(rows: readonly Row[], url: URL, isForwardOnly: boolean): Page {
  return isForwardOnly ? forwardPage(rows, url) : navigablePage(rows, url)
}

function navigablePage(rows: readonly Row[], url: URL): Page {
  const size = sizeOf(url)
  const page = positive(url, 'page', 1)
  const last = Math.max(1, Math.ceil(rows.length / size))
  const to = (number: number, rel: string) => linkTo(url, { pageSize: size, page: number }, rel)
  const links = [
    ...(page > 1 ? [to(1, 'first'), to(page - 1, 'prev')] : [to(1, 'first')]),
    ...(page < last ? [to(page + 1, 'next')] : []),
    to(last, 'last'),
  ]
  return { rows: rows.slice((page - 1) * size, page * size), link: links.join(', ') }
}

/** `id > pageId` in the order of ids; the Link always carries a next page, even behind the last one. */
function forwardPage(rows: readonly Row[], url: URL): Page {
  if (url.searchParams.has('orderBy')) throw badRequest('orderBy is not allowed with forward-only paging.')
  const size = sizeOf(url)
  const after = Number(url.searchParams.get('pageId') ?? 0)
  if (!Number.isInteger(after)) throw badRequest('pageId must be a whole number.')
  const from = firstAfter(rows, after)
  const page = rows.slice(from, from + size)
  const pageId = page.at(-1)?.id ?? after
  return { rows: page, link: linkTo(url, { pageSize: size, pageId }, 'next') }
}

function firstAfter(rows: readonly Row[], id: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.id ?? 0) > id) high = middle
    else low = middle + 1
  }
  return low
}

function linkTo(url: URL, changed: Record<string, number>, rel: string): string {
  const target = new URL(url)
  for (const [name, value] of Object.entries(changed)) target.searchParams.set(name, String(value))
  return `<${target.href}>; rel="${rel}"`
}

const sizeOf = (url: URL): number => Math.min(largestSize, positive(url, 'pageSize', defaultSize))

function positive(url: URL, name: string, absent: number): number {
  const text = url.searchParams.get(name)
  if (text === null) return absent
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw badRequest(`${name} must be a whole number of at least 1.`)
  return value
}
