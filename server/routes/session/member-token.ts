import { createMiddleware } from 'hono/factory'
import type { Ask, Asked } from '#routes/route.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { findViewer } from '#session/find-viewer.ts'
import { includesRole, type Role } from '#session/viewer.ts'

/** A member's token is needed, and at least this role; what goes wrong from here on is told within their screen. */
export const requireMember = (deps: Deps, needed: Role) =>
  createMiddleware<Asked>(async (c, next) => {
    const viewer = await findViewer(deps, c.req.header('authorization'))
    if (!viewer) return tokenNeeded(c)
    c.set('wants', 'fragment')
    c.set('viewer', viewer)
    c.header('Cache-Control', 'no-store')
    if (!includesRole(viewer.role, needed))
      return problem(c, 403, `This needs the role ${needed}; yours is ${viewer.role}.`)
    return next()
  })

/** One answer for every token that is missing, malformed, wrong or over. */
export function tokenNeeded(c: Ask) {
  c.header('WWW-Authenticate', 'Bearer')
  return problem(c, 401, 'A valid token is needed.')
}
