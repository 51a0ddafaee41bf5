import { expect, it } from 'vitest'
import { tenants } from '#db/schema.ts'
import { findTenant } from '#db/tenants.ts'
import { createPinnedFetch } from '#server/node/pinned-fetch.ts'
import { connectLine, typer } from '../commands/given.ts'
import { givenContoso } from '../given.ts'
import * as faults from '../sandbox/manage/faults.ts'
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

it.each([
  ...['127.0.0.1', '2130706433', '0x7f000001', '017700000001', '127.1', '0', '[::1]', '[::ffff:127.0.0.1]'],
  ...['[::127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::a00:1]', '[2002:7f00:1::]'],
  ...['[2001:0::]', '[fd00:ec2::254]', '[fe80::1%eth0]', '[fec0::1]', '169.254.169.254', '168.63.129.16'],
  ...['100.100.100.200', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1'],
  ...['localhost', 'LOCALHOST', 'localhost.', 'http://localhost:4601', 'http://127.0.0.1:4602', '127.0.0.1:4601'],
  ...['user:pass@na.myconnectwise.net', 'na.myconnectwise.net@evil.com', 'na.myconnectwise.net%2eevil.com'],
  ...['na.myconnectwise.net\\@evil.com', 'na.myconnectwise.net#@evil.com', 'na.myconnectwise.net?@evil.com'],
  ...['na.myconnectwise.net:22', 'na.myconnectwise.net:8443', 'na.myconnectwise.net:443', 'na.myconnectwise.net.'],
  ...['na．myconnectwise．net', 'na。myconnectwise。net', 'nа.myconnectwise.net', 'na.myconnectwise.net.evil.com'],
  ...['http://na.myconnectwise.net', 'file:///etc/passwd', 'gopher://na.myconnectwise.net', '//na.myconnectwise.net'],
  ...['https://na.myconnectwise.net/..//evil.com', 'na.myconnectwise.net\n', '\tna.myconnectwise.net', 'javascript:1'],
  ...['https://manage.msp.example:443', 'https://manage.msp.example/', 'HTTPS://manage.msp.example', '__proto__'],
])('the site %j is not allowed, and no packet leaves', async (site) => {
  const { packets, connect } = await given()
  const { exit, json } = await connect(site)
  expect({ exit, packets }).toEqual({ exit: 1, packets: [] })
  expect(json().error.message).toContain('site_not_allowed')
})

it.each([
  ...['127.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', 'fd00:ec2::254', 'fec0::1'],
  ...['169.254.169.254', '168.63.129.16', '100.100.100.200', '10.1.2.3', '172.20.1.1', '192.168.1.1', '0.0.0.0'],
])('an allowed name that leads to %s beside a public address is not called', async (address) => {
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

it.each([301, 302, 303, 307, 308])('a redirect (%i) is an error, wherever it leads', async (status) => {
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

it('a Link to another host ends the reading, and nothing is written', async () => {
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
