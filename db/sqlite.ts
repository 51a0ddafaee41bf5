import Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import type { Db } from './db.ts'

export interface SqliteStore {
  db: Db
  /** The connection itself, for what only a file database has: backups, integrity checks, closing. */
  file: Database.Database
}

/** Opens a SQLite file as the writer: WAL, every commit synced before it is answered (TRUST section 4). */
export function openSqlite(path: string, now: () => number): SqliteStore {
  const file = new Database(path)
  for (const pragma of [
    'busy_timeout = 5000',
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'journal_size_limit = 67108864',
  ])
    file.pragma(pragma)

  const statements = new Map<string, Database.Statement>()
  const prepare = (text: string): Database.Statement => {
    const known = statements.get(text)
    if (known) return known
    const statement = file.prepare(text)
    if (statement.reader) statement.raw()
    statements.set(text, statement)
    return statement
  }
  const execute = ({
    sql: text,
    params,
    method,
  }: {
    sql: string
    params: unknown[]
    method: string
  }): { rows: unknown[] } => {
    const statement = prepare(text)
    if (!statement.reader) {
      statement.run(...params)
      return { rows: [] }
    }
    return { rows: method === 'get' ? (statement.get(...params) as unknown[]) : statement.all(...params) }
  }
  const together = file.transaction((queries: Parameters<typeof execute>[0][]) => queries.map(execute))

  const remote = drizzle(
    async (text, params, method) => execute({ sql: text, params, method }),
    async (queries) => together.immediate(queries),
    { casing: 'snake_case' },
  )
  // The injected clock is the store's clock: one machine, one time, and tests can set it.
  const clock = { get: () => sql<number>`${now()}` }
  return { db: Object.defineProperty(remote, 'clock', clock) as unknown as Db, file }
}
