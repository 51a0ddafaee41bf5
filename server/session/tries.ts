import type { Deps } from '#server/deps.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import type { Claim, Opened } from './open-session.ts'
import { createTurns } from './turns.ts'

const refusedPerMinute = 10
/** Every screen that opens is a try. */
const triedPerMinute = 30
const atOnce = 8
const noTurnSeconds = 15

/**
 * Bounds the tries to open a session, and answers one too many with the seconds to wait. All counts are of one caller, the
 * address a request comes from, and behind a proxy that may be everybody's (`TRUSTED_PROXY`). So what is refused is
 * counted for one member only, and guesses at many members do not shut the others out: they take turns, eight at once,
 * in which a refusal takes its second. A wrong company or tenant counts for itself, as no right one is tried with it.
 * Tries are counted from the start, so that many at once are no way around.
 */
export function createTries(deps: Pick<Deps, 'now' | 'sleep'>) {
  const refused = createRateLimit(refusedPerMinute, deps.now)
  const tried = createRateLimit(triedPerMinute, deps.now)
  const inTurn = createTurns(atOnce, deps)
  const start = (key: string): number | undefined => {
    const wait = refused(key)
    if (wait !== undefined) return wait
    const longer = tried(key)
    if (longer !== undefined) refused.giveBack(key)
    return longer
  }
  return async (caller: string, claim: Claim, open: () => Promise<Opened>): Promise<Opened | number> => {
    const instance = JSON.stringify([caller, claim.tenant, claim.companyId.toLowerCase()])
    const member = JSON.stringify([instance, claim.member.toLowerCase()])
    const wait = start(member)
    if (wait !== undefined) return wait
    const opened = await inTurn(instance, open)
    if (opened?.outcome !== 'refused') refused.giveBack(member)
    return opened ?? noTurnSeconds
  }
}
