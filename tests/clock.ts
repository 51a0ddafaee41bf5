/** Virtual time: it stands still while anything is at work and jumps to the next timer when everything is idle. */
export interface Clock {
  now(): number
  set(at: number): void
  advance(ms: number): void
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Awaits work, moving the time whenever all of it sleeps. */
  run<T>(work: Promise<T>): Promise<T>
  /** Registers real IO (a D1 query): time stands still until it answers. */
  busy<T>(io: Promise<T>): Promise<T>
}

interface Timer {
  at: number
  wake: () => void
}

const idleTurns = 3

export function createClock(start: string | number): Clock {
  let now = typeof start === 'number' ? start : Date.parse(start)
  let timers: Timer[] = []
  let pending = 0

  const wakeDue = () => {
    const due = timers.filter((timer) => timer.at <= now)
    timers = timers.filter((timer) => timer.at > now)
    for (const timer of due) timer.wake()
  }
  const set = (at: number) => {
    now = at
    wakeDue()
  }
  const isIdle = async () => {
    for (let turn = 0; turn < idleTurns; turn++) {
      const before = timers.length
      await new Promise((resolve) => setImmediate(resolve))
      if (pending > 0 || timers.length !== before) return false
    }
    return true
  }

  return {
    now: () => now,
    set,
    advance: (ms) => set(now + ms),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = () => {
          timers = timers.filter((other) => other !== timer)
          reject(signal?.reason)
        }
        const wake = () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        const timer: Timer = { at: now + Math.max(0, ms), wake }
        timers.push(timer)
        signal?.addEventListener('abort', abort, { once: true })
      }),
    async run(work) {
      let settled = false
      const watched = work.finally(() => {
        settled = true
      })
      watched.catch(() => undefined)
      while (!settled) {
        if (!(await isIdle()) || settled) continue
        const next = timers.reduce((earliest, timer) => Math.min(earliest, timer.at), Number.POSITIVE_INFINITY)
        if (next < Number.POSITIVE_INFINITY) set(Math.max(now, next))
      }
      return watched
    },
    async busy(io) {
      pending++
      try {
        return await io
      } finally {
        pending--
      }
    },
  }
}
