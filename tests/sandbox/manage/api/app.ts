import { Hono } from 'hono'
import { dayAt } from '../calendar.ts'
import type { World } from '../tables.ts'
import { authenticate } from './auth.ts'
import type { Env } from './call.ts'
import { noEndpoint, Refusal } from './refusal.ts'
import { reportRoutes } from './report-routes.ts'
import { listRoutes } from './routes.ts'
import { specialRoutes } from './special-routes.ts'

const codebase = '/v4_6_release/'
export const apiPath = `${codebase}apis/3.0`

export interface Settings {
  world: World
  now(): number
  companyId: string
  clientId: string
}

/** The REST API as one application; every request is answered at once, from the world as it is. */
export function createApp({ world, now, companyId, clientId }: Settings) {
  // Paths ignore case.
  const app = new Hono<Env>({ getPath: (request) => new URL(request.url).pathname.toLowerCase() })
  app.use(async (call, next) => {
    await next()
    call.header('date', new Date(now()).toUTCString())
    call.header('x-server-name', 'sandbox')
  })
  app.get('/login/companyinfo/:company', (call) => {
    const isOurs = call.req.param('company') === companyId.toLowerCase()
    return call.json(isOurs ? companyInfo(companyId) : null)
  })

  const api = new Hono<Env>()
  api.use(async (call, next) => {
    const member = authenticate(call.req.raw.headers, world, { companyId, clientId })
    const at = now()
    call.set('member', member)
    call.set('write', { world, at, today: dayAt(world.zone, at), by: member.identifier })
    await next()
    call.header('api-current-version', '2025.8')
  })
  specialRoutes(api)
  reportRoutes(api)
  listRoutes(api)
  api.all('*', () => {
    throw noEndpoint()
  })
  app.route(apiPath, api)

  app.notFound((call) => call.html('<html><title>404 - File or directory not found.</title></html>', 404))
  app.onError((error, call) => {
    if (!(error instanceof Refusal)) throw error
    return call.json(error.body, error.status as 400)
  })
  return app
}

const companyInfo = (companyId: string) => ({
  CompanyName: 'Lighthouse Managed IT',
  Codebase: codebase.slice(1),
  VersionCode: 'v2025.8',
  VersionNumber: 'v4.6.92110',
  CompanyID: companyId,
  IsCloud: 'True',
  SiteUrl: null,
})
