import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { at, flag, tenantId } from './columns.ts'

/** What a member, or everybody with a ConnectWise security role, may do here (FEATURES 8.2). */
export const roles = sqliteTable(
  'roles',
  {
    tenantId: tenantId(),
    subject: text().$type<'member' | 'security-role'>().notNull(),
    /** A member's id in lower case, or a security role's ConnectWise id. */
    name: text().notNull(),
    role: text().$type<'technician' | 'finance' | 'admin'>().notNull(),
    updatedBy: text().notNull(),
    updatedAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.subject, t.name] })],
)

/** A member looking at TrueUp inside ConnectWise, from the first check of their hash to sign-off, at most eight hours. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    member: text().notNull(),
    memberName: text().notNull(),
    role: text().$type<'technician' | 'finance' | 'admin'>().notNull(),
    /** The member's own authentication, sealed, for calls made as them. */
    sealed: text().notNull(),
    keyVersion: integer().notNull(),
    createdAt: at().notNull(),
    usedAt: at().notNull(),
    /** When ConnectWise last said that this is them. */
    checkedAt: at().notNull(),
    revokedAt: at(),
  },
  (t) => [index('sessions_member').on(t.tenantId, t.member)],
)

/** One-use refresh handles, by their SHA-256; a second use revokes the session. */
export const refreshHandles = sqliteTable(
  'refresh_handles',
  {
    hash: text().primaryKey(),
    tenantId: tenantId(),
    sessionId: text().notNull(),
    createdAt: at().notNull(),
    usedAt: at(),
  },
  (t) => [index('refresh_handles_session').on(t.tenantId, t.sessionId)],
)

/** What ConnectWise answered when a member was asked for: remembered for minutes, never longer. */
export const memberRights = sqliteTable(
  'member_rights',
  {
    tenantId: tenantId(),
    member: text().notNull(),
    /** `company:250`, `agreement:87`, `money:87`. */
    subject: text().notNull(),
    allowed: flag().notNull(),
    askedAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.member, t.subject] })],
)

/** One-time codes printed for the operator, and the operator's sessions, by SHA-256. */
export const operatorKeys = sqliteTable('operator_keys', {
  hash: text().primaryKey(),
  kind: text().$type<'code' | 'session'>().notNull(),
  createdAt: at().notNull(),
  until: at().notNull(),
  usedAt: at(),
})
