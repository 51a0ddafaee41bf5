const noticeableMs = 100

export interface Latency {
  /** Takes one good call's time; after every full window says whether calls have become slow (p95 > 3 × the best median). */
  add(ms: number): 'slow' | 'steady' | undefined
  restart(): void
}

export function createLatency(size: number): Latency {
  let times: number[] = []
  let best = Number.POSITIVE_INFINITY
  return {
    add(ms) {
      times.push(ms)
      if (times.length < size) return undefined
      const sorted = times.toSorted((a, b) => a - b)
      times = []
      best = Math.min(best, sorted[Math.floor(size / 2)] ?? 0)
      const p95 = sorted[Math.floor(size * 0.95)] ?? 0
      return p95 > 3 * Math.max(best, noticeableMs) ? 'slow' : 'steady'
    },
    restart() {
      times = []
    },
  }
}
