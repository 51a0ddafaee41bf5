import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runs, sources, tenants } from '#db/schema.ts'
import { routesOf } from '#server/app.ts'
import { type Served, serve } from './served.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const open: Record<string, number> = {
  '/livez': 200,
  '/readyz': 200,
  '/metrics': 200,
  '/': 200,
  '/app.css': 200,
  '/platform.openapi.json': 200,
}
/** Open to anyone, and of no use to who is not known to ConnectWise or the operator: walked in roles.test.ts. */
const shells = ['/agreement', '/company', '/hub', '/operator']
const signingIn = ['DELETE /session', 'POST /operator/session', 'POST /session', 'POST /session/renewal']
const snapshotPath = '/api/v1/snapshots'

let served: Served
let tokens: Record<'none' | 'wrong' | 'right', string>
beforeAll(async () => {
  // Readiness is measured; a clock that stands still keeps a busy machine out of it.
  const at = Date.now()
  served = await serve({}, { now: () => at })
  tokens = {
    none: '',
    wrong: 'Authorization: Bearer tus_wrong\r\n',
    right: `Authorization: Bearer ${served.token}\r\n`,
  }
})
afterAll(() => served.end())

interface Answer {
  status: number
  headers: Map<string, string>
  body: string
}

async function ask(start: string, more = '', host = 'Host: 127.0.0.1\r\n'): Promise<Answer> {
  const text = await served.raw(`${start} HTTP/1.1\r\n${host}${more}Connection: close\r\n\r\n`)
  // Each answer has a nonce of its own.
  const [head = '', body = ''] = text.replaceAll(/nonce="[^"]*"/g, 'nonce').split(/\r\n\r\n(.*)/s)
  const [first = '', ...lines] = head.split('\r\n')
  const pairs = lines.map((line) => /^([^:]+): ?(.*)$/.exec(line) ?? [])
  const headers = new Map(pairs.map(([, name = '', value = '']) => [name.toLowerCase(), value]))
  return { status: Number(first.split(' ')[1]), headers, body }
}

/** What is answered, by the rule: named routes are open, everything else needs a token, and then is found or not. */
function expected(method: string, path: string, token: keyof typeof tokens): number {
  const isRead = method === 'GET' || method === 'HEAD'
  if (open[path] && path !== '/app.css') return isRead ? open[path] : 405
  if (isRead && open[path]) return open[path]
  if (token !== 'right') return 401
  if (path !== snapshotPath) return 404
  return method === 'POST' ? 415 : 405
}

describe('every route', () => {
  it('is open to anyone only when it is named here', () => {
    const named = routesOf(served.deps).filter(([, , who]) => who === 'anyone')
    const read = named.filter(([method]) => method === 'GET').map(([, path]) => path)
    expect(read.sort()).toEqual([...Object.keys(open).filter((path) => path !== '/app.css'), ...shells].sort())
    const change = named.filter(([method]) => method !== 'GET').map(([method, path]) => `${method} ${path}`)
    expect(change.sort()).toEqual(signingIn)
  })

  it.each([...Object.keys(open), snapshotPath, '/admin', '/api/v1/plans/7/approval'])(
    '%s answers every method without, with a wrong and with a right token as it should',
    async (path) => {
      for (const method of methods)
        for (const token of ['none', 'wrong', 'right'] as const) {
          const { status, headers } = await ask(`${method} ${path}`, tokens[token])
          expect([method, path, token, status]).toEqual([method, path, token, expected(method, path, token)])
          expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.* frame-ancestors 'none'$/)
          expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|http|data:/)
          expect(headers.get('x-content-type-options')).toBe('nosniff')
          expect(headers.get('referrer-policy')).toBe('no-referrer')
          expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
          for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'set-cookie', 'via'])
            expect(headers.has(name)).toBe(false)
          expect([...headers.values()].join()).not.toMatch(/hono|node|trueup|sqlite|express/i)
        }
    },
  )

  it.each([
    ...['//admin', '/%2e%2e/etc/passwd', '/../../package.json', '/ADMIN', '/LIVEZ', '/livez/', '//livez'],
    ...['/./admin', '/livez/../admin', '/livez;x', '/%00', '/app.css%00.html', '/%', '/%E0%A4%A', '/..%5cpackage.json'],
    ...[
      '/..%2fpackage.json',
      '/app.css/',
      '/APP.CSS',
      '/.env',
      '/.git/config',
      '/metrics/',
      '/readyz%20',
      '/metrics%2f',
    ],
  ])('%s needs a token, and with one is not there', async (path) => {
    expect((await ask(`GET ${path}`)).status).toBe(401)
    expect((await ask(`GET ${path}`, tokens.right)).status).toBe(404)
  })

  it('is found under the one path that its address stands for', async () => {
    for (const path of ['/%2e%2e/', '/x/..', '/./'])
      expect((await ask(`GET ${path}`)).body).toBe((await ask('GET /')).body)
    expect((await ask('GET /x/../api/v1/snapshots')).status).toBe(401)
  })

  it('is not reached by pretending another method', async () => {
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      expect((await ask('POST /', `${name}: GET\r\n`)).status).toBe(405)
      expect((await ask(`GET ${snapshotPath}`, `${tokens.right}${name}: POST\r\n`)).status).toBe(405)
    }
    expect((await ask(`GET ${snapshotPath}?_method=POST`, tokens.right)).status).toBe(405)
  })

  it('takes a token from its one header only', async () => {
    const { token } = served
    for (const [path, more] of [
      [`${snapshotPath}?access_token=${token}`, ''],
      [snapshotPath, `Cookie: token=${token}\r\n`],
      [snapshotPath, `X-Authorization: Bearer ${token}\r\n`],
      [snapshotPath, `Proxy-Authorization: Bearer ${token}\r\n`],
      [snapshotPath, `${tokens.wrong}${tokens.right}`],
      [snapshotPath, `Authorization: Bearer ${token} ${token}\r\n`],
    ])
      expect((await ask(`POST ${path}`, more)).status).toBe(401)
  })

  it('tells another origin nothing', async () => {
    const preflight = 'Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n'
    const { status, headers } = await ask(`OPTIONS ${snapshotPath}`, preflight)
    expect(status).toBe(401)
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('is refused without a host that could be one', async () => {
    for (const host of [
      '',
      'Host: a b\r\n',
      'Host: 127.0.0.1@evil.example\r\n',
      'Host: 127.0.0.1/x?\r\n',
      'Host: \r\n',
    ])
      expect((await ask('GET /livez', '', host)).status).toBe(400)
    expect((await ask('GET *')).status).toBe(400)
    expect((await ask('GET livez')).status).toBe(400)
  })
})

describe('the status page', () => {
  it('is shown to nobody where a proxy may bring the world, whatever Host it sends', async () => {
    const proxied = await serve({ PUBLIC_URL: 'https://trueup.example.com' })
    const html = await proxied.raw('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
    expect(html).toContain('only on this machine')
    expect(html).not.toContain('Acme')
    await proxied.end()
  })

  it.each([
    ...[
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "'><svg onload=alert(1)>",
      '</title></dd></main>',
    ],
    ...['javascript:alert(1)', 'data:text/html,<script>1</script>', '<a href="javascript:1">x</a>', '{{7*7}}#{7*7}'],
    ...['<div hx-get="/x" hx-trigger="load">', `<b hx-vals="js:{a:1}">`, '<b hx-on:click="1">', '<base href="//evil">'],
    ...[
      '\u2028</script>\u2029',
      '\u202egnp.exe',
      '<!--',
      ']]>',
      '&lt;script&gt;',
      '<svg xmlns="http://www.w3.org/2000/svg">',
    ],
  ])('shows %j as text', async (text) => {
    const tagsOf = (html: string) => html.slice(html.indexOf('<!doctype')).match(/<[^>]*>?/g)
    const show = async (name: string) => {
      await served.deps.db.update(tenants).set({ companyId: name, stateCause: name })
      const run = { phase: 'final', state: 'failed', startedBy: name, requests: 1, startedAt: 1, cause: name } as const
      const [tenant] = await served.deps.db.select().from(tenants)
      if (!tenant) throw new Error('no tenant')
      await served.deps.db.delete(runs)
      await served.deps.db.insert(runs).values({ ...run, id: name, tenantId: tenant.id })
      return (await ask('GET /')).body
    }
    const plain = await show('harmless')
    const html = await show(text)
    expect(plain).toContain('harmless')
    expect(tagsOf(html)).toEqual(tagsOf(plain))
    expect(html).not.toContain('harmless')
  })

  it('is as inert when something went wrong', async () => {
    const [source] = await served.deps.db.select().from(sources)
    const hostile = '"><script>alert(1)</script>'
    await served.deps.db.update(sources).set({ kind: hostile })
    const post = `Content-Type: application/json\r\nContent-Length: 2\r\nAccept: text/html\r\n${tokens.right}`
    const text = await served.raw(`POST ${snapshotPath} HTTP/1.1\r\nHost: x\r\n${post}Connection: close\r\n\r\n{}`)
    await served.deps.db.update(sources).set({ kind: source?.kind ?? '' })
    expect(text).toContain('A source of kind &quot;&gt;&lt;script&gt;')
    expect(text).not.toContain('<script>')
  })
})
