import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { ticks } from './schema.ts'

/** Writes one row, to know that the database takes writes. */
export async function probeWrite(db: Db, at: number): Promise<void> {
  await db
    .insert(ticks)
    .values({ id: 'probe', at })
    .onConflictDoUpdate({ target: ticks.id, set: { at: sql`excluded.at` } })
}
