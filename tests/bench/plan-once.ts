import { GCProfiler } from 'node:v8'
import { guard } from '#billing/guard.ts'
import { defaultLimits } from '#billing/limits.ts'
import { makePlan } from '#billing/make-plan.ts'
import { planInput } from './plan-input.ts'

/** What one plan took in a fresh process that was started with --expose-gc; printed for the parent to read. */
export interface PlanCost {
  cpuMs: number
  /** Heap and external memory at its highest, above what the empty process holds, the input included. */
  peakBytes: number
  inputBytes: number
  changes: number
  held: number
  unchanged: number
}

const inUse = () => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

globalThis.gc?.()
const empty = inUse()
const input = planInput(20_000)
globalThis.gc?.()
const inputBytes = inUse() - empty

const collections = new GCProfiler()
collections.start()
const startedAt = process.cpuUsage()
const proposal = makePlan(input)
const rows = guard(proposal.rows, input, {
  limits: defaultLimits,
  mapped: proposal.mapped,
  observing: false,
  stops: [],
})
const { user, system } = process.cpuUsage(startedAt)
const { statistics } = collections.stop()
const seen = statistics.map(({ beforeGC: { heapStatistics: heap } }) => heap.usedHeapSize + heap.externalMemory)

const cost: PlanCost = {
  cpuMs: (user + system) / 1000,
  peakBytes: Math.max(inUse(), ...seen) - empty,
  inputBytes,
  changes: rows.filter((row) => row.change !== undefined).length,
  held: rows.filter((row) => row.outcome === 'held').length,
  unchanged: proposal.unchanged,
}
console.log(JSON.stringify(cost))
