import { and, eq, gt } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { memberRights } from './schema.ts'

export type MemberRight = Pick<typeof memberRights.$inferSelect, 'subject' | 'allowed' | 'askedAt'>

/** What ConnectWise answered for this member on these subjects after `since`. */
export function listMemberRights(
  { db, tenant }: Scope,
  member: string,
  subjects: readonly string[],
  since: number,
): Promise<MemberRight[]> {
  const { subject, allowed, askedAt } = memberRights
  return db
    .select({ subject, allowed, askedAt })
    .from(memberRights)
    .where(
      and(
        eq(memberRights.tenantId, tenant),
        eq(memberRights.member, member),
        gt(memberRights.askedAt, since),
        isIn(memberRights.subject, subjects),
      ),
    )
}

export function saveMemberRights({ db, tenant }: Scope, member: string, rights: readonly MemberRight[]): Statement[] {
  const rows = rights.map((right) => ({ ...right, member, tenantId: tenant }))
  return insertMany(db, memberRights, rows, {
    replace: { key: [memberRights.tenantId, memberRights.member, memberRights.subject] },
  })
}
