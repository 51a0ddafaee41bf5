import { listRoles } from '#db/roles.ts'
import { addHandle, addSession } from '#db/sessions.ts'
import { findTenant, type Tenant } from '#db/tenants.ts'
import type { Deps, MemberAuthentication } from '#server/deps.ts'
import { signToken } from './access-token.ts'
import { checkMember, doubtWhenChanged, roleOf } from './member.ts'

/** What a frame's own page claims; none of it counts before ConnectWise confirms it. */
export interface Claim extends MemberAuthentication {
  tenant: string
  companyId: string
}

/** For the page's memory: a token of 60 seconds and a handle to renew it with, once. */
export interface Pass {
  token: string
  refresh: string
}

export type Opened = { outcome: 'opened'; pass: Pass } | { outcome: 'refused' | 'unreachable' | 'no-role' }

/** Opens a session for a member whom ConnectWise, at this tenant's stored host, says it is (TRUST 7.1). */
export async function openSession(deps: Deps, claim: Claim): Promise<Opened> {
  const opened = await open(deps, claim)
  const { tenant, member } = claim
  if (opened.outcome === 'opened') deps.log.info('session.opened', { tenant, member })
  else deps.log.warn('session.refused', { tenant, member, reason: opened.outcome })
  return opened
}

async function open(deps: Deps, { tenant: id, companyId, ...as }: Claim): Promise<Opened> {
  const tenant = await findTenant(deps.db, id)
  if (!tenant || !isOpenTo(tenant, companyId)) return { outcome: 'refused' }
  const scope = { db: deps.db, tenant: tenant.id }
  const checked = await checkMember(deps, scope, as)
  if (checked.outcome !== 'told') return checked
  const roles = await listRoles(scope)
  const role = await roleOf(deps, scope, checked.value, roles)
  if (role.outcome !== 'told') return role
  if (role.value === 'none') return { outcome: 'no-role' }
  const { identifier: member, name: memberName } = checked.value.member
  const now = deps.now()
  const times = { createdAt: now, usedAt: now, checkedAt: now }
  const session = { id: deps.id(), member, memberName, role: role.value, ...times }
  await addSession(scope, deps.seal, session, JSON.stringify(as))
  await doubtWhenChanged(scope, session.id, roles)
  return { outcome: 'opened', pass: await givePass(deps, { ...session, tenantId: tenant.id }) }
}

/** A disconnected tenant is open, too: members are checked with their own hash, and an admin connects it again here. */
const isOpenTo = ({ companyId }: Tenant, claimed: string): boolean => companyId.toLowerCase() === claimed.toLowerCase()

/** A token and a handle of this session. */
export async function givePass(
  deps: Deps,
  { id, tenantId, member, role }: { id: string; tenantId: Tenant['id']; member: string; role: string },
): Promise<Pass> {
  const scope = { db: deps.db, tenant: tenantId }
  const token = await signToken(deps, { tenant: tenantId, session: id, member, role }, deps.id())
  return { token, refresh: await addHandle(scope, id, deps.now()) }
}
