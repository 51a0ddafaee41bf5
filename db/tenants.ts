import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Limits } from '#billing/limits.ts'
import { type Db, type Scope, type Statement, save } from './db.ts'
import { installation, type TenantId, tenants } from './schema.ts'
import type { Seal } from './seal.ts'
import { type SecretField, sealSecrets } from './secrets.ts'

export type Tenant = typeof tenants.$inferSelect

/** One ConnectWise as its own answers describe it, tested. */
export type Connection = Pick<
  Tenant,
  'site' | 'apiOrigin' | 'companyId' | 'codebase' | 'clientId' | 'zone' | 'currency' | 'hasAdditionsReport'
> & { version?: string }

/** A tenant by its id as a person types it. The row's id is what a Scope is made of. */
export async function findTenant(db: Db, id: string): Promise<Tenant | undefined> {
  const [row] = await db
    .select()
    .from(tenants)
    .where(eq(tenants.id, id as TenantId))
  return row
}

export function listTenants(db: Db): Promise<Tenant[]> {
  return db.select().from(tenants).orderBy(tenants.id)
}

/**
 * Stores a tested connection and its sealed keys, all or nothing, as a new tenant that observes until a first plan is
 * approved, or as new keys of the tenant it already is (K5, K7). `saveAll` may save more in the same batch.
 */
export async function connectTenant(
  db: Db,
  seal: Seal,
  connection: Connection,
  keys: Readonly<Record<SecretField, string>>,
  fresh: { limits: Limits; now: number; saveAll?: (scope: Scope, statements: readonly Statement[]) => Promise<void> },
): Promise<Tenant> {
  const known = await findInstance(db, connection)
  const id = known?.id ?? (await freeId(db, connection.companyId))
  const scope = { db, tenant: id }
  const state = {
    state: 'connected',
    stateCause: null,
    stateAt: fresh.now,
    keysSavedAt: fresh.now,
    dayShift: null,
  } as const
  const row = known
    ? db
        .update(tenants)
        .set({ ...connection, ...state })
        .where(eq(tenants.id, id))
    : db.insert(tenants).values({ ...newTenant(fresh.limits, fresh.now), ...connection, ...state, id })
  const statements = [row, ...(await sealSecrets(scope, seal, keys))]
  await (fresh.saveAll?.(scope, statements) ?? save(db, statements))
  const saved = await findTenant(db, id)
  if (!saved) throw new Error(`Tenant ${id} vanished while it was connected.`)
  return saved
}

/** Needs attention with its cause, or connected again (K7). */
export function saveTenantState(
  { db, tenant }: Scope,
  state: Pick<Tenant, 'state' | 'stateCause' | 'stateAt'>,
): Statement {
  return db.update(tenants).set(state).where(eq(tenants.id, tenant))
}

/** What an admin decides for the whole tenant. */
export function saveTenantSettings(
  { db, tenant }: Scope,
  settings: Partial<
    Pick<Tenant, 'limits' | 'creation' | 'defaultAgreementTypeId' | 'lineSettings' | 'disabledAt' | 'disabledBy'>
  >,
): Statement {
  return db.update(tenants).set(settings).where(eq(tenants.id, tenant))
}

/** A member approved a first plan, so scheduled runs write from now on (G16). */
export function leaveObserving({ db, tenant }: Scope, onlyIf?: SQL): Statement {
  return db
    .update(tenants)
    .set({ mode: 'live' })
    .where(and(eq(tenants.id, tenant), eq(tenants.mode, 'observe'), onlyIf))
}

/** The companies and products we map to have been read. */
export function saveCatalogueRead({ db, tenant }: Scope, at: number): Statement {
  return db.update(tenants).set({ catalogueReadAt: at }).where(eq(tenants.id, tenant))
}

/** How long each billing cycle is, as just listed (FEATURES 4.1); where ConnectWise did not tell, what was known stays. */
export function saveBillingCycles({ db, tenant }: Scope, cycles: Tenant['billingCycles'] | undefined): Statement {
  const known = sql`coalesce(${tenants.billingCycles}, '{}')`
  return db
    .update(tenants)
    .set({ billingCycles: cycles ?? known })
    .where(eq(tenants.id, tenant))
}

/** A day came back as another one than was sent: no dated lines until the instance was connected again (U23). */
export function saveDayShift({ db, tenant }: Scope, dayShift: string, onlyIf: SQL): Statement {
  return db
    .update(tenants)
    .set({ dayShift })
    .where(and(eq(tenants.id, tenant), onlyIf))
}

/** All companies or all products have been listed, and with the companies every status there is (M26). */
export function saveListed(
  { db, tenant }: Scope,
  listed: Partial<Pick<Tenant, 'companiesListedAt' | 'productsListedAt' | 'companyStatuses'>>,
): Statement {
  return db.update(tenants).set(listed).where(eq(tenants.id, tenant))
}

/** ConnectWise rounded a fractional quantity: from now on only whole ones are sent (U8). */
export function saveWholeQuantities({ db, tenant }: Scope, onlyIf: SQL): Statement {
  return db
    .update(tenants)
    .set({ wholeQuantities: true })
    .where(and(eq(tenants.id, tenant), onlyIf))
}

async function findInstance(db: Db, { site, companyId }: Connection): Promise<Tenant | undefined> {
  const [row] = await db
    .select()
    .from(tenants)
    .where(and(eq(tenants.site, site), eq(tenants.companyId, companyId)))
  return row
}

/** `Acme Ltd` → `acme-ltd`, or `acme-ltd-2` when another host has a company of that id. */
async function freeId(db: Db, companyId: string): Promise<TenantId> {
  const taken = new Set<string>((await listTenants(db)).map((tenant) => tenant.id))
  const slug =
    companyId
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'tenant'
  const free = (n: number): string =>
    taken.has(n === 1 ? slug : `${slug}-${n}`) ? free(n + 1) : n === 1 ? slug : `${slug}-${n}`
  return free(1) as TenantId
}

const newTenant = (limits: Limits, now: number) => ({
  mode: 'observe' as const,
  killSwitch: false,
  wholeQuantities: false,
  limits,
  createdAt: now,
})

/** The operator's kill switch for the whole install. */
export async function isInstallationStopped(db: Db): Promise<boolean> {
  const [row] = await db.select().from(installation)
  return row?.killSwitch ?? false
}

/** Nothing is sent for this tenant while it is on: it is asked in the claim of every intent (G24). */
export function saveKillSwitch({ db, tenant }: Scope, on: boolean): Statement {
  return db.update(tenants).set({ killSwitch: on }).where(eq(tenants.id, tenant))
}

export function saveInstallationKillSwitch(db: Db, on: boolean): Statement {
  return db
    .insert(installation)
    .values({ id: 'this', killSwitch: on })
    .onConflictDoUpdate({ target: installation.id, set: { killSwitch: on } })
}
