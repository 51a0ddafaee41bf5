import { and, eq, exists, not, type SQL, sql } from 'drizzle-orm'
import type { Scope, Statement } from './db.ts'
import { roles, sessions } from './schema.ts'

export type RoleRow = typeof roles.$inferSelect
export type Subject = Pick<RoleRow, 'subject' | 'name'>

export function listRoles({ db, tenant }: Scope): Promise<RoleRow[]> {
  return db.select().from(roles).where(eq(roles.tenantId, tenant)).orderBy(roles.subject, roles.name)
}

/** What changes a role, and a condition that holds afterwards when it did. */
interface RoleChange {
  statements: Statement[]
  done: SQL
}

/**
 * Gives a member (by id, in any case) or a security role (by its ConnectWise id) a role here, from the next request on;
 * changes nothing when no member would be admin any more.
 */
export function saveRole(scope: Scope, row: Omit<RoleRow, 'tenantId'>): RoleChange {
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
  const asGiven = and(eq(roles.role, role), eq(roles.updatedBy, updatedBy), eq(roles.updatedAt, updatedAt))
  return { statements: [saving, doubtSessions(scope, row)], done: isHeld(scope, row, asGiven) }
}

/** Takes a role away, from the next request on; changes nothing when no member would be admin any more. */
export function removeRole(scope: Scope, subject: Subject): RoleChange {
  const { db, tenant } = scope
  const removing = db
    .delete(roles)
    .where(and(eq(roles.tenantId, tenant), isSubject(subject), leavesAnAdmin(scope, subject)))
  return { statements: [removing, doubtSessions(scope, subject)], done: not(isHeld(scope, subject)) }
}

function isHeld({ db, tenant }: Scope, subject: Subject, given?: SQL): SQL {
  const held = and(eq(roles.tenantId, tenant), isSubject(subject), given)
  return exists(db.select({ name: roles.name }).from(roles).where(held))
}

const isSubject = ({ subject, name }: Subject) => and(eq(roles.subject, subject), eq(roles.name, name.toLowerCase()))

/** The row is no admin's, or a member is admin besides. A security role does not count: perhaps nobody holds it. */
function leavesAnAdmin({ tenant }: Scope, { subject, name }: Subject): SQL {
  const other = sql`exists (select 1 from ${roles} as other where other.tenant_id = ${tenant} and other.role = 'admin'
    and other.subject = 'member' and (other.subject <> ${subject} or other.name <> ${name.toLowerCase()}))`
  return sql`(${roles.role} <> 'admin' or ${other})`
}

/** No token of whoever this may concern is good before ConnectWise and the roles have been asked about them again. */
function doubtSessions({ db, tenant }: Scope, { subject, name }: Subject): Statement {
  const isTheirs = subject === 'member' ? sql`lower(${sessions.member}) = ${name.toLowerCase()}` : undefined
  return db
    .update(sessions)
    .set({ checkedAt: 0 })
    .where(and(eq(sessions.tenantId, tenant), isTheirs))
}
