import { findTenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'

/**
 * Who may frame a tenant's shell, for `c.set('frameAncestors', …)`: exactly the web origin stored for it, or `'none'` when
 * it is unknown (TRUST 7.1). Nothing of the request is in it.
 */
export async function frameAncestors({ db }: Pick<Deps, 'db'>, tenantId: string | undefined): Promise<string> {
  const tenant = tenantId === undefined ? undefined : await findTenant(db, tenantId)
  return tenant && /^https?:\/\/[\w.:-]+$/.test(tenant.site) ? tenant.site : "'none'"
}
