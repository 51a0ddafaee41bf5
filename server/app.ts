import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import { getDashboard } from '#routes/dashboard.ts'
import { getLivez, getReadyz } from '#routes/health.ts'
import { getHelp } from '#routes/help.ts'
import { getLogEntries, getLogs } from '#routes/logs.ts'
import { getMetrics } from '#routes/metrics.ts'
import type { Asked, Route, Who } from '#routes/route.ts'
import { postSnapshot } from '#routes/snapshots.ts'
import { requireSource } from '#routes/source-token.ts'
import { getStatus } from '#routes/status.ts'
import { answerProblem, problem } from './answer.ts'
import type { Deps } from './deps.ts'

const snapshotPath = '/api/v1/snapshots'

/** Every address there is, and who may ask it. Whatever is not here needs a token and then is not found. */
export const routesOf = (deps: Deps): readonly Route[] => [
  ['GET', '/livez', 'anyone', getLivez],
  ['GET', '/readyz', 'anyone', getReadyz(deps)],
  ['GET', '/metrics', 'anyone', getMetrics(deps)],
  ['GET', '/', 'anyone', getStatus(deps)],
  ['POST', snapshotPath, 'source', postSnapshot(deps)],
  ['GET', '/dashboard', 'technician', getDashboard(deps)],
  ['GET', '/logs', 'technician', getLogs(deps)],
  ['GET', '/logs/entries', 'technician', getLogEntries(deps)],
  ['GET', '/help', 'technician', getHelp(deps)],
]

/** The whole product behind one `fetch`. `files` serves `public/`, where the runtime does not do so itself. */
export function createApp(deps: Deps, files?: MiddlewareHandler) {
  const app = new Hono<Asked>()
  app.onError((error, c) => answerProblem(deps.log, error, c))
  app.notFound((c) => problem(c, 404, 'There is nothing here.'))

  app.use(async (c, next) => {
    c.set('requestId', deps.id())
    c.header('X-Request-Id', c.get('requestId'))
    return next()
  })
  app.use(secureHeaders(headers))
  if (files) app.get('*', files)
  app.use((c, next) => limit(c.req.path === snapshotPath ? 10_000_000 : 256_000)(c, next))

  const guards = guardsOf(deps)
  for (const [method, path, who, handle] of routesOf(deps)) app.on(method, path, guards[who], handle)
  app.all('*', guards.source)
  return app
}

/** What stands before a handler, by who may ask. */
function guardsOf(deps: Deps): Record<Who, MiddlewareHandler<Asked>> {
  const nobody: MiddlewareHandler<Asked> = (c) => Promise.resolve(problem(c, 401, 'A valid token is needed.'))
  return {
    anyone: (_, next) => next(),
    source: requireSource(deps),
    operator: nobody,
    technician: nobody,
    finance: nobody,
    admin: nobody,
  }
}

const limit = (maxSize: number) =>
  bodyLimit({ maxSize, onError: (c) => problem(c, 413, `At most ${maxSize / 1e6} MB are taken.`) })

const headers = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: [NONCE],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
} satisfies Parameters<typeof secureHeaders>[0]
