import { defaultLimits } from '#billing/limits.ts'
import { addDays, type Day, dayIn } from '#billing/period.ts'
import type { Scope, Statement } from '#db/db.ts'
import { addSchedule, listSchedules } from '#db/schedules.ts'
import { connectTenant, type Tenant } from '#db/tenants.ts'
import type { ConnectionTest, Credentials, Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { nextDue } from './schedule.ts'

/** The two outcomes of a test, in the words people look for (K4). */
export const testPassed = 'Test is successful.'
const testFailed = 'Test is not successful.'

const nightly = '0 2 * * *'

/** What a person types to connect an instance; without a clientId of its own, the operator's is used (K1). */
export interface TypedConnection extends Omit<Credentials, 'clientId'> {
  clientId: string | undefined
}

/**
 * Tests the connection and stores it with its keys and a nightly schedule, all or nothing (K5). Connecting again replaces
 * the keys and leaves the schedule alone. Throws a Problem with the cause and what to do, and then nothing is stored.
 */
export async function connect(
  deps: Deps,
  test: (credentials: Credentials) => Promise<ConnectionTest>,
  typed: TypedConnection,
): Promise<Tenant> {
  const clientId = typed.clientId ?? deps.config.CONNECTWISE_CLIENT_ID
  if (!clientId) throw new Problem('invalid', 'There is no clientId: give one, or set CONNECTWISE_CLIENT_ID.')
  const tested = await test({ ...typed, clientId })
  if (!tested.ok) throw new Problem(tested.kind, `${testFailed} ${tested.cause} ${tested.next}`)
  const { site, apiOrigin, companyId, codebase, publicKey, privateKey } = tested.connection
  const { hasAdditionsReport, currency = null, zone = 'UTC' } = tested
  const own = typed.clientId ?? null
  return connectTenant(
    deps.db,
    deps.seal,
    { site, apiOrigin, companyId, codebase, clientId: own, zone, currency, hasAdditionsReport },
    { publicKey, privateKey },
    { limits: defaultLimits, now: deps.now(), also: (scope) => firstSchedule(scope, zone, deps.now()) },
  )
}

/** Every night at 02:00 of the instance, from the next one on; a tenant that has a schedule keeps it. */
async function firstSchedule(scope: Scope, zone: string, now: number): Promise<Statement[]> {
  if ((await listSchedules(scope)).length > 0) return []
  const id = `${scope.tenant}-nightly`
  return [addSchedule(scope, { id, pattern: nightly, zone, enabled: true, lastDay: lastPassed(zone, now) })]
}

/** The last local day whose time has passed. */
function lastPassed(zone: string, now: number): Day {
  const today = dayIn(zone, now)
  const yesterday = addDays(today, -1)
  return (nextDue(nightly, zone, yesterday) ?? 0) <= now ? today : yesterday
}
