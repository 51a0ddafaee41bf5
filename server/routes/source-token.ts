import { createMiddleware } from 'hono/factory'
import { findSourceByToken, type Source } from '#db/sources.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'

export interface Authenticated {
  Variables: { requestId: string; source: Source }
}

/**
 * Nothing is answered without a source's token but the routes named here, `GET /livez`. A missing, malformed or wrong
 * token, and a route that does not exist, get one and the same answer.
 */
export const requireSource = (deps: Deps, open: ReadonlySet<string>) =>
  createMiddleware<Authenticated>(async (c, next) => {
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method
    if (open.has(`${method} ${c.req.path}`)) return next()
    const token = /^Bearer ([\w.~+/-]{1,200}=*)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const source = token === undefined ? undefined : await findSourceByToken(deps.db, token)
    if (!source) {
      c.header('WWW-Authenticate', 'Bearer')
      return problem(c, 401, 'A valid token is needed.')
    }
    c.set('source', source)
    return next()
  })
