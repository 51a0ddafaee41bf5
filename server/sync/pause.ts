import { type Scope, save } from '#db/db.ts'
import { addLogs } from '#db/logs.ts'
import { findTenant, saveTenantState } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'

/** The tenant needs attention; nothing is asked of its ConnectWise until it is connected again (K7). */
export async function pause({ deps, scope }: { deps: Deps; scope: Scope }, cause: string): Promise<void> {
  // Who disconnected it, or paused it before, has said why.
  if ((await findTenant(scope.db, scope.tenant))?.state !== 'connected') return
  const at = deps.now()
  deps.log.error('tenant.paused', { tenant: scope.tenant, reason: cause })
  await save(scope.db, [
    saveTenantState(scope, { state: 'attention', stateCause: cause, stateAt: at }),
    ...addLogs(scope, [{ id: deps.id(), at, level: 'error', event: 'tenant.paused', text: `Paused: ${cause}` }]),
  ])
}
