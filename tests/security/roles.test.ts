import { getTableColumns, getTableName, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { addOperatorCode, openOperatorSession } from '#db/operator.ts'
import * as schema from '#db/schema.ts'
import { addSource } from '#db/sources.ts'
import type { Route, Who } from '#routes/route.ts'
import { createApp, routesOf } from '#server/app.ts'
import { includesRole, type Role } from '#session/viewer.ts'
import { signIn } from '../session/signed-in.ts'
import { canary, givenTwoTenants, type TwoTenants } from './ids.ts'

const roles = ['technician', 'finance', 'admin'] as const
const isRole = (who: Who): who is Role => roles.some((role) => role === who)
const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

interface Walker extends TwoTenants {
  routes: readonly Route[]
  ask(method: string, path: string, headers: Record<string, string>, fields?: URLSearchParams): Promise<Response>
  /** What each kind of caller sends along. */
  headers: Record<Role | 'nobody' | 'source' | 'operator' | 'stranger' | 'garbage', Record<string, string>>
}

async function givenWalker(): Promise<Walker> {
  const app = await givenTwoTenants()
  const server = createApp(app.deps)
  const { db } = app.deps
  const token = async (role: Role) => (await signIn(app, { member: `a${role}`, role })).token
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
  const code = await addOperatorCode(db, app.deps.now())
  const cookie = await openOperatorSession(db, code, app.deps.now())
  const settings = { kind: 'push', settings: {}, billingPeriod: 'current', createdAt: 1 } as const
  const source = addSource(app.scope, { ...settings, id: 'pushing', name: 'Pushing' })
  await save(db, [source.saved])
  const stranger = await signIn({ ...app, scope: app.strangers }, { member: 'jsmith', role: 'admin' })
  return {
    ...app,
    routes: routesOf(app.deps),
    ask: (method, path, headers, fields = new URLSearchParams()) => {
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: fields.toString() }
      const given = method === 'GET' ? headers : { ...headers, ...form }
      const address = method === 'GET' ? `${path}?${fields}` : path
      return app.clock.run(Promise.resolve(server.request(address, { method, headers: given, ...body })))
    },
    headers: {
      nobody: {},
      garbage: bearer('aaaa.bbbb.cccc'),
      source: bearer(source.token),
      operator: { cookie: `__Host-trueup-operator=${cookie}` },
      technician: bearer(await token('technician')),
      finance: bearer(await token('finance')),
      admin: bearer(await token('admin')),
      stranger: bearer(stranger.token),
    },
  }
}

/** The address with its ids filled in. */
function filled({ ids }: Walker, path: string, which: 'own' | 'foreign' | 'unknown'): string {
  const parts = path.split('/')
  return parts
    .map((part, at) => {
      const name = parts[at - 1] ?? ''
      if (!part.startsWith(':')) return part
      const known = ids[name] ?? ids[part.slice(1)]
      if (!known) throw new Error(`${path}: say in tests/security/ids.ts what ${part} stands for`)
      return known[which] + (/\.\w+$/.exec(part)?.[0] ?? '')
    })
    .join('/')
}

let shared: Walker
beforeAll(async () => {
  shared = await givenWalker()
})

describe('every route', () => {
  it('is closed to who is not known, or known as something else', async () => {
    for (const [method, path, who] of shared.routes) {
      if (who === 'anyone') continue
      const strangers = (['nobody', 'garbage', 'source', 'operator', 'admin'] as const).filter(
        (caller) => caller !== who && !(isRole(who) && caller === 'admin'),
      )
      for (const caller of strangers) {
        const answer = await shared.ask(method, filled(shared, path, 'own'), shared.headers[caller])
        expect([method, path, caller, answer.status]).toEqual([method, path, caller, 401])
      }
    }
  })

  it('is closed to a lower role, and says which it needs', async () => {
    for (const [method, path, who] of shared.routes)
      for (const role of roles.filter((one) => isRole(who) && !includesRole(one, who))) {
        const answer = await shared.ask(method, filled(shared, path, 'own'), shared.headers[role])
        expect([method, path, role, answer.status]).toEqual([method, path, role, 403])
        expect(await answer.text()).toContain(`This needs the role ${who}`)
      }
  })

  it('that does not exist is told only to who has a token', async () => {
    for (const path of ['/nowhere', '/HELP', '/help/', '/plans//7', '/settings']) {
      for (const caller of ['nobody', 'garbage', 'operator'] as const)
        expect([path, (await shared.ask('GET', path, shared.headers[caller])).status]).toEqual([path, 401])
      for (const caller of ['technician', 'admin', 'source'] as const)
        expect([path, (await shared.ask('GET', path, shared.headers[caller])).status]).toEqual([path, 404])
    }
  })

  it('that reads answers its role and every higher one', async () => {
    for (const [method, path, who] of shared.routes)
      for (const role of roles.filter((one) => method === 'GET' && isRole(who) && includesRole(one, who))) {
        const answer = await shared.ask(method, filled(shared, path, 'own'), shared.headers[role])
        // 422: what it reads by is in the query.
        expect([path, role, [200, 422].includes(answer.status)]).toEqual([path, role, true])
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(await answer.text()).not.toContain(canary)
      }
  })

  it('that changes something lets its role and the operator in', async () => {
    const walker = await givenWalker()
    for (const [method, path, who] of walker.routes) {
      if (method === 'GET' || who === 'anyone' || who === 'source' || path === '/operator/session') continue
      const fresh = path.includes('disconnect') || method === 'DELETE' ? await givenWalker() : walker
      const answer = await fresh.ask(method, filled(fresh, path, 'own'), fresh.headers[who])
      expect([method, path, answer.status, [401, 403, 405, 415].includes(answer.status)]).toEqual([
        ...[method, path, answer.status],
        false,
      ])
      expect([method, path, answer.status < 500]).toEqual([method, path, true])
    }
  })
})

describe("another tenant's record", () => {
  /** What an admin is told, but for what differs from answer to answer. */
  const told = async (walker: Walker, method: string, path: string, fields?: URLSearchParams) => {
    const answer = await walker.ask(method, path, walker.headers.admin, fields)
    const text = (await answer.text()).replaceAll(/nonce="[^"]*"|[\w-]{26}/g, '')
    expect([path, text.includes(canary)]).toEqual([path, false])
    const ids = new RegExp(
      Object.values(walker.ids)
        .flatMap(({ foreign, unknown }) => [foreign, unknown])
        .join('|'),
      'g',
    )
    return { status: answer.status, text: text.replaceAll(ids, '') }
  }
  const refusals = [403, 404, 409, 422]

  it('ISO-1 ISO-3 ISO-8 ISO-10 ISO-11 is as unknown as one that never was, on every route, and stays as it is', async () => {
    const walker = await givenWalker()
    const before = await rowsOf(walker.strangers)
    for (const [method, path, who] of walker.routes) {
      if (!path.includes(':') || !isRole(who)) continue
      const unknown = await told(walker, method, filled(walker, path, 'unknown'), named(walker, 'unknown'))
      const foreign = await told(walker, method, filled(walker, path, 'foreign'), named(walker, 'foreign'))
      expect([path, foreign]).toEqual([path, unknown])
      expect([method, path, refusals.includes(unknown.status)]).toEqual([method, path, true])
    }
    expect(await rowsOf(walker.strangers)).toEqual(before)
  })

  it('ISO-2 ISO-4 is as unknown when a form or a query names it', async () => {
    const walker = await givenWalker()
    const before = await rowsOf(walker.strangers)
    for (const [method, path, who] of walker.routes) {
      // A setting is of the tenant as a whole: its form names no record.
      if (path.includes(':') || !isRole(who) || (method !== 'GET' && path.startsWith('/settings'))) continue
      const unknown = await told(walker, method, path, named(walker, 'unknown'))
      const foreign = await told(walker, method, path, named(walker, 'foreign'))
      expect([method, path, foreign]).toEqual([method, path, unknown])
    }
    expect(await rowsOf(walker.strangers)).toEqual(before)
  })

  it("TOK-9 is not reached with another tenant's token", async () => {
    for (const [method, path, who] of shared.routes) {
      if (!isRole(who) || method !== 'GET') continue
      const answer = await shared.ask(method, filled(shared, path, 'own'), shared.headers.stranger)
      const text = await answer.text()
      const { mappings, plans, runs } = shared.ids
      for (const own of ['Account A-17', mappings?.own, plans?.own, runs?.own])
        expect([path, own, text.includes(own ?? '')]).toEqual([path, own, false])
    }
  })
})

/** Every field by which a form of ours may name a record. */
function named({ ids }: Walker, which: 'foreign' | 'unknown'): URLSearchParams {
  const names = { company: 'companies', agreement: 'agreements', addition: 'additions', product: 'products' }
  const others = { mapping: 'mappings', plan: 'plans', run: 'runs', source: 'sources' }
  const pairs = Object.entries({ ...names, ...others }).map(([name, key]) => [name, ids[key]?.[which] ?? ''])
  const account = { account: 'A-17', accounts: `${ids.sources?.[which]} A-17` }
  const more = { fingerprint: 'f', choice: 'keep', note: 'n', include: '1', ...account }
  return new URLSearchParams([...pairs, ...Object.entries(more)])
}

/** Everything of one tenant but what asking itself leaves behind. */
async function rowsOf({ db, tenant }: Walker['scope']): Promise<Record<string, unknown[]>> {
  const owned = Object.values(schema)
    .filter((table) => is(table, SQLiteTable))
    .filter((table) => 'tenantId' in getTableColumns(table))
  const rows = await Promise.all(
    owned.map(async (table) => {
      const mine = sql`${sql.identifier('tenant_id')} = ${tenant}`
      return [getTableName(table), await db.select().from(table).where(mine)] as const
    }),
  )
  return Object.fromEntries(rows)
}
