import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { defaultKeys, type Manage } from '../manage/manage.ts'
import { type Login, login } from '../manage/world.ts'
import { agreementScreens } from './agreement-screens.tsx'
import { companyScreens } from './company-screens.tsx'
import { noAgreements } from './parts.tsx'
import { createScreens, memberCookie, type Screens } from './screens.tsx'
import { pageScript } from './script.ts'
import { TodayOverview } from './today.tsx'
import { authenticationOf } from './viewer.ts'

export interface ManagePage {
  /** Answers the screens, and hands the REST API's addresses to the sandbox. */
  fetch(request: Request): Promise<Response>
  /** Logs a member in; their hash and context are good for the REST API. */
  login(member: string): Login
}

interface Options {
  manage: Manage
  /** Epoch milliseconds. */
  now(): number
  companyId?: string
}

/** What people see of this ConnectWise in a browser, with its REST API behind it. */
export function createManagePage({ manage, now, companyId = defaultKeys.companyId }: Options): ManagePage {
  const screens = createScreens(manage.world, now, companyId)
  const app = new Hono()
  app.use(async (call, next) => {
    await next()
    for (const [name, value] of headers) call.header(name, value)
  })
  files(app)
  membership(app, screens)
  app.get('/', (call) => call.redirect('/today'))
  app.get('/today', (call) => today(call, screens))
  companyScreens(app, screens)
  agreementScreens(app, screens)
  app.get('/tickets/:id{[0-9]+}', (call) =>
    screens.plain(call, `Service ticket ${call.req.param('id')}`, <p>Tickets hold nothing in this sandbox.</p>),
  )
  app.notFound(screens.missing)
  return {
    login: (member) => login(manage.world, member),
    fetch: async (request) => (isApi(request) ? manage.fetch(request) : app.fetch(request)),
  }
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  'frame-src *',
  "form-action 'self'",
  "base-uri 'none'",
]
const headers = [
  ['content-security-policy', policy.join('; ')],
  ['cache-control', 'no-store'],
] as const

const isApi = ({ url }: Request): boolean => /\/apis\/|^\/login\//i.test(new URL(url).pathname)

function files(app: Hono): void {
  const style = readFileSync(new URL('./page.css', import.meta.url), 'utf8')
  app.get('/page.css', (call) => call.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/page.js', async (call) =>
    call.body(await pageScript(), 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  )
}

/** Who is logged in at this browser: a cookie of this page that the switcher sets. */
function membership(app: Hono, { world, viewer }: Screens): void {
  app.get('/authentication', (call) => call.json(authenticationOf(world, viewer(call), new URL(call.req.url).host)))
  app.post('/member', async (call) => {
    const form = await call.req.formData()
    setCookie(call, memberCookie, String(form.get('member')), { path: '/', httpOnly: true, sameSite: 'Lax' })
    return call.redirect(localPath(String(form.get('back'))), 303)
  })
}

const localPath = (path: string): string => (/^\/(?!\/)/.test(path) ? path : '/')

function today(call: Context, { world, may, hosting }: Screens) {
  const maySee = may(call, 'Finance > Agreements', 'inquire')
  return hosting(call, {
    screen: 'connectwisetoday',
    id: 0,
    heading: 'Today',
    children: maySee ? <TodayOverview world={world} /> : <p>{noAgreements}</p>,
  })
}
