import { eq, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { ticks } from './schema.ts'

/** Notes that the timer ticked now (epoch milliseconds). */
export async function saveTick(db: Db, at: number): Promise<void> {
  await note(db, 'tick', at)
}

/** When the timer last ticked; undefined before the first time. */
export async function findTick(db: Db): Promise<number | undefined> {
  const [row] = await db.select().from(ticks).where(eq(ticks.id, 'tick'))
  return row?.at
}

/** Writes one row, to know that the database takes writes. */
export async function probeWrite(db: Db, at: number): Promise<void> {
  await note(db, 'probe', at)
}

async function note(db: Db, id: string, at: number): Promise<void> {
  await db
    .insert(ticks)
    .values({ id, at })
    .onConflictDoUpdate({ target: ticks.id, set: { at: sql`excluded.at` } })
}
