import type { D1Database } from '@cloudflare/workers-types'
import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Db } from './db.ts'

/** Cloudflare D1 behind the same face. Leases use the database's own clock unless a test passes another. */
export function openD1(
  binding: D1Database,
  clock: () => SQL<number> = () => sql<number>`(unixepoch('subsec') * 1000)`,
): Db {
  const d1 = drizzle(binding, { casing: 'snake_case' })
  return Object.defineProperty(d1, 'clock', { get: clock }) as unknown as Db
}
