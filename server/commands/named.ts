import { parseSite } from '#connectwise/hosts.ts'
import type { Db, Scope } from '#db/db.ts'
import { findPlan, type Plan } from '#db/plans.ts'
import { findSource, listSources, type Source } from '#db/sources.ts'
import { findTenant, listTenants, type Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { isPulled } from '#sync/sources/heard.ts'
import { UsageProblem } from './command.ts'

/** The tenant somebody named. Throws a Problem that lists those there are. */
export async function tenantNamed(db: Db, id: string): Promise<Tenant> {
  const tenant = await findTenant(db, id)
  if (tenant) return tenant
  const known = (await listTenants(db)).map((other) => other.id)
  const hint = known.length > 0 ? `There is ${known.join(', ')}.` : 'Connect one first: trueup connect.'
  throw new Problem('not_found', `There is no tenant ${quoted(id)}. ${hint}`)
}

export async function scopeNamed(db: Db, id: string): Promise<Scope> {
  return { db, tenant: (await tenantNamed(db, id)).id }
}

/**
 * Refuses to work on a tenant whose host this terminal's environment does not allow. The run would pause the tenant for the
 * server too, only because CONNECTWISE_HOSTS was not exported here. Throws a Problem.
 */
export async function checkAllowed(deps: Deps, scope: Scope): Promise<void> {
  const { config } = deps
  const { tenant } = scope
  const { site } = await tenantNamed(scope.db, tenant)
  await checkSourcesAllowed(deps, await listSources(scope))
  try {
    parseSite(site, config.CONNECTWISE_HOSTS)
  } catch {
    throw new Problem(
      'invalid',
      `CONNECTWISE_HOSTS does not allow ${site} of ${tenant}: set it as it is for the server.`,
    )
  }
}

/** As `checkAllowed`, for the platforms that are asked: all of a tenant's, or these. Throws a Problem. */
export async function checkSourcesAllowed({ config, sources: kinds }: Deps, sources: readonly Source[]): Promise<void> {
  for (const { name, settings } of sources.filter(isPulled)) {
    try {
      kinds.http.check?.(settings, config.SOURCE_HOSTS)
    } catch {
      throw new Problem(
        'invalid',
        `SOURCE_HOSTS does not allow the address of ${name}: set it as it is for the server.`,
      )
    }
  }
}

/** A source of the tenant by its id or name. */
export async function sourceNamed(scope: Scope, idOrName: string): Promise<Source> {
  const source = await findSource(scope, idOrName)
  if (!source) throw new Problem('not_found', `${scope.tenant} has no source ${quoted(idOrName)}.`)
  return source
}

/** A plan by its id, whichever tenant's it is. */
export async function planNamed(db: Db, id: string): Promise<{ scope: Scope; plan: Plan }> {
  for (const { id: tenant } of await listTenants(db)) {
    const plan = await findPlan({ db, tenant }, id)
    if (plan) return { scope: { db, tenant }, plan }
  }
  throw new Problem('not_found', `There is no plan ${quoted(id)}.`)
}

/** Who takes it upon themselves: 1 to 50 visible characters. */
export function memberNamed(option: string, text: string): string {
  if (/^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,50}(?<! )$/u.test(text)) return text
  throw new UsageProblem(`${option} must be a member's name of 1 to 50 visible characters.`)
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 60))
