import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { installation, leases, tenants } from './schema.ts'

/**
 * The condition under which something may be sent to a tenant's ConnectWise now: the lease is held and `leftMs` of it
 * remain, the tenant is connected and not disabled, and no kill switch is on (I9, TRUST section 4.2).
 */
export function mayWrite({ db, tenant }: Scope, { fence, leftMs }: { fence: number; leftMs: number }): SQL {
  return sql`(exists (select 1 from ${leases} where ${and(eq(leases.tenantId, tenant), eq(leases.fence, fence), sql`${leases.until} >= ${db.clock} + ${leftMs}`)})
  and exists (select 1 from ${tenants} where ${and(eq(tenants.id, tenant), eq(tenants.state, 'connected'), eq(tenants.killSwitch, false), sql`${tenants.mode} <> 'reconcile'`, isNull(tenants.disabledAt))})
  and not exists (select 1 from ${installation} where ${eq(installation.killSwitch, true)}))`
}
