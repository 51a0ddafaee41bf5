import * as z from 'zod'
import { type Scope, save } from '#db/db.ts'
import { listRoles, type RoleRow } from '#db/roles.ts'
import { openAuthentication, saveSession } from '#db/sessions.ts'
import type { Deps, Member, MemberAuthentication, MemberView, Told } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Role } from './viewer.ts'

const authentication = z.object({ member: z.string(), hash: z.string(), context: z.string() })

/** Asks ConnectWise who this is, and takes only an active member of the id that was claimed, whatever its case. */
export async function checkMember(
  deps: Deps,
  scope: Scope,
  as: MemberAuthentication,
): Promise<Told<{ member: Member; view: MemberView }>> {
  const view = await viewFor(deps, scope, as)
  const found = await view?.identify()
  if (!view || !found || found.outcome === 'refused') return { outcome: 'refused' }
  if (found.outcome === 'unreachable') return found
  const { identifier, active } = found.value
  const isClaimed = identifier.toLowerCase() === as.member.toLowerCase()
  return isClaimed && active ? { outcome: 'told', value: { member: found.value, view } } : { outcome: 'refused' }
}

/** Nobody can be asked where the operator no longer allows the host. */
async function viewFor(deps: Deps, scope: Scope, as: MemberAuthentication): Promise<MemberView | undefined> {
  try {
    return await deps.asMember(scope, as)
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

/** The member of a session, to be asked as; undefined when the session is gone, or the host no longer allowed. */
export async function viewOfSession(
  deps: Deps,
  scope: Scope,
  session: string,
): Promise<{ view: MemberView; as: MemberAuthentication } | undefined> {
  const text = await openAuthentication(scope, deps.seal, session)
  const as = text === undefined ? undefined : authentication.parse(JSON.parse(text))
  const view = as && (await viewFor(deps, scope, as))
  return as && view ? { view, as } : undefined
}

/**
 * A member's role here: their own, else their security role's, else technician for who may read records in ConnectWise
 * (FEATURES 8.2); `none` for everybody else.
 */
export async function roleOf(
  deps: Deps,
  scope: Scope,
  { member, view }: { member: Member; view: MemberView },
  roles: readonly RoleRow[],
): Promise<Told<Role | 'none'>> {
  const roleFor = (subject: 'member' | 'security-role', name: string) =>
    roles.find((row) => row.subject === subject && row.name === name)?.role
  const own = roleFor('member', member.identifier.toLowerCase())
  if (own) return { outcome: 'told', value: own }
  const ask = roles.some((row) => row.subject === 'security-role')
  const securityRole = ask ? await deps.securityRoleOf(scope, member.id) : undefined
  const theirs = securityRole === undefined ? undefined : roleFor('security-role', String(securityRole))
  if (theirs) return { outcome: 'told', value: theirs }
  const reads = await view.readsRecords()
  return reads.outcome === 'told' ? { ...reads, value: reads.value ? 'technician' : 'none' } : reads
}

/** Doubts a session again when the roles have changed since these, which gave it its own, were read. */
export async function doubtWhenChanged(scope: Scope, session: string, roles: readonly RoleRow[]): Promise<void> {
  const now = await listRoles(scope)
  if (JSON.stringify(now) !== JSON.stringify(roles))
    await save(scope.db, [saveSession(scope, session, { checkedAt: 0 })])
}
