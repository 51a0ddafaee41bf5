import type { Context } from 'hono'
import type { Source } from '#db/sources.ts'
import type { Role, Viewer } from '#session/viewer.ts'

/** Who may ask: anyone, a source by its token, the operator by cookie, or a member with at least this role. */
export type Who = 'anyone' | 'source' | 'operator' | Role

/** What the middleware of `app.ts` puts into a request's context, by who may ask. */
export interface Asked {
  /** Given on Node only. */
  Bindings: { incoming?: { socket: { remoteAddress?: string } } }
  Variables: {
    requestId: string
    /** How this request wants to be told what went wrong; absent: as its Accept header says. */
    wants: 'fragment'
    secureHeadersNonce: string
    /** Of the files that a page asks for. */
    release: string
    /** Only a shell sets it: who may frame it, from `frameAncestors`. */
    frameAncestors: string
    /** Only for routes of a source. */
    source: Source
    /** Only for routes of a role. */
    viewer: Viewer
  }
}

export type Ask = Context<Asked>

/** One line of the table of contents: method, path, who may ask, and what answers. */
export type Route = readonly [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  who: Who,
  handle: (c: Ask) => Response | Promise<Response>,
]
