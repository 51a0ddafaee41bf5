import type { Answer } from './answer.ts'
import type { Effects } from './effects.ts'
import { createGate } from './gate.ts'
import { createLatency } from './latency.ts'

const goodCallsPerStep = 50
const failuresPerPause = 5
const longestPauseMs = 15 * 60_000
const defaultRetryAfterMs = 30_000
const outagePauseMs = 5_000
const longestOutagePauseMs = 60_000

export interface Pacing {
  /**
   * Sends when there is room. A call that would have to wait longer than `patienceMs` is not sent and is `throttled`
   * for what is left of the pause.
   */
  pace(send: () => Promise<Answer>, patienceMs: number): Promise<Answer>
  /** Calls allowed in flight now. */
  limit(): number
}

/**
 * One tenant's speed (TRUST 8.1): up one per 50 good calls, half on 429, 503 and slowness. A 429, and five failures in a
 * row, stop every call for a while; then one call at a time probes until one succeeds, with longer pauses in between.
 */
export function createPacing(
  effects: Pick<Effects, 'now' | 'sleep'>,
  concurrency: number,
  ceiling = Math.max(concurrency, Math.min(2 * concurrency, 8)),
): Pacing {
  const latency = createLatency(goodCallsPerStep)
  let limit = concurrency
  let pausesInARow = 0
  let failuresInARow = 0
  // Answers to calls that left before the last slowdown are old news: they slow nothing down again.
  let slowdowns = 0
  const gate = createGate(effects, () => (pausesInARow > 0 ? 1 : limit))

  const slowDown = () => {
    slowdowns++
    limit = Math.max(1, Math.floor(limit / 2))
    latency.restart()
  }
  const pause = (wishMs: number, firstMs: number, longestMs: number) => {
    slowDown()
    const growing = pausesInARow === 0 ? 0 : firstMs * 2 ** pausesInARow
    pausesInARow++
    gate.pauseFor(Math.min(longestMs, Math.max(wishMs, growing)))
  }
  const learnThrottled = (retryAfterMs: number, isNews: boolean) => {
    if (isNews) pause(retryAfterMs, defaultRetryAfterMs, longestPauseMs)
    else gate.pauseFor(retryAfterMs)
  }
  const learnFailed = (status: number | undefined, isNews: boolean) => {
    failuresInARow++
    if (!isNews) return
    if (failuresInARow >= failuresPerPause) pause(outagePauseMs, outagePauseMs, longestOutagePauseMs)
    else if (status === 503) slowDown()
  }
  const learnGood = (ms: number, isNews: boolean) => {
    failuresInARow = 0
    if (isNews) pausesInARow = 0
    const verdict = latency.add(ms)
    if (verdict === 'slow') slowDown()
    if (verdict === 'steady') limit = Math.min(ceiling, limit + 1)
  }
  const learn = (answer: Answer, ms: number, isNews: boolean) => {
    if (answer.kind === 'throttled') learnThrottled(answer.retryAfterMs ?? defaultRetryAfterMs, isNews)
    else if (answer.kind === 'failed') learnFailed(answer.status, isNews)
    else learnGood(ms, isNews)
  }

  return {
    async pace(send, patienceMs) {
      if (!(await gate.admit(patienceMs))) return { kind: 'throttled', status: 429, retryAfterMs: gate.pausedMs() }
      const startedAt = effects.now()
      const slowdownsBefore = slowdowns
      try {
        const answer = await send()
        learn(answer, effects.now() - startedAt, slowdownsBefore === slowdowns)
        return answer
      } finally {
        gate.leave()
      }
    },
    limit: () => limit,
  }
}
