import type { D1Database, D1PreparedStatement } from '@cloudflare/workers-types'
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
    beforeAll(() => {
      miniflare = new Miniflare({ modules: true, script: 'export default {}', d1Databases: ['DB'] })
    })
    afterAll(() => miniflare.dispose())
    tests((clock) => openEmptied(miniflare, clock))
  })
}

export async function openMemory(clock: Clock = createClock('2026-11-21T22:00:00Z')): Promise<OpenStore> {
  const { db, file } = openSqlite(':memory:', clock.now)
  await migrate(db, readMigrations())
  return { db, close: async () => void file.close() }
}

async function openEmptied(miniflare: Miniflare, clock = createClock('2026-11-21T22:00:00Z')): Promise<OpenStore> {
  const binding = (await miniflare.getD1Database('DB')) as unknown as D1Database
  const db = openD1(timed(binding, clock), () => sql<number>`${clock.now()}`)
  await migrate(db, readMigrations())
  const { results } = await binding
    .prepare(
      "select name from sqlite_master where type = 'table' and name not glob '_cf*' and name not glob 'sqlite*' and name <> 'migrations'",
    )
    .all<{ name: string }>()
  await binding.batch(results.map(({ name }) => binding.prepare(`delete from ${name}`)))
  return { db, close: async () => undefined }
}

/** Tells the clock about every query under way, so that virtual time does not jump over it. */
function timed(binding: D1Database, clock: Clock): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>()
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      run: () => clock.busy(statement.run()),
      all: () => clock.busy(statement.all()),
      first: () => clock.busy(statement.first()),
      raw: () => clock.busy(statement.raw()),
    }
    originals.set(wrapped, statement)
    return wrapped as unknown as D1PreparedStatement
  }
  return {
    prepare: (text: string) => wrap(binding.prepare(text)),
    batch: (statements: D1PreparedStatement[]) =>
      clock.busy(binding.batch(statements.map((statement) => originals.get(statement) ?? statement))),
  } as unknown as D1Database
}
