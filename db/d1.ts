import type { D1Database } from '@cloudflare/workers-types'
import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/sqlite-proxy'
import type { Db } from './db.ts'

interface Query {
  sql: string
  params: unknown[]
  method: string
}

/**
 * Cloudflare D1 behind the same face, by the same road as better-sqlite3: drizzle's own D1 driver cannot batch raw SQL
 * with parameters. Leases use the database's own clock unless a test passes another; `onQueries` hears of every call.
 */
export function openD1(
  binding: D1Database,
  clock: () => SQL<number> = () => sql<number>`(unixepoch('subsec') * 1000)`,
  onQueries: (count: number) => void = () => undefined,
): Db {
  const prepare = ({ sql: text, params }: Pick<Query, 'sql' | 'params'>) => binding.prepare(text).bind(...params)
  const remote = drizzle(
    async (text, params, method) => {
      onQueries(1)
      return answer({ method, rows: await prepare({ sql: text, params }).raw() })
    },
    async (queries: Query[]) => {
      onQueries(queries.length)
      const answers = await binding.batch<Record<string, unknown>>(queries.map(prepare))
      return answers.map(({ results }, i) =>
        answer({ method: queries[i]?.method, rows: results.map((row) => Object.values(row)) }),
      )
    },
    { casing: 'snake_case' },
  )
  return Object.defineProperty(remote, 'clock', { get: clock }) as unknown as Db
}

/** A `get` is answered by its row alone. */
function answer({ method, rows }: { method: string | undefined; rows: unknown[] }): { rows: unknown[] } {
  return { rows: method === 'get' ? (rows[0] as unknown[]) : rows }
}
