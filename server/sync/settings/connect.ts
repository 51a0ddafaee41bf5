import { defaultLimits } from '#billing/limits.ts'
import type { Scope, Statement } from '#db/db.ts'
import { addSchedule, listSchedules } from '#db/schedules.ts'
import { openSecret } from '#db/secrets.ts'
import { connectTenant, type Tenant } from '#db/tenants.ts'
import type { ConnectionTest, Credentials, Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { lastPassed } from '#sync/schedule.ts'
import { type Editor, saveChange } from './settings.ts'

/** The two outcomes of a test, in the words people look for (K4). */
export const testPassed = 'Test is successful.'
export const testFailed = 'Test is not successful.'

const nightly = '0 2 * * *'

/** What a person types to connect an instance; without a clientId of its own, the operator's is used (K1). */
export interface TypedConnection extends Omit<Credentials, 'clientId'> {
  clientId: string | undefined
}

/**
 * Tests the connection and stores it with its keys, a nightly schedule and who did it, all or nothing (K5). Connecting
 * again replaces the keys and leaves the schedule alone. Throws a Problem with the cause and what to do, and then nothing
 * is stored.
 */
export async function connect(
  deps: Deps,
  test: (credentials: Credentials) => Promise<ConnectionTest>,
  typed: TypedConnection,
  member = 'operator',
): Promise<Tenant> {
  const tested = await test(withClientId(deps, typed))
  if (!tested.ok) throw new Problem(tested.kind, sentenceOf(tested))
  const { site, apiOrigin, companyId, codebase, publicKey, privateKey } = tested.connection
  const { hasAdditionsReport, currency = null, zone = 'UTC', version } = tested
  const own = typed.clientId ?? null
  return connectTenant(
    deps.db,
    deps.seal,
    { site, apiOrigin, companyId, codebase, clientId: own, zone, currency, hasAdditionsReport, version },
    { publicKey, privateKey },
    {
      limits: defaultLimits,
      now: deps.now(),
      saveAll: async (scope, statements) => {
        const schedule = await firstSchedule(scope, zone, deps.now())
        const change = { what: 'keys', text: 'The API keys were tested and stored' }
        await saveChange({ deps, scope, member }, [...statements, ...schedule], change)
      },
    },
  )
}

/** The outcome of a test in one sentence or three: what, why, and what to do. */
const sentenceOf = (tested: ConnectionTest): string =>
  tested.ok ? testPassed : `${testFailed} ${tested.cause} ${tested.next}`

/** What a person typed, with the operator's clientId where they gave none. Throws a Problem when there is none at all. */
export function withClientId(deps: Pick<Deps, 'config'>, typed: TypedConnection): Credentials {
  const clientId = typed.clientId ?? deps.config.CONNECTWISE_CLIENT_ID
  if (!clientId) throw new Problem('invalid', 'There is no clientId: give one, or set CONNECTWISE_CLIENT_ID.')
  return { ...typed, clientId }
}

/** New keys for a connected instance, whose site and company stay; a key that is left out is the stored one. */
export interface TypedKeys {
  publicKey: string
  privateKey: string
  clientId: string | undefined
}

/** The instance with the keys a person typed, or its stored ones. Throws a Problem when there is no key at all. */
export async function typedFor({ deps, scope, tenant }: Editor, keys: TypedKeys): Promise<TypedConnection> {
  const stored = async (field: 'publicKey' | 'privateKey') => (await openSecret(scope, deps.seal, field)) ?? ''
  const publicKey = keys.publicKey || (await stored('publicKey'))
  const privateKey = keys.privateKey || (await stored('privateKey'))
  if (!publicKey || !privateKey)
    throw new Problem('invalid', 'No keys are stored: type the public and the private key.')
  return { site: tenant.site, companyId: tenant.companyId, publicKey, privateKey, clientId: keys.clientId }
}

/** Stores tested keys of a tenant; with them a stopped one is connected again (K5, K7). */
export async function storeKeys(editor: Editor, tested: ConnectionTest, keys: TypedKeys): Promise<Tenant> {
  return connect(editor.deps, async () => tested, await typedFor(editor, keys), editor.member)
}

/** Every night at 02:00 of the instance, from the next one on; a tenant that has a schedule keeps it. */
async function firstSchedule(scope: Scope, zone: string, now: number): Promise<Statement[]> {
  if ((await listSchedules(scope)).length > 0) return []
  const id = `${scope.tenant}-nightly`
  return [addSchedule(scope, { id, pattern: nightly, zone, enabled: true, lastDay: lastPassed(nightly, zone, now) })]
}
