import { and, eq, lt, sql } from 'drizzle-orm'
import type { Scope, Statement } from './db.ts'
import { leases } from './schema.ts'

/**
 * Takes the tenant's lease for `ms`, when nobody holds it. Returns the fence, larger than every one before (I11);
 * undefined while another holds it.
 */
export async function takeLease({ db, tenant }: Scope, owner: string, ms: number): Promise<number | undefined> {
  const until = sql<number>`${db.clock} + ${ms}`
  const [row] = await db
    .insert(leases)
    .values({ tenantId: tenant, owner, fence: 1, until })
    .onConflictDoUpdate({
      target: leases.tenantId,
      set: { owner, fence: sql`${leases.fence} + 1`, until },
      setWhere: lt(leases.until, db.clock),
    })
    .returning({ fence: leases.fence })
  return row?.fence
}

/** Keeps the lease for another `ms`; false when somebody else has taken it since. */
export async function renewLease({ db, tenant }: Scope, fence: number, ms: number): Promise<boolean> {
  const rows = await db
    .update(leases)
    .set({ until: sql`${db.clock} + ${ms}` })
    .where(and(eq(leases.tenantId, tenant), eq(leases.fence, fence)))
    .returning({ fence: leases.fence })
  return rows.length > 0
}

export async function releaseLease({ db, tenant }: Scope, fence: number): Promise<void> {
  await db
    .update(leases)
    .set({ until: 0 })
    .where(and(eq(leases.tenantId, tenant), eq(leases.fence, fence)))
}

/** Makes the batch it is part of fail when somebody else has taken the lease since: see `isLeaseLost`. */
export function requireLease({ db, tenant }: Scope, fence: number): Statement {
  return db
    .update(leases)
    .set({ owner: sql`case when ${leases.fence} = ${fence} then ${leases.owner} end` })
    .where(eq(leases.tenantId, tenant))
}

/** Whether a batch failed because of `requireLease`: only then is an owner missing. */
export function isLeaseLost(cause: unknown): boolean {
  const texts = [cause, cause instanceof Error ? cause.cause : undefined].map(String)
  return texts.some((text) => text.includes('NOT NULL') && text.includes('leases.owner'))
}
