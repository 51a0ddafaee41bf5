import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { getLivez, getReadyz } from '#routes/health.ts'
import { getMetrics } from '#routes/metrics.ts'
import { postSnapshot } from '#routes/snapshots.ts'
import { type Authenticated, requireSource } from '#routes/source-token.ts'
import { getStatus } from '#routes/status.ts'
import { answerProblem, problem } from './answer.ts'
import type { Deps } from './deps.ts'

const snapshotPath = '/api/v1/snapshots'

/** Everything else needs a source's token. */
const open = new Set(['GET /livez', 'GET /readyz', 'GET /metrics', 'GET /'])

/** The whole product behind one `fetch`. `files` serves `public/`, where the runtime does not do so itself. */
export function createApp(deps: Deps, files?: MiddlewareHandler) {
  const app = new Hono<Authenticated>()
  app.onError((error, c) => answerProblem(deps.log, error, c))
  app.notFound((c) => problem(c, 404, 'There is nothing here.'))

  app.use(async (c, next) => {
    c.set('requestId', deps.id())
    c.header('X-Request-Id', c.get('requestId'))
    return next()
  })
  app.use(secureHeaders(headers))
  if (files) app.get('*', files)
  app.use(requireSource(deps, open))
  app.use((c, next) => limit(c.req.path === snapshotPath ? 10_000_000 : 256_000)(c, next))

  app.get('/livez', getLivez)
  app.get('/readyz', getReadyz(deps))
  app.get('/metrics', getMetrics(deps))
  app.get('/', getStatus(deps))
  app.post(snapshotPath, postSnapshot(deps))
  return app
}

const limit = (maxSize: number) =>
  bodyLimit({ maxSize, onError: (c) => problem(c, 413, `At most ${maxSize / 1e6} MB are taken.`) })

const headers = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
} satisfies Parameters<typeof secureHeaders>[0]
