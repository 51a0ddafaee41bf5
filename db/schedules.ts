import { and, eq } from 'drizzle-orm'
import type { Db, Scope, Statement } from './db.ts'
import { schedules, tenants } from './schema.ts'

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

/** Every schedule that may fire, for the tick: enabled, of connected tenants. */
export async function listActiveSchedules(db: Db): Promise<Schedule[]> {
  const rows = await db
    .select({ schedule: schedules })
    .from(schedules)
    .innerJoin(tenants, eq(tenants.id, schedules.tenantId))
    .where(and(eq(schedules.enabled, true), eq(tenants.state, 'connected')))
  return rows.map((row) => row.schedule)
}

/** Marks a local day as started. Saved with the run itself, so that neither exists without the other. */
export function markDay({ db, tenant }: Scope, schedule: Schedule, day: string): Statement {
  return db
    .update(schedules)
    .set({ lastDay: day })
    .where(and(eq(schedules.tenantId, tenant), eq(schedules.id, schedule.id), eq(schedules.lastDay, schedule.lastDay)))
}
