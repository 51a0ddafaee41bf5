import { and, eq, isNull } from 'drizzle-orm'
import type { Db, Scope, Statement } from './db.ts'
import { schedules, tenants, ticks } from './schema.ts'

export type Schedule = typeof schedules.$inferSelect

export function addSchedule({ db, tenant }: Scope, schedule: Omit<Schedule, 'tenantId'>): Statement {
  return db
    .insert(schedules)
    .values({ ...schedule, tenantId: tenant })
    .onConflictDoNothing()
}

export function listSchedules({ db, tenant }: Scope): Promise<Schedule[]> {
  return db.select().from(schedules).where(eq(schedules.tenantId, tenant))
}

/** Another time, another zone, or on demand only. */
export function saveSchedule(
  { db, tenant }: Scope,
  id: string,
  values: Pick<Schedule, 'pattern' | 'zone' | 'enabled' | 'lastDay'>,
): Statement {
  return db
    .update(schedules)
    .set(values)
    .where(and(eq(schedules.tenantId, tenant), eq(schedules.id, id)))
}

/** Nothing runs by itself any more, until a person switches it on again. */
export function stopSchedules({ db, tenant }: Scope): Statement {
  return db.update(schedules).set({ enabled: false }).where(eq(schedules.tenantId, tenant))
}

/** Every schedule that may fire, for the tick: enabled, of connected tenants that are switched on. */
export async function listActiveSchedules(db: Db): Promise<Schedule[]> {
  const rows = await db
    .select({ schedule: schedules })
    .from(schedules)
    .innerJoin(tenants, eq(tenants.id, schedules.tenantId))
    .where(and(eq(schedules.enabled, true), eq(tenants.state, 'connected'), isNull(tenants.disabledAt)))
  return rows.map((row) => row.schedule)
}

/** Marks a local day as started. Saved with the run itself, so that neither exists without the other. */
export function markDay({ db, tenant }: Scope, schedule: Schedule, day: string): Statement {
  return db
    .update(schedules)
    .set({ lastDay: day })
    .where(and(eq(schedules.tenantId, tenant), eq(schedules.id, schedule.id), eq(schedules.lastDay, schedule.lastDay)))
}

/** When this install last ticked. */
export function markTick(db: Db, at: number): Statement {
  return db.insert(ticks).values({ id: 'this', at }).onConflictDoUpdate({ target: ticks.id, set: { at } })
}

/** When this installation ticked last, in epoch milliseconds; undefined before the first tick. */
export async function findTick(db: Db): Promise<number | undefined> {
  const [row] = await db.select().from(ticks).where(eq(ticks.id, 'this'))
  return row?.at ?? undefined
}
