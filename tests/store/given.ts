import { randomBytes } from 'node:crypto'
import { defaultLimits } from '#billing/limits.ts'
import { type Db, type Scope, save } from '#db/db.ts'
import { createSeal } from '#db/seal.ts'
import { addSource } from '#db/sources.ts'
import { type Connection, connectTenant } from '#db/tenants.ts'

export const seal = createSeal(randomBytes(32).toString('base64'))
export const keys = { publicKey: 'public-1234567890', privateKey: 'private-0987654321' }

export const acme: Connection = {
  site: 'https://na.myconnectwise.net',
  apiOrigin: 'https://api-na.myconnectwise.net',
  companyId: 'Acme',
  codebase: 'v2025_1/',
  clientId: null,
  zone: 'America/New_York',
  currency: 'USD',
  hasAdditionsReport: false,
}

/** A connected tenant. */
export async function givenTenant(db: Db, connection: Partial<Connection> = {}): Promise<Scope> {
  const tenant = await connectTenant(db, seal, { ...acme, ...connection }, keys, { limits: defaultLimits, now: 1 })
  return { db, tenant: tenant.id }
}

/** A source of kind push and its token. */
export async function givenSource(scope: Scope, id = 'source-1'): Promise<{ id: string; token: string }> {
  const rest = { kind: 'push', settings: {}, billingPeriod: 'current' as const, createdAt: 1 }
  const { token, saved } = addSource(scope, { ...rest, id, name: `Platform ${id}` })
  await save(scope.db, [saved])
  return { id, token }
}
