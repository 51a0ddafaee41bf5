import { testConnection } from '#connectwise/test-connection.ts'
import { type Scope, save } from '#db/db.ts'
import { saveRole } from '#db/roles.ts'
import { addSource } from '#db/sources.ts'
import type { NodeDeps } from '#server/node/deps.ts'
import { connect } from '#sync/settings/connect.ts'
import { addHttpSource } from '#sync/sources/http-sources.ts'
import { defaultKeys } from './manage/manage.ts'

/** Connects the sandbox that listens at `origin` as a person would, over HTTP. Its origin must be allowed. */
export async function connectSandbox({ deps, effects }: NodeDeps, origin: string): Promise<Scope> {
  const tenant = await connect(
    deps,
    (credentials) => testConnection(credentials, effects, deps.config.CONNECTWISE_HOSTS),
    { site: origin, ...defaultKeys },
  )
  return { db: deps.db, tenant: tenant.id }
}

/** Who may do what in TrueUp: `jsmith` administrates, `ffin` bills; every other member is a technician. */
export async function addRoles({ deps }: Pick<NodeDeps, 'deps'>, scope: Scope): Promise<void> {
  const given = { subject: 'member', updatedBy: 'operator', updatedAt: deps.now() } as const
  const roles = [
    saveRole(scope, { ...given, name: 'jsmith', role: 'admin' }),
    saveRole(scope, { ...given, name: 'ffin', role: 'finance' }),
  ]
  await save(
    deps.db,
    roles.flatMap(({ statements }) => statements),
  )
}

/** Adds a platform that pushes; returns its id and the token it shows. */
export async function addPlatform(
  { deps }: Pick<NodeDeps, 'deps'>,
  scope: Scope,
  name = 'Platform',
): Promise<{ source: string; token: string }> {
  const source = deps.id()
  const createdAt = deps.now()
  const { token, saved } = addSource(scope, {
    id: source,
    kind: 'push',
    name,
    settings: {},
    billingPeriod: 'current',
    createdAt,
  })
  await save(deps.db, [saved])
  return { source, token }
}

/** Adds what the platform offers besides: usage, which TrueUp asks its API for. */
export async function addAskedPlatform(
  { deps }: Pick<NodeDeps, 'deps'>,
  scope: Scope,
  { origin, key }: { origin: string; key: string },
): Promise<void> {
  const settings = { base: `${origin}/usage`, kind: 'usage' }
  const given = { name: 'Licences', settings, secret: key, billingPeriod: 'current' } as const
  await addHttpSource({ deps, scope, member: 'operator' }, given)
}
