import { type Scope, save } from '#db/db.ts'
import { listRoles, type RoleRow } from '#db/roles.ts'
import { findHandle, revokeSession, type SessionRow, saveSession, useHandle } from '#db/sessions.ts'
import type { Deps } from '#server/deps.ts'
import { isOver } from './find-viewer.ts'
import { checkMember, doubtWhenChanged, roleOf, viewOfSession } from './member.ts'
import { givePass, type Opened } from './open-session.ts'
import type { Role } from './viewer.ts'

const idleMs = 15 * 60_000
/** A minute early: a token given just before is good for that long. */
const checkEveryMs = 14 * 60_000

/**
 * A new token and handle for a handle. It is good once, for 15 minutes; a second use ends the session. The member is
 * checked with ConnectWise again every 15 minutes of use (TRUST 7.1); while it cannot be asked, the handle stays unused.
 */
export async function renewSession(deps: Deps, handle: string): Promise<Opened> {
  const found = await findHandle(deps.db, handle)
  if (!found) return { outcome: 'refused' }
  const { session } = found
  if (found.handle.usedAt !== null) return end(deps, session, 'a handle was used twice')
  const now = deps.now()
  if (isOver(found, now) || now > found.handle.createdAt + idleMs) return { outcome: 'refused' }
  const scope = { db: deps.db, tenant: session.tenantId }
  const roles = await listRoles(scope)
  const checked = await checkAgain(deps, scope, session, roles)
  if (checked.outcome === 'unreachable') return checked
  if (checked.outcome !== 'told') return end(deps, session, checked.outcome)
  if (!(await useHandle(scope, found.handle.hash, now))) return end(deps, session, 'a handle was used twice')
  await save(deps.db, [saveSession(scope, session.id, { ...checked.value, usedAt: now })])
  await doubtWhenChanged(scope, session.id, roles)
  return { outcome: 'opened', pass: await givePass(deps, { ...session, ...checked.value }) }
}

type Checked =
  | { outcome: 'told'; value: { role?: Role; memberName?: string; checkedAt?: number } }
  | { outcome: 'refused' | 'unreachable' | 'no-role' }

/** Who this still is and what they may do, from ConnectWise when its last word is old; else nothing new. */
async function checkAgain(deps: Deps, scope: Scope, session: SessionRow, roles: readonly RoleRow[]): Promise<Checked> {
  if (deps.now() < session.checkedAt + checkEveryMs) return { outcome: 'told', value: {} }
  const asked = await viewOfSession(deps, scope, session.id)
  const checked = asked ? await checkMember(deps, scope, asked.as) : ({ outcome: 'refused' } as const)
  if (checked.outcome !== 'told') return checked
  const role = await roleOf(deps, scope, checked.value, roles)
  if (role.outcome !== 'told') return role
  if (role.value === 'none') return { outcome: 'no-role' }
  return { outcome: 'told', value: { role: role.value, memberName: checked.value.member.name, checkedAt: deps.now() } }
}

async function end(deps: Deps, session: SessionRow, reason: string): Promise<Opened> {
  const { id, tenantId: tenant, member } = session
  await save(deps.db, [revokeSession({ db: deps.db, tenant }, id, deps.now())])
  deps.log.warn('session.revoked', { tenant, member, session: id, reason })
  return { outcome: 'refused' }
}
