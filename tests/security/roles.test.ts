import { getTableColumns, getTableName, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { beforeAll, describe, expect, it } from 'vitest'
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
  ask(method: string, path: string, headers: Record<string, string>): Promise<Response>
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
  const source = await addSource(app.scope, { ...settings, id: 'pushing', name: 'Pushing' })
  const stranger = await signIn({ ...app, scope: app.strangers }, { member: 'jsmith', role: 'admin' })
  return {
    ...app,
    routes: routesOf(app.deps),
    ask: (method, path, headers) => {
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: '' }
      const given = method === 'GET' ? headers : { ...headers, ...form }
      return app.clock.run(Promise.resolve(server.request(path, { method, headers: given, ...body })))
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
  it('ISO-1 is as unknown as one that never was, on every route, and stays as it is', async () => {
    const walker = await givenWalker()
    const before = await rowsOf(walker.strangers)
    for (const [method, path, who] of walker.routes) {
      if (!path.includes(':') || !isRole(who)) continue
      const asked = async (which: 'foreign' | 'unknown') => {
        const answer = await walker.ask(method, filled(walker, path, which), walker.headers.admin)
        const text = (await answer.text()).replaceAll(/nonce="[^"]*"|[\w-]{26}/g, '')
        expect([path, text.includes(canary)]).toEqual([path, false])
        return [method, path, answer.status, text.replaceAll(/\b(9087|9250|9301|88888)\b/g, 'N')]
      }
      const unknown = await asked('unknown')
      expect(await asked('foreign')).toEqual(unknown)
      expect([method, path, [403, 404, 409, 422].includes(Number(unknown[2]))]).toEqual([method, path, true])
    }
    expect(await rowsOf(walker.strangers)).toEqual(before)
  })

  it("ISO-2 is not reached with another tenant's token", async () => {
    for (const [method, path, who] of shared.routes) {
      if (!path.includes(':') || !isRole(who) || method !== 'GET') continue
      const answer = await shared.ask(method, filled(shared, path, 'own'), shared.headers.stranger)
      const text = await answer.text()
      const { mappings, plans, runs } = shared.ids
      for (const own of ['Account A-17', mappings?.own, plans?.own, runs?.own])
        expect([path, own, text.includes(own ?? '')]).toEqual([path, own, false])
    }
  })
})

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
