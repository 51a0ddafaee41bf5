import type { Effects } from '#connectwise/connectwise.ts'
import { asMembers } from '#connectwise/member.ts'
import { findSecurityRole } from '#connectwise/security-role.ts'
import { readConnection, readInstance } from './connections.ts'
import type { Deps } from './deps.ts'

const timeouts = { readTimeoutMs: 10_000, writeTimeoutMs: 10_000 }

/** Calls as members, by tenant, for as long as its address stays the same; never at a host that a browser named (I20). */
export function createMemberViews(
  deps: Pick<Deps, 'seal' | 'config'>,
  effects: Effects,
): Pick<Deps, 'asMember' | 'securityRoleOf'> {
  const known = new Map<string, { identity: string; asMember: ReturnType<typeof asMembers> }>()
  return {
    async asMember(scope, authentication) {
      const instance = await readInstance(deps, scope)
      const identity = JSON.stringify(instance)
      const found = known.get(scope.tenant)
      if (found?.identity === identity) return found.asMember(authentication)
      const asMember = asMembers(instance, effects)
      known.set(scope.tenant, { identity, asMember })
      return asMember(authentication)
    },
    async securityRoleOf(scope, memberId) {
      const connection = await readConnection(deps, scope)
      return findSecurityRole(connection, effects, { concurrency: 1, ...timeouts }, memberId)
    },
  }
}
