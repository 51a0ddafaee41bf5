import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { roles, sessions } from './schema.ts'

export type RoleRow = typeof roles.$inferSelect
export type Subject = Pick<RoleRow, 'subject' | 'name'>

export function listRoles({ db, tenant }: Scope): Promise<RoleRow[]> {
  return db.select().from(roles).where(eq(roles.tenantId, tenant)).orderBy(roles.subject, roles.name)
}

/**
 * Gives a member (by id, in any case) or a security role (by its ConnectWise id) a role here, from the next request on.
 * False when nobody would be admin any more, and then nothing has changed.
 */
export async function saveRole(scope: Scope, row: Omit<RoleRow, 'tenantId'>): Promise<boolean> {
  const { db, tenant } = scope
  const { role, updatedBy, updatedAt } = row
  const saving = db
    .insert(roles)
    .values({ ...row, name: row.name.toLowerCase(), tenantId: tenant })
    .onConflictDoUpdate({
      target: [roles.tenantId, roles.subject, roles.name],
      set: { role, updatedBy, updatedAt },
      ...(role === 'admin' ? {} : { setWhere: leavesAnAdmin(scope, row) }),
    })
    .returning({ name: roles.name })
  const [saved] = await db.batch([saving, doubtSessions(scope, row)])
  return saved.length > 0
}

/** Takes a role away, from the next request on. False when nobody would be admin any more, and then nothing has changed. */
export async function removeRole(scope: Scope, subject: Subject): Promise<boolean> {
  const { db, tenant } = scope
  const removing = db
    .delete(roles)
    .where(and(eq(roles.tenantId, tenant), isSubject(subject), leavesAnAdmin(scope, subject)))
    .returning({ name: roles.name })
  const [removed] = await db.batch([removing, doubtSessions(scope, subject)])
  return removed.length > 0
}

const isSubject = ({ subject, name }: Subject) => and(eq(roles.subject, subject), eq(roles.name, name.toLowerCase()))

/** The row is no admin's, or it is not the only one. */
function leavesAnAdmin({ tenant }: Scope, { subject, name }: Subject): SQL {
  const other = sql`exists (select 1 from ${roles} as other where other.tenant_id = ${tenant} and other.role = 'admin'
    and (other.subject <> ${subject} or other.name <> ${name.toLowerCase()}))`
  return sql`(${roles.role} <> 'admin' or ${other})`
}

/** No token of whoever this may concern is good before ConnectWise and the roles have been asked about them again. */
function doubtSessions({ db, tenant }: Scope, { subject, name }: Subject) {
  const isTheirs = subject === 'member' ? sql`lower(${sessions.member}) = ${name.toLowerCase()}` : undefined
  return db
    .update(sessions)
    .set({ checkedAt: 0 })
    .where(and(eq(sessions.tenantId, tenant), isTheirs))
}
