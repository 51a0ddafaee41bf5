import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { listSchedules } from '#db/schedules.ts'
import { openSecret } from '#db/secrets.ts'
import { findTenant } from '#db/tenants.ts'
import { Problem } from '#server/problem.ts'
import { nextDue } from '#sync/schedule.ts'
import { createManage, defaultKeys } from '../sandbox/manage/manage.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, startApp } from '../start.ts'
import { onSqlite } from '../stores.ts'
import { connectLine, type Typing, typer } from './given.ts'

const html = async () =>
  new Response('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } })

const stored = async ({ deps: { db } }: App) =>
  Promise.all(
    ['tenants', 'secrets', 'data_keys', 'schedules'].map((table) =>
      db.all(sql`select * from ${sql.identifier(table)}`),
    ),
  )

onSqlite((open) => {
  describe('trueup connect', () => {
    const given = async () => {
      const app = await startApp(open)
      const beta = createManage({
        clock: app.clock,
        world: emptyWorld(),
        companyId: 'Beta_Ltd',
        zone: 'America/New_York',
      })
      return { app, beta, type: typer(app), typing: { fetch: (request: Request) => beta.fetch(request) } }
    }

    it('stores a tested instance with its sealed keys and a nightly schedule in its own zone', async () => {
      const { app, type, typing } = await given()
      const { exit, json } = await type([...connectLine({ 'company-id': 'Beta_Ltd' }), '--json'], typing)
      expect({ exit, answer: json() }).toEqual({ exit: 0, answer: { tenant: 'beta-ltd', state: 'connected' } })
      const tenant = await findTenant(app.deps.db, 'beta-ltd')
      expect(tenant).toMatchObject({
        site: 'https://na.myconnectwise.net',
        apiOrigin: 'https://api-na.myconnectwise.net',
        codebase: 'v4_6_release/',
        zone: 'America/New_York',
        mode: 'observe',
        hasAdditionsReport: true,
        clientId: defaultKeys.clientId,
      })
      if (!tenant) return
      const scope = { db: app.deps.db, tenant: tenant.id }
      expect(await openSecret(scope, app.deps.seal, 'privateKey')).toBe(defaultKeys.privateKey)
      const [schedule, ...others] = await listSchedules(scope)
      expect(others).toEqual([])
      expect(schedule).toMatchObject({ pattern: '0 2 * * *', zone: 'America/New_York', enabled: true })
      const next = nextDue('0 2 * * *', 'America/New_York', schedule?.lastDay ?? '')
      expect(next).toBe(Date.parse('2026-11-18T07:00:00Z'))
      await app.close()
    })

    it('says in words that the test is successful, and nothing of the keys', async () => {
      const { app, type } = await given()
      app.world.keys.set('pub2', { privateKey: 'sEcr3tXy9', member: 'TrueUp' })
      const { out, err } = await type(connectLine({ 'public-key': 'pub2', 'private-key': 'sEcr3tXy9' }))
      expect(out).toContain('Test is successful.')
      expect(out + err + app.lines.join('')).not.toContain('sEcr3tXy9')
      await app.close()
    })

    it('replaces the keys of a known instance and keeps its schedule', async () => {
      const { app, type } = await given()
      app.manage.world.keys.set('pub2', { privateKey: 'priv2', member: 'TrueUp' })
      const before = await listSchedules(app.scope)
      const { exit, json } = await type([...connectLine({ 'public-key': 'pub2', 'private-key': 'priv2' }), '--json'])
      expect({ exit, answer: json() }).toEqual({ exit: 0, answer: { tenant: 'acme', state: 'connected' } })
      expect(await openSecret(app.scope, app.deps.seal, 'privateKey')).toBe('priv2')
      expect(await listSchedules(app.scope)).toEqual(before)
      await app.close()
    })

    it.each<[string, Typing]>([
      ['from stdin', { input: 'priv\n' }],
      [
        'from the environment',
        { variables: { TRUEUP_PRIVATE_KEY: 'priv', CONNECTWISE_CLIENT_ID: defaultKeys.clientId } },
      ],
    ])('takes the private key %s', async (_, typing) => {
      const { app, type } = await given()
      const typed = connectLine({ 'private-key': typing.input ? '-' : undefined, 'client-id': undefined })
      expect((await type(typed, typing)).exit).toBe(0)
      await app.close()
    })

    it.each<[string, Record<string, string>, Typing, string]>([
      ['a wrong key', { 'private-key': 'wr0ngKey' }, {}, 'does not accept the keys (401'],
      ['a wrong company', { 'company-id': 'nobody' }, {}, 'knows no company "nobody"'],
      [
        'a wrong host',
        { site: 'https://na.myconnectwise.net/v4_6_release' },
        {},
        'Use na.myconnectwise.net, the host alone.',
      ],
      ['a host that is not allowed', { site: 'manage.example.com' }, {}, 'site_not_allowed'],
      ['a private address', { site: 'https://10.0.0.5' }, {}, 'site_not_allowed'],
      ['a loopback address nobody allowed', { site: 'http://127.0.0.1:4601' }, {}, 'site_not_allowed'],
      [
        'a name that leads to a private address',
        {},
        {
          fetch: () => Promise.reject(new Problem('invalid', 'site_not_allowed: its name leads to a private address.')),
        },
        'its name leads to a private address',
      ],
      [
        'an unreachable host',
        {},
        { fetch: () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })) },
        'its name does not exist',
      ],
      ['a web page', {}, { fetch: html }, 'a web page instead of data'],
    ])(
      'with %s says that the test is not successful, why and what to do, and stores nothing',
      async (_, different, typing, cause) => {
        const { app, type } = await given()
        const before = await stored(app)
        const { exit, json, err } = await type([...connectLine(different), '--json'], typing)
        expect(exit).toBe(1)
        expect(json().error.message).toMatch(/^Test is not successful\. .+\. .+\.$/)
        expect(json().error.message).toContain(cause)
        expect(err).toContain('Test is not successful.')
        expect(JSON.stringify(json()) + err).not.toMatch(/wr0ngKey|"priv"/)
        expect(await stored(app)).toEqual(before)
        await app.close()
      },
    )

    it('names a missing right and stores nothing', async () => {
      const { app, type } = await given()
      const before = await stored(app)
      setLevel(app.manage.world, 'TrueUp', 'Procurement > Product Catalog', 'inquire', 'None')
      const { exit, err } = await type(connectLine())
      expect(exit).toBe(1)
      expect(err).toContain('lacks Procurement › Product Catalog › Inquire All')
      expect(await stored(app)).toEqual(before)
      await app.close()
    })

    it.each<[string, Record<string, string | undefined>, Typing, string]>([
      ['no private key', { 'private-key': undefined }, {}, '--private-key is missing: give it, pipe it'],
      ['an empty stdin', { 'private-key': '-' }, { input: '' }, '--private-key is missing'],
      ['a clientId that is no GUID', { 'client-id': 'mine' }, {}, '--client-id must be a GUID'],
      [
        'no clientId at all',
        { 'client-id': undefined },
        { variables: { TRUEUP_PRIVATE_KEY: 'priv' } },
        'give --client-id or set CONNECTWISE_CLIENT_ID',
      ],
    ])('refuses %s with 64', async (_, different, typing, sentence) => {
      const { app, type } = await given()
      const { exit, err } = await type(connectLine(different), typing)
      expect(exit).toBe(64)
      expect(err).toContain(sentence)
      await app.close()
    })
  })
})
