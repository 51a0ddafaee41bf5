import { expect, it } from 'vitest'
import { addOperatorCode, openOperatorSession } from '#db/operator.ts'
import { sessions, tenants } from '#db/schema.ts'
import { findTenant } from '#db/tenants.ts'
import { createApp } from '#server/app.ts'
import { createPinnedFetch } from '#server/node/pinned-fetch.ts'
import { connectLine, typer } from '../commands/given.ts'
import { givenContoso } from '../given.ts'
import * as faults from '../sandbox/manage/faults.ts'
import { claimOf } from '../session/signed-in.ts'
import { startApp } from '../start.ts'
import { openMemory } from '../stores.ts'

const operators = 'https://manage.msp.example,http://127.0.0.1:4601'

/** Somebody types `trueup connect` where every lookup and every request would be seen. */
async function given(addresses?: readonly string[]) {
  const app = await startApp(openMemory, { env: { CONNECTWISE_HOSTS: operators } })
  const packets: string[] = []
  const names: string[] = []
  const resolve = async (name: string) => {
    names.push(name)
    return addresses ?? []
  }
  const record = async (request: Request) => {
    packets.push(request.url)
    return new Response('{}')
  }
  const fetch = addresses ? createPinnedFetch({ allowedLoopback: ['http://127.0.0.1:4601'], resolve }) : record
  const connect = (site: string, more: Record<string, string> = {}) =>
    typer(app)([...connectLine({ site, ...more }), '--json'], { fetch })
  return { app, packets, names, connect }
}

/** What a person may type as their site, by the ids of TRUST 7.6; the last ones are of none. */
const sites: Record<string, readonly string[]> = {
  'SSRF-1': ['127.0.0.1', '127.0.0.1:4601', 'http://127.0.0.1:4602'],
  'SSRF-2': ['2130706433'],
  'SSRF-3': ['0x7f000001'],
  'SSRF-4': ['017700000001'],
  'SSRF-5': ['127.1'],
  'SSRF-6': ['0'],
  'SSRF-7': ['[::1]'],
  'SSRF-8': ['[::ffff:127.0.0.1]'],
  'SSRF-9': ['[::127.0.0.1]'],
  'SSRF-10': ['[::ffff:0:127.0.0.1]'],
  'SSRF-11': ['[64:ff9b::a9fe:a9fe]'],
  'SSRF-12': ['[64:ff9b:1::a00:1]'],
  'SSRF-13': ['[2002:7f00:1::]'],
  'SSRF-14': ['[2001:0::]'],
  'SSRF-15': ['[fd00:ec2::254]'],
  'SSRF-16': ['[fe80::1%eth0]'],
  'SSRF-17': ['[fec0::1]'],
  'SSRF-18': ['169.254.169.254'],
  'SSRF-19': ['168.63.129.16'],
  'SSRF-20': ['100.100.100.200'],
  'SSRF-21': ['10.0.0.1', '172.16.0.1', '192.168.0.1'],
  'SSRF-22': ['100.64.0.1'],
  'SSRF-23': ['localhost', 'LOCALHOST', 'localhost.', 'http://localhost:4601', 'na.myconnectwise.net.'],
  'SSRF-27': ['user:pass@na.myconnectwise.net'],
  'SSRF-28': [
    ...['na.myconnectwise.net@evil.com', 'na.myconnectwise.net%2eevil.com', 'na.myconnectwise.net\\@evil.com'],
    ...['na.myconnectwise.net#@evil.com', 'na.myconnectwise.net?@evil.com', 'na.myconnectwise.net.evil.com'],
  ],
  'SSRF-29': ['na.myconnectwise.net:22', 'na.myconnectwise.net:8443', 'na.myconnectwise.net:443'],
  'SSRF-30': ['na．myconnectwise．net', 'na。myconnectwise。net', 'nа.myconnectwise.net'],
  SSRF: [
    ...['http://na.myconnectwise.net', 'file:///etc/passwd', 'gopher://na.myconnectwise.net', '//na.myconnectwise.net'],
    ...[
      'https://na.myconnectwise.net/..//evil.com',
      'na.myconnectwise.net\n',
      '\tna.myconnectwise.net',
      'javascript:1',
    ],
    ...['https://manage.msp.example:443', 'https://manage.msp.example/', 'HTTPS://manage.msp.example', '__proto__'],
  ],
}
const typed = Object.entries(sites).flatMap(([id, texts]) => texts.map((text) => [id, text] as const))

it.each(typed)('%s: the site %j is not allowed, and no packet leaves', async (_, site) => {
  const { packets, connect } = await given()
  const { exit, json } = await connect(site)
  expect({ exit, packets }).toEqual({ exit: 1, packets: [] })
  expect(json().error.message).toContain('site_not_allowed')
})

it('SSRF-1 to SSRF-30: no such site is tested or stored from the operator’s page, and none is the tenant’s', async () => {
  const { app } = await given()
  const before = await app.deps.db.select().from(tenants)
  const operator = await openOperatorSession(
    app.deps.db,
    await addOperatorCode(app.deps.db, app.clock.now()),
    app.clock.now(),
  )
  const headers = {
    cookie: `__Host-trueup-operator=${operator}`,
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
  }
  const server = createApp(app.deps)
  for (const [, site] of typed.filter(([, text]) => text === text.trim()))
    for (const path of ['/operator/tests', '/operator/tenants']) {
      const body = new URLSearchParams({ site, companyId: 'acme', publicKey: 'pub', privateKey: 'priv', clientId: '' })
      const answer = await server.request(path, { method: 'POST', headers, body: body.toString() })
      expect([site, (await answer.text()).includes('Test is not successful.')]).toEqual([site, true])
    }
  expect(app.manage.requests).toEqual([])
  expect(await app.deps.db.select().from(tenants)).toEqual(before)
})

it.each([
  ...['127.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', 'fd00:ec2::254', 'fec0::1'],
  ...['169.254.169.254', '168.63.129.16', '100.100.100.200', '10.1.2.3', '172.20.1.1', '192.168.1.1', '0.0.0.0'],
])('SSRF-24: an allowed name that leads to %s beside a public address is not called', async (address) => {
  const { names, connect } = await given(['93.184.216.34', address])
  const { exit, json } = await connect('manage.msp.example')
  expect({ exit, names }).toEqual({ exit: 1, names: ['manage.msp.example'] })
  expect(json().error.message).toContain('its name leads to a private address')
})

it('a company id is no way to another path', async () => {
  for (const id of ['../../evil', 'a/b', 'a?b', 'a#b', 'a@evil.com', 'a%2f', 'a\\b', 'a b']) {
    const { packets, connect } = await given()
    const { exit } = await connect('na.myconnectwise.net', { 'company-id': id })
    expect({ exit, packets }).toEqual({ exit: 1, packets: [] })
  }
})

it('a password typed into the site is not repeated', async () => {
  const { connect } = await given()
  for (const site of ['https://user:hunter2@na.myconnectwise.net', `x:hunter2${'y'.repeat(90)}@na.myconnectwise.net`]) {
    const { out, err } = await connect(site)
    expect(out).toContain('site_not_allowed')
    expect(out + err).not.toContain('hunter2')
  }
})

it.each([301, 302, 303, 307, 308])('SSRF-26: a redirect (%i) is an error, wherever it leads', async (status) => {
  const { app } = await given()
  for (const location of ['http://169.254.169.254/', 'https://evil.example/', 'file:///etc/passwd', '/elsewhere']) {
    const packets: string[] = []
    const fetch = async (request: Request) => {
      packets.push(new URL(request.url).host)
      return new Response(null, { status, headers: { location } })
    }
    const { exit } = await typer(app)(connectLine(), { fetch })
    expect(exit).toBe(1)
    expect(new Set(packets)).toEqual(new Set(['na.myconnectwise.net']))
  }
})

it('SSRF-32: a Link to another host ends the reading, and nothing is written', async () => {
  const app = await givenContoso(openMemory, 12)
  await app.say({ 'A-17': 15 })
  app.manage.faults.add({ match: { path: /additions/ }, fault: faults.foreignLink() })
  const { state } = await app.sync()
  expect(state).not.toBe('done')
  expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
})

it('a tenant whose host the operator no longer allows is not called', async () => {
  const app = await givenContoso(openMemory, 12)
  await app.say({ 'A-17': 15 })
  await app.deps.db.update(tenants).set({ site: 'https://manage.msp.example', apiOrigin: 'https://evil.example' })
  expect(await app.sync()).toMatchObject({ state: 'failed', cause: expect.stringContaining('site_not_allowed') })
  expect(await findTenant(app.deps.db, 'acme')).toMatchObject({ state: 'attention' })
  expect(app.manage.requests).toEqual([])
})

it('a member is asked about at no host that the operator no longer allows, whatever the member claims', async () => {
  const app = await givenContoso(openMemory, 12)
  await app.deps.db.update(tenants).set({ site: 'https://manage.msp.example', apiOrigin: 'https://evil.example' })
  const claim = { ...claimOf(app, 'jsmith'), site: 'https://na.myconnectwise.net', codeBase: 'v2025_1/' }
  const headers = { 'content-type': 'application/json' }
  const asked = createApp(app.deps).request('/session', { method: 'POST', headers, body: JSON.stringify(claim) })
  expect((await app.clock.run(Promise.resolve(asked))).status).toBe(401)
  expect(app.manage.requests).toEqual([])
  expect(await app.deps.db.select().from(sessions)).toEqual([])
})
