/** What one request was, and what became of it. */
export interface RecordedRequest {
  method: string
  /** Without the API's prefix and the query. */
  path: string
  query: Record<string, string>
  /** Parsed JSON, text when it is something else, undefined when there is none. */
  body: unknown
  /** The answer's status; undefined while it is under way and when no answer came. */
  status: number | undefined
  /** Epoch milliseconds of arrival and end. */
  at: number
  endedAt: number | undefined
  headers: {
    accept: string | null
    clientId: string | null
    contentType: string | null
    paginationType: string | null
    hasAuthorization: boolean
    hasCookie: boolean
  }
}

/** The record of a request that has just arrived. */
export function noteOf(request: Request, at: number, prefix: string): RecordedRequest {
  const { pathname, searchParams } = new URL(request.url)
  const { headers } = request
  return {
    method: request.method,
    path: pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname,
    query: Object.fromEntries(searchParams),
    body: undefined,
    status: undefined,
    at,
    endedAt: undefined,
    headers: {
      accept: headers.get('accept'),
      clientId: headers.get('clientId'),
      contentType: headers.get('content-type'),
      paginationType: headers.get('pagination-type'),
      hasAuthorization: headers.has('authorization'),
      hasCookie: headers.has('cookie'),
    },
  }
}

/** A body as people read it. */
export function readable(bytes: ArrayBuffer | undefined): unknown {
  if (!bytes) return undefined
  const text = new TextDecoder().decode(bytes)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Numbers the pages of each list; forward-only ones in the order in which they are first asked for. */
export function createPageCounter(): (note: RecordedRequest) => number {
  const lists = new Map<string, Map<string, number>>()
  return ({ path, query: { page, pageId }, headers }) => {
    if (headers.paginationType !== 'forward-only') return Number(page ?? 1)
    if (!pageId || pageId === '0') {
      lists.set(path, new Map())
      return 1
    }
    const pages = lists.get(path) ?? new Map<string, number>()
    lists.set(path, pages)
    const number = pages.get(pageId) ?? pages.size + 2
    pages.set(pageId, number)
    return number
  }
}

/** A GUID that only counts, so that logs of the same run are the same. */
export const requestId = (serial: number): string => `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`
