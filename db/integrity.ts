import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'

/** What is damaged in the database, as SQLite says it; undefined when it is intact. */
export async function findDamage(db: Db): Promise<string | undefined> {
  const rows = await db.all<unknown>(sql`pragma quick_check`)
  const said = rows.flatMap((row) => (Array.isArray(row) ? row : Object.values(Object(row)))).map(String)
  return said.length === 1 && said[0] === 'ok' ? undefined : said.slice(0, 3).join('; ') || 'no answer'
}
