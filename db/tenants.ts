import { and, eq } from 'drizzle-orm'
import type { Limits } from '#billing/limits.ts'
import type { Db, Scope, Statement } from './db.ts'
import { installation, type TenantId, tenants } from './schema.ts'

export type Tenant = typeof tenants.$inferSelect

/** What connecting learned about an instance. */
export type Instance = Pick<
  Tenant,
  'site' | 'apiOrigin' | 'companyId' | 'codebase' | 'clientId' | 'zone' | 'currency' | 'hasAdditionsReport'
>

/** The only door from a name somebody typed to a tenant's scope. */
export async function findScope(db: Db, id: string): Promise<Scope | undefined> {
  const [row] = await db
    .select({ id: tenants.id })
    .from(tenants)
    .where(eq(tenants.id, id as TenantId))
  return row ? { db, tenant: row.id } : undefined
}

export function listTenants(db: Db): Promise<Tenant[]> {
  return db.select().from(tenants).orderBy(tenants.id)
}

export async function findTenant({ db, tenant }: Scope): Promise<Tenant | undefined> {
  const [row] = await db.select().from(tenants).where(eq(tenants.id, tenant))
  return row
}

export async function findTenantOf(db: Db, instance: Pick<Instance, 'site' | 'companyId'>): Promise<Tenant | undefined> {
  const [row] = await db
    .select()
    .from(tenants)
    .where(and(eq(tenants.site, instance.site), eq(tenants.companyId, instance.companyId)))
  return row
}

/** Adds a tenant in observe mode, or takes what connecting learned anew; its limits, mode and history stay. */
export function saveConnected(db: Db, id: string, instance: Instance, limits: Limits, at: number): Statement {
  const connected = { ...instance, state: 'connected' as const, stateCause: null, stateAt: at }
  return db
    .insert(tenants)
    .values({ ...connected, id: id as TenantId, mode: 'observe', killSwitch: false, wholeQuantities: false, limits, createdAt: at })
    .onConflictDoUpdate({ target: tenants.id, set: connected })
}

/** Nothing is written for this tenant until somebody connects it again (K7). */
export function pauseTenant({ db, tenant }: Scope, cause: string, at: number): Statement {
  return db
    .update(tenants)
    .set({ state: 'attention', stateCause: cause, stateAt: at })
    .where(and(eq(tenants.id, tenant), eq(tenants.state, 'connected')))
}

/** A member approved a first plan, so scheduled runs write from now on (G16). */
export function leaveObserving({ db, tenant }: Scope): Statement {
  return db
    .update(tenants)
    .set({ mode: 'live' })
    .where(and(eq(tenants.id, tenant), eq(tenants.mode, 'observe')))
}

/** ConnectWise was seen to round a fractional quantity (U8). */
export function saveWholeQuantities({ db, tenant }: Scope): Statement {
  return db.update(tenants).set({ wholeQuantities: true }).where(eq(tenants.id, tenant))
}

export function saveCatalogueRead({ db, tenant }: Scope, at: number): Statement {
  return db.update(tenants).set({ catalogueReadAt: at }).where(eq(tenants.id, tenant))
}

export function saveKillSwitch({ db, tenant }: Scope, on: boolean): Statement {
  return db.update(tenants).set({ killSwitch: on }).where(eq(tenants.id, tenant))
}

export function saveInstallationKillSwitch(db: Db, on: boolean): Statement {
  return db
    .insert(installation)
    .values({ id: 'this', killSwitch: on })
    .onConflictDoUpdate({ target: installation.id, set: { killSwitch: on } })
}

export async function isInstallationStopped(db: Db): Promise<boolean> {
  const rows = await db.select().from(installation).where(eq(installation.killSwitch, true))
  return rows.length > 0
}
