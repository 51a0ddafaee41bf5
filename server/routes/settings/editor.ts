import { zonedTimeIn } from '#billing/period.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Ask } from '#routes/route.ts'
import type { Deps } from '#server/deps.ts'
import type { Editor } from '#sync/settings/settings.ts'

/** The admin who asks, as one who changes settings. */
export function editorOf(deps: Deps, c: Ask): Editor {
  const { scope, tenant, member } = c.get('viewer')
  return { deps, scope, tenant, member }
}

/** An instant in the tenant's zone, named. */
export const timeOf = ({ zone }: Pick<Tenant, 'zone'>, at: number): string => zonedTimeIn(zone, at)
