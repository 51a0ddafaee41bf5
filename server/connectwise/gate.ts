import type { Effects } from './effects.ts'

/** Admits calls first come, first served: at most `room()` at once, none during a pause. */
export interface Gate {
  /** Waits for a place; false when `patienceMs` passed without one, and then nothing may be sent. */
  admit(patienceMs: number): Promise<boolean>
  leave(): void
  pauseFor(ms: number): void
  /** Milliseconds left of the pause. */
  pausedMs(): number
}

export function createGate(effects: Pick<Effects, 'now' | 'sleep'>, room: () => number): Gate {
  const waiting: ((admitted: boolean) => void)[] = []
  let inFlight = 0
  let pausedUntil = 0
  let wakeAt = 0

  const pausedMs = () => Math.max(0, pausedUntil - effects.now())

  const release = () => {
    if (waiting.length === 0) return
    if (pausedMs() > 0) return wakeAfterPause()
    while (inFlight < room()) {
      const next = waiting.shift()
      if (!next) return
      inFlight++
      next(true)
    }
  }
  const wakeAfterPause = () => {
    if (wakeAt >= pausedUntil) return
    wakeAt = pausedUntil
    void effects.sleep(pausedMs()).then(release)
  }
  const queue = (patienceMs: number) =>
    new Promise<boolean>((resolve) => {
      const impatience = new AbortController()
      const settle = (admitted: boolean) => {
        impatience.abort()
        resolve(admitted)
      }
      waiting.push(settle)
      release()
      if (impatience.signal.aborted || !Number.isFinite(patienceMs)) return
      const giveUp = () => {
        const place = waiting.indexOf(settle)
        if (place >= 0) waiting.splice(place, 1)
        settle(false)
      }
      effects.sleep(patienceMs, impatience.signal).then(giveUp, () => undefined)
    })

  return {
    admit: async (patienceMs) => pausedMs() <= patienceMs && queue(patienceMs),
    leave() {
      inFlight--
      release()
    },
    pauseFor(ms) {
      pausedUntil = Math.max(pausedUntil, effects.now() + ms)
    },
    pausedMs,
  }
}
