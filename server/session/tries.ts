import type { Deps } from '#server/deps.ts'
import { createRateLimit, type RateLimit } from '#server/rate-limit.ts'

/** Refused tries a minute: of one member, and of all members of a tenant, from one address. */
const refusedOfMember = 10
const refusedOfAll = 60
/** Every screen that opens is a try that is not refused. */
const openedOfMember = 30

export interface Try {
  caller: string
  tenant: string
  member: string
}

/**
 * Counts tries to open a session. `start` gives the seconds to wait when it is one too many; `succeed` says that this one
 * was not refused. They are counted from the start, so that many at once are no way around.
 */
export function createTries({ now }: Pick<Deps, 'now'>) {
  const limits = [refusedOfMember, refusedOfAll, openedOfMember].map((perMinute) => createRateLimit(perMinute, now))
  const keysOf = ({ caller, tenant, member }: Try) => {
    const one = JSON.stringify([caller, tenant, member.toLowerCase()])
    return [one, JSON.stringify([caller, tenant]), one]
  }
  const each = (tried: Try): [RateLimit, string][] => limits.map((limit, at) => [limit, keysOf(tried)[at] ?? ''])
  return {
    start(tried: Try): number | undefined {
      const taken: [RateLimit, string][] = []
      for (const [limit, key] of each(tried)) {
        const wait = limit(key)
        if (wait !== undefined) {
          for (const [counted, its] of taken) counted.giveBack(its)
          return wait
        }
        taken.push([limit, key])
      }
      return undefined
    },
    succeed(tried: Try): void {
      for (const [limit, key] of each(tried).slice(0, 2)) limit.giveBack(key)
    },
  }
}
