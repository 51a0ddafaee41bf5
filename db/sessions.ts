import { and, eq, isNull, lt } from 'drizzle-orm'
import { type Db, type Scope, type Statement, save } from './db.ts'
import { hashOf, randomKey } from './random-key.ts'
import { memberRights, refreshHandles, sessions, type TenantId, tenants } from './schema.ts'
import type { Seal } from './seal.ts'
import { findDataKey } from './secrets.ts'
import type { Tenant } from './tenants.ts'

export type SessionRow = typeof sessions.$inferSelect

const keyVersion = 1
/** Long after a session has ended, its handles still tell of a second use. */
const keptMs = 24 * 60 * 60_000

/** A session and its tenant, for a token that names both; undefined when either is another's or unknown. */
export async function findSession(
  db: Db,
  tenant: string,
  id: string,
): Promise<{ session: SessionRow; tenant: Tenant } | undefined> {
  const [row] = await db
    .select({ session: sessions, tenant: tenants })
    .from(sessions)
    .innerJoin(tenants, eq(tenants.id, sessions.tenantId))
    .where(and(eq(sessions.id, id), eq(sessions.tenantId, tenant as TenantId)))
  return row
}

/** Stores a session with the member's authentication sealed, and forgets this tenant's long ended ones. */
export async function addSession(
  scope: Scope,
  seal: Seal,
  session: Omit<SessionRow, 'tenantId' | 'sealed' | 'keyVersion' | 'revokedAt'>,
  authentication: string,
): Promise<void> {
  const { db, tenant } = scope
  const dataKey = await findDataKey(scope, seal)
  if (!dataKey) throw new Error(`Nothing can be sealed for ${tenant}.`)
  const sealed = seal.seal(dataKey, contextOf(scope, session.id), authentication)
  const before = session.createdAt - keptMs
  await save(db, [
    db.insert(sessions).values({ ...session, tenantId: tenant, sealed, keyVersion }),
    db.delete(sessions).where(and(eq(sessions.tenantId, tenant), lt(sessions.createdAt, before))),
    db.delete(refreshHandles).where(and(eq(refreshHandles.tenantId, tenant), lt(refreshHandles.createdAt, before))),
    db.delete(memberRights).where(and(eq(memberRights.tenantId, tenant), lt(memberRights.askedAt, before))),
  ])
}

/** The member's own authentication in the clear, for the moment of its use. */
export async function openAuthentication(scope: Scope, seal: Seal, sessionId: string): Promise<string | undefined> {
  const found = await findSession(scope.db, scope.tenant, sessionId)
  const dataKey = found && (await findDataKey(scope, seal))
  return found && dataKey ? seal.open(dataKey, contextOf(scope, sessionId), found.session.sealed) : undefined
}

/** What ConnectWise or the roles say now, and that the session was used. */
export function saveSession(
  { db, tenant }: Scope,
  id: string,
  fields: Partial<Pick<SessionRow, 'role' | 'memberName' | 'checkedAt' | 'usedAt'>>,
): Statement {
  return db
    .update(sessions)
    .set(fields)
    .where(and(eq(sessions.tenantId, tenant), eq(sessions.id, id)))
}

/** Ends a session: neither its tokens nor its handles are taken from now on. */
export function revokeSession({ db, tenant }: Scope, id: string, at: number): Statement {
  return db
    .update(sessions)
    .set({ revokedAt: at })
    .where(and(eq(sessions.tenantId, tenant), eq(sessions.id, id), isNull(sessions.revokedAt)))
}

/** Ends every session of the tenant. */
export function revokeSessions({ db, tenant }: Scope, at: number): Statement {
  return db
    .update(sessions)
    .set({ revokedAt: at })
    .where(and(eq(sessions.tenantId, tenant), isNull(sessions.revokedAt)))
}

/** A fresh one-use handle of this session, shown this once: only its SHA-256 is kept. */
export async function addHandle({ db, tenant }: Scope, sessionId: string, at: number): Promise<string> {
  const handle = randomKey()
  await save(db, [
    db.insert(refreshHandles).values({ hash: hashOf(handle), tenantId: tenant, sessionId, createdAt: at }),
  ])
  return handle
}

/** What a handle stands for, used or not. */
export async function findHandle(db: Db, handle: string) {
  const [row] = await db
    .select({ handle: refreshHandles, session: sessions, tenant: tenants })
    .from(refreshHandles)
    .innerJoin(sessions, eq(sessions.id, refreshHandles.sessionId))
    .innerJoin(tenants, eq(tenants.id, refreshHandles.tenantId))
    .where(and(eq(refreshHandles.hash, hashOf(handle)), eq(sessions.tenantId, refreshHandles.tenantId)))
  return row
}

/** Uses a handle up; false when it was used before, by somebody faster. */
export async function useHandle({ db, tenant }: Scope, hash: string, at: number): Promise<boolean> {
  const rows = await db
    .update(refreshHandles)
    .set({ usedAt: at })
    .where(and(eq(refreshHandles.tenantId, tenant), eq(refreshHandles.hash, hash), isNull(refreshHandles.usedAt)))
    .returning({ hash: refreshHandles.hash })
  return rows.length > 0
}

const contextOf = (scope: Scope, id: string) => `${scope.tenant}|session:${id}|${keyVersion}`
