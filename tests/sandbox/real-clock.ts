import { setTimeout } from 'node:timers/promises'
import type { SandboxClock } from './manage/faults/fault-layer.ts'

/** The time of this machine, for a sandbox that stands beside real processes. */
export const realClock: SandboxClock = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(ms, undefined, signal ? { signal } : {}),
}
