import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { getTableColumns, getTableName, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import { type Db, type Scope, type Statement, save } from '#db/db.ts'
import * as schema from '#db/schema.ts'
import { givenTenant } from '../store/given.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { fill } from './owned.ts'
import { idle, nothing, others, reads, writes } from './queries.ts'

const folder = fileURLToPath(new URL('../../db', import.meta.url))
const tables = Object.values(schema).filter((table) => is(table, SQLiteTable))

/** Everything a database holds of one tenant, table by table. */
async function rowsOf({ db, tenant }: Scope): Promise<Record<string, unknown[]>> {
  const owned = tables.filter((table) => 'tenantId' in getTableColumns(table))
  const mine = sql`${sql.identifier('tenant_id')} = ${tenant}`
  const own = db.select().from(schema.tenants).where(sql`id = ${tenant}`)
  const [row, ...found] = await db.batch([own, ...owned.map((table) => db.select().from(table).where(mine))])
  const pairs = owned.map((table, at) => [getTableName(table), found[at] ?? []] as const)
  return { ...Object.fromEntries(pairs), tenants: row }
}

/** Every function of `db/` that takes a tenant's Scope, by name. */
async function scopedFunctions(): Promise<Map<string, (...args: never[]) => unknown>> {
  const found = new Map<string, (...args: never[]) => unknown>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    const names = [
      ...text.matchAll(
        /export (?:async )?(?:function|const) (\w+)(?: = (?:async )?)?(?:<[^>]*>)?\(\s*(?:\{[^}]*\}|\w+): Scope\b(?!\[)/g,
      ),
    ]
    if (names.length === 0) continue
    const module: Record<string, unknown> = await import(`${folder}/${file}`)
    for (const [, name = ''] of names) found.set(name, module[name] as (...args: never[]) => unknown)
  }
  return found
}

/** Does what a function gathered; what the database refuses has changed nothing. */
async function carryOut(db: Db, work: unknown): Promise<void> {
  const answer = await work
  const gathered = Array.isArray(answer) ? answer : [answer]
  const statements = gathered.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [one]
    if ('saved' in one) return [one.saved]
    return 'statement' in one ? [one.statement] : 'statements' in one ? one.statements : [one]
  })
  await save(db, statements.filter(isStatement))
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && ('_prepare' in value || 'getSQL' in value || 'getQuery' in value)

const given = async (open: Open) => {
  const { db } = await open()
  const owner = await givenTenant(db)
  const stranger = await givenTenant(db, { companyId: 'Stranger' })
  await fill(owner)
  await db.insert(schema.leases).values({ tenantId: stranger.tenant, owner: 'me', fence: 1, until: 9e12 })
  return { db, owner, stranger }
}
const change = async (name: string, scope: Scope) => {
  const work = (await scopedFunctions()).get(name)
  await Promise.resolve(call(work, scope, writes[name]))
    .then((gathered) => carryOut(scope.db, gathered))
    .catch(() => undefined)
}
const call = (work: ((...args: never[]) => unknown) | undefined, scope: Scope, args: readonly unknown[] = []) =>
  (work as unknown as (...args: readonly unknown[]) => unknown)(scope, ...args)

eachStore((open) => {
  it('every query of a tenant is asked here', async () => {
    const known = [...Object.keys(reads), ...Object.keys(writes), ...others].sort()
    expect([...(await scopedFunctions()).keys()].sort()).toEqual(known)
  })

  it('every table is filled for the owner', async () => {
    const { owner } = await given(open)
    for (const [table, rows] of Object.entries(await rowsOf(owner)))
      expect([table, rows.length > 0]).toEqual([table, true])
  })

  it('a tenant that owns nothing finds nothing of another', async () => {
    const { db, owner, stranger } = await given(open)
    await db.delete(schema.secrets).where(sql`tenant_id = ${stranger.tenant}`)
    await db.delete(schema.dataKeys).where(sql`tenant_id = ${stranger.tenant}`)
    const functions = await scopedFunctions()
    for (const [name, args] of Object.entries(reads)) {
      const [theirs, none] = [
        await call(functions.get(name), owner, args),
        await call(functions.get(name), stranger, args),
      ]
      const empty = Array.isArray(theirs) ? [] : nothing[name]
      expect([name, theirs]).not.toEqual([name, empty])
      expect([name, none]).toEqual([name, empty])
    }
  })

  it('a tenant changes nothing of another, whatever ids it names', async () => {
    const { owner, stranger } = await given(open)
    const before = await rowsOf(owner)
    for (const name of Object.keys(writes)) {
      await change(name, stranger)
      expect([name, await rowsOf(owner)]).toEqual([name, before])
    }
  })
})

it('the same changes are real ones, in the hands of the owner', async () => {
  const still: string[] = []
  for (const name of Object.keys(writes)) {
    const { owner } = await given(openMemory)
    const before = await rowsOf(owner)
    await change(name, owner)
    if (isDeepStrictEqual(await rowsOf(owner), before)) still.push(name)
  }
  expect(still).toEqual(idle)
})
