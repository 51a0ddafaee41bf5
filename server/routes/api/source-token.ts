import { createMiddleware } from 'hono/factory'
import { findSourceByToken } from '#db/sources.ts'
import type { Asked } from '#routes/route.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'

/** A source's token is needed; a missing, malformed and wrong one, here or where there is no route, get one answer. */
export const requireSource = (deps: Deps) =>
  createMiddleware<Asked>(async (c, next) => {
    const token = /^Bearer ([\w.~+/-]{1,200}=*)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const source = token === undefined ? undefined : await findSourceByToken(deps.db, token)
    if (!source) {
      c.header('WWW-Authenticate', 'Bearer')
      return problem(c, 401, 'A valid token is needed.')
    }
    c.set('source', source)
    return next()
  })
