import type { Answer } from './answer.ts'
import type { Effects } from './effects.ts'

const firstWaitMs = 500
const longestWaitMs = 30_000

/** How often a read is tried in all, and for how long, by what its last try came to. Everything else is final. */
const allowances: Partial<Record<Answer['kind'], { tries: number; ms: number }>> = {
  throttled: { tries: 10, ms: 60 * 60_000 },
  failed: { tries: 6, ms: 5 * 60_000 },
  garbled: { tries: 3, ms: 60_000 },
}

/** Repeats a read that may succeed later, with exponential backoff and full jitter. Never for writes. */
export async function retry(
  effects: Pick<Effects, 'now' | 'sleep' | 'random'>,
  read: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = effects.now()
  for (let tries = 1; ; tries++) {
    const answer = await read()
    const allowed = allowances[answer.kind]
    if (!allowed || tries >= allowed.tries || effects.now() - startedAt > allowed.ms) return answer
    // After a 429 the pacing holds every call until it is time.
    if (answer.kind !== 'throttled') await effects.sleep(effects.random() * waitCapMs(tries))
  }
}

const waitCapMs = (tries: number): number => Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1))
