import { and, eq, inArray, ne } from 'drizzle-orm'
import { type Db, insertMany, type Scope, type Statement } from './db.ts'
import { dataKeys, secrets } from './schema.ts'
import type { Seal } from './seal.ts'

/** What is kept sealed per tenant. */
export type SecretField = 'publicKey' | 'privateKey' | `source:${string}`

const keyVersion = 1
/** Of a shorter secret, four characters would give too much away. */
const longEnough = 12

/**
 * Statements that store these secrets sealed, and the tenant's data key when it has none. Saving fails when another
 * process made the data key meanwhile; the secrets are then not stored.
 */
export async function sealSecrets(
  scope: Scope,
  seal: Seal,
  values: Readonly<Partial<Record<SecretField, string>>>,
): Promise<Statement[]> {
  const known = await findWrapped(scope)
  const fresh = known === undefined ? seal.newDataKey(scope.tenant) : undefined
  const dataKey = seal.unwrap(scope.tenant, known ?? fresh?.wrapped ?? '')
  const rows = Object.entries(values).map(([field, plain = '']) => ({
    tenantId: scope.tenant,
    field,
    sealed: seal.seal(dataKey, contextOf(scope, field), plain),
    keyVersion,
    lastFour: plain.length >= longEnough ? plain.slice(-4) : '',
  }))
  return [
    ...(fresh ? [scope.db.insert(dataKeys).values({ tenantId: scope.tenant, ...fresh, version: keyVersion })] : []),
    ...insertMany(scope.db, secrets, rows, { replace: { key: [secrets.tenantId, secrets.field] } }),
  ]
}

/** One secret in the clear, for the moment of its use; undefined when none is stored. Throws when it cannot be opened. */
export async function openSecret(scope: Scope, seal: Seal, field: SecretField): Promise<string | undefined> {
  const [row] = await scope.db
    .select({ sealed: secrets.sealed })
    .from(secrets)
    .where(and(eq(secrets.tenantId, scope.tenant), eq(secrets.field, field)))
  const wrapped = row && (await findWrapped(scope))
  return row && wrapped ? seal.open(seal.unwrap(scope.tenant, wrapped), contextOf(scope, field), row.sealed) : undefined
}

/** What may be shown of the stored keys: their last four characters, by field. */
export function listLastFour({ db, tenant }: Scope): Promise<{ field: string; lastFour: string }[]> {
  return db
    .select({ field: secrets.field, lastFour: secrets.lastFour })
    .from(secrets)
    .where(eq(secrets.tenantId, tenant))
    .orderBy(secrets.field)
}

/** Deletes the keys for good; the data key stays, so that what else is sealed can be read. */
export function deleteKeys({ db, tenant }: Scope): Statement {
  return db
    .delete(secrets)
    .where(
      and(eq(secrets.tenantId, tenant), inArray(secrets.field, ['publicKey', 'privateKey'] satisfies SecretField[])),
    )
}

/** Whether every tenant's data key was wrapped by this master key. */
export async function opensDataKeys(db: Db, seal: Seal): Promise<boolean> {
  const [other] = await db.select().from(dataKeys).where(ne(dataKeys.masterKeyId, seal.masterKeyId)).limit(1)
  return other === undefined
}

/** The key that opens what is sealed for this tenant; undefined when nothing is. */
export async function findDataKey(scope: Scope, seal: Seal): Promise<Uint8Array | undefined> {
  const wrapped = await findWrapped(scope)
  return wrapped === undefined ? undefined : seal.unwrap(scope.tenant, wrapped)
}

const contextOf = (scope: Scope, field: string) => `${scope.tenant}|${field}|${keyVersion}`

async function findWrapped(scope: Scope): Promise<string | undefined> {
  const [row] = await scope.db
    .select({ wrapped: dataKeys.wrapped })
    .from(dataKeys)
    .where(eq(dataKeys.tenantId, scope.tenant))
  return row?.wrapped
}
