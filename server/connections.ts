import { type Connection, type ConnectWise, connectWise, type Effects } from '#connectwise/connectwise.ts'
import { parseSite, type Site } from '#connectwise/hosts.ts'
import type { Instance } from '#connectwise/member.ts'
import type { Scope } from '#db/db.ts'
import { openSecret } from '#db/secrets.ts'
import { findTenant } from '#db/tenants.ts'
import { leaseTimes } from '#sync/lease.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problem.ts'

const readTimeoutMs = 60_000

/** ConnectWise by tenant: one client per tenant for as long as its address and keys stay the same. */
export function createConnections(deps: Pick<Deps, 'seal' | 'config'>, effects: Effects): Deps['connectWise'] {
  const known = new Map<string, { identity: string; connectWise: ConnectWise }>()
  return async (scope) => {
    const connection = await readConnection(deps, scope)
    const identity = JSON.stringify(connection)
    const found = known.get(scope.tenant)
    if (found?.identity === identity) return found.connectWise
    const fresh = connectWise(connection, effects, {
      concurrency: deps.config.CONNECTWISE_CONCURRENCY,
      readTimeoutMs,
      writeTimeoutMs: leaseTimes(deps).writeTimeoutMs,
    })
    known.set(scope.tenant, { identity, connectWise: fresh })
    return fresh
  }
}

/**
 * Where a tenant's ConnectWise is and its opened keys. Throws a Problem when they are not stored, or when the operator no
 * longer allows the host (I20).
 */
export async function readConnection(
  { seal, config }: Pick<Deps, 'seal' | 'config'>,
  scope: Scope,
): Promise<Connection> {
  const instance = await readInstance({ config }, scope)
  const publicKey = await openSecret(scope, seal, 'publicKey')
  const privateKey = await openSecret(scope, seal, 'privateKey')
  if (!publicKey || !privateKey)
    throw new Problem('forbidden', `No keys are stored for ${scope.tenant}: connect it again.`)
  return { ...instance, publicKey, privateKey }
}

/** Where a tenant's ConnectWise is, also while no keys are stored. Throws a Problem when its host is no longer allowed. */
export async function readInstance({ config }: Pick<Deps, 'config'>, scope: Scope): Promise<Instance> {
  const tenant = await findTenant(scope.db, scope.tenant)
  if (!tenant) throw new Problem('not_found', `There is no tenant ${scope.tenant}.`)
  const clientId = tenant.clientId ?? config.CONNECTWISE_CLIENT_ID
  if (!clientId) throw new Problem('invalid', 'CONNECTWISE_CLIENT_ID is not set and the tenant has none of its own.')
  const { codebase, companyId } = tenant
  const { site, apiOrigin } = stillAllowed(tenant.site, config.CONNECTWISE_HOSTS)
  return { site, apiOrigin, codebase, companyId, clientId }
}

function stillAllowed(site: string, allowedOrigins: readonly string[]): Site {
  try {
    return parseSite(site, allowedOrigins)
  } catch (error) {
    throw error instanceof Problem ? new Problem('forbidden', error.message) : error
  }
}
