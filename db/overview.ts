import { count, eq, sql } from 'drizzle-orm'
import type { Db, Scope } from './db.ts'
import { findWaitingPlan, type Plan } from './plans.ts'
import { findNewestRun, type Run } from './runs.ts'
import { mappings } from './schema.ts'
import { listTenants, type Tenant } from './tenants.ts'

/** How one tenant stands, for the operator. */
export interface Overview {
  tenant: Tenant
  mappings: number
  /** Mappings that may be written. */
  included: number
  lastRun?: Run
  waiting?: Plan
}

export async function listOverviews(db: Db): Promise<Overview[]> {
  const tenants = await listTenants(db)
  return Promise.all(tenants.map((tenant) => overviewOf({ db, tenant: tenant.id }, tenant)))
}

async function overviewOf(scope: Scope, tenant: Tenant): Promise<Overview> {
  const [[counted], lastRun, waiting] = await Promise.all([
    scope.db
      .select({ mappings: count(), included: sql<number>`coalesce(sum(${mappings.include}), 0)` })
      .from(mappings)
      .where(eq(mappings.tenantId, scope.tenant)),
    findNewestRun(scope),
    findWaitingPlan(scope),
  ])
  return {
    tenant,
    mappings: counted?.mappings ?? 0,
    included: counted?.included ?? 0,
    ...(lastRun ? { lastRun } : {}),
    ...(waiting ? { waiting } : {}),
  }
}
