import type { MiddlewareHandler } from 'hono'
import { requireSource } from '#routes/api/source-token.ts'
import type { Ask, Asked, Route, Who } from '#routes/route.ts'
import { requireMember } from '#routes/session/member-token.ts'
import { requireOperator } from '#routes/session/operator-cookie.ts'
import { findViewer } from '#session/find-viewer.ts'
import { problem } from './answer.ts'
import type { Deps } from './deps.ts'

type Guard = MiddlewareHandler<Asked>

/** Who must be known before a handler, by who may ask. */
export const guardsOf = (deps: Deps): Record<Who, Guard> => ({
  anyone: (_, next) => next(),
  source: requireSource(deps),
  operator: requireOperator(deps),
  technician: requireMember(deps, 'technician'),
  finance: requireMember(deps, 'finance'),
  admin: requireMember(deps, 'admin'),
})

/** For addresses that do not exist: only who has a token learns that. */
export const requireToken = (deps: Deps): Guard => {
  const sourceGuard = requireSource(deps)
  return async (c, next) => {
    const viewer = await findViewer(deps, c.req.header('authorization'))
    if (!viewer) return sourceGuard(c, next)
    c.set('wants', 'fragment')
    return next()
  }
}

/** The address exists, and takes other methods: nothing is changed by GET, and nothing is told to other origins. */
export const notWithThisMethod = (routes: readonly Route[], path: string) => (c: Ask) => {
  const methods = routes.filter(([, other]) => other === path).map(([method]) => method)
  c.header('Allow', methods.join(', '))
  return problem(c, 405, `This address takes ${methods.join(' and ')}.`)
}
