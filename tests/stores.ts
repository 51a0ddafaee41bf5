import type { D1Database } from '@cloudflare/workers-types'
import { sql } from 'drizzle-orm'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe } from 'vitest'
import { openD1 } from '#db/d1.ts'
import type { Db } from '#db/db.ts'
import { migrate } from '#db/migrate.ts'
import { openSqlite } from '#db/sqlite.ts'
import { readMigrations } from '#server/node/migrations.ts'
import { type Clock, createClock } from './clock.ts'

export interface OpenStore {
  db: Db
  close(): Promise<void>
}

/** Opens a fresh, migrated store; leases and timers then go by the given clock. */
export type Open = (clock?: Clock) => Promise<OpenStore>

/** Runs the same tests on better-sqlite3 and on D1 (one workerd for the whole file, emptied before each use). */
export function eachStore(tests: (open: Open) => void): void {
  describe('on better-sqlite3', () => tests(openMemory))
  describe('on D1', () => {
    let miniflare: Miniflare
    beforeAll(async () => {
      miniflare = new Miniflare({ modules: true, script: databaseWorker, d1Databases: ['DB'] })
      await miniflare.ready
    })
    afterAll(() => miniflare.dispose())
    tests((clock) => openEmptied(miniflare, clock))
  })
}

/** Tests of what is decided without the database, or runs on Node only: another store would repeat them. */
export const onSqlite = (tests: (open: Open) => void) => describe('on better-sqlite3', () => tests(openMemory))

export async function openMemory(clock: Clock = createClock('2026-11-21T22:00:00Z')): Promise<OpenStore> {
  const { db, file } = openSqlite(':memory:', clock.now)
  await migrate(db, readMigrations())
  return { db, close: async () => void file.close() }
}

/** The D1 database behind the first worker of this Miniflare, migrated and empty. */
export async function openEmptied(
  miniflare: Miniflare,
  clock = createClock('2026-11-21T22:00:00Z'),
): Promise<OpenStore> {
  const binding = d1Of(miniflare, clock)
  const db = openD1(binding, () => sql<number>`${clock.now()}`)
  await migrate(db, readMigrations())
  const names = await binding.prepare(ownTables).bind().raw<[string]>()
  await binding.batch(names.map(([name]) => binding.prepare(`delete from ${name}`).bind()))
  return { db, close: async () => undefined }
}

const ownTables = `select name from sqlite_master
  where type = 'table' and name not glob '_cf*' and name not glob 'sqlite*' and name <> 'migrations'`

/** The first worker of the Miniflare. It stands before the database in workerd: a query or batch is one request, where Miniflare's own proxy blocks the thread. */
export const databaseWorker = `export default {
  async fetch(request, { DB }) {
    const { queries, batch } = await request.json()
    const statements = queries.map(({ text, values }) => DB.prepare(text).bind(...values))
    try {
      return Response.json(batch ? await DB.batch(statements) : await statements[0].raw())
    } catch (error) {
      return Response.json({ message: error.message }, { status: 500 })
    }
  },
}`

interface Query {
  text: string
  values: unknown[]
}

/** The part of a D1 binding that the store uses. The clock knows of every query, so virtual time waits for it. */
function d1Of(miniflare: Miniflare, clock: Clock): D1Database {
  const ask = async (queries: readonly Query[], batch: boolean) => {
    const answer = await miniflare.dispatchFetch('http://d1', {
      method: 'POST',
      body: JSON.stringify({ queries, batch }),
    })
    const body = await answer.json()
    if (answer.ok) return body
    throw new Error((body as { message: string }).message)
  }
  const statement = (text: string, values: unknown[]) => ({
    text,
    values,
    bind: (...given: unknown[]) => statement(text, given),
    raw: () => clock.busy(ask([{ text, values }], false)),
  })
  return {
    prepare: (text: string) => statement(text, []),
    batch: (queries: readonly Query[]) =>
      clock.busy(
        ask(
          queries.map(({ text, values }) => ({ text, values })),
          true,
        ),
      ),
  } as unknown as D1Database
}
