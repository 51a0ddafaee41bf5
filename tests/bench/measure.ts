import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** One thing measured, beside its bound, peer or limit; it is a target when `atMost` says how large the ratio may be. */
export interface Measurement {
  what: string
  measured: string
  beside: string
  ratio: number
  atMost?: number
}

/** Prints a measurement and remembers whether its target is met. */
export type Report = (measurement: Measurement) => void

export type Benchmark = (report: Report) => Promise<void>

/** Milliseconds that work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** What no client can beat: as many answers of `latencyMs` as it waits for, `inFlight` of them at a time. */
export async function floor(calls: number, latencyMs: number, inFlight: number): Promise<void> {
  let left = calls
  const wait = async () => {
    while (left-- > 0) await sleep(latencyMs)
  }
  await Promise.all(Array.from({ length: inFlight }, wait))
}

export interface Spread {
  min: number
  median: number
  max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return { min: at(0), median: at(0.5), max: at(1) }
}

/** After one warm-up of each: both in turns, `pairs` times, so that a busy machine slows both. */
export async function inTurns(
  pairs: number,
  ours: () => Promise<number>,
  other: () => Promise<number>,
): Promise<{ ours: number[]; other: number[] }> {
  const times = { ours: [] as number[], other: [] as number[] }
  await ours()
  await other()
  for (let pair = 0; pair < pairs; pair++) {
    times.ours.push(await ours())
    times.other.push(await other())
  }
  return times
}

export const ratios = (ours: readonly number[], other: readonly number[]): number[] =>
  ours.map((value, at) => value / (other[at] ?? Number.NaN))

/** min / median / max */
export const spreadText = ({ min, median, max }: Spread, places: number): string =>
  [min, median, max].map((value) => value.toFixed(places)).join(' / ')
