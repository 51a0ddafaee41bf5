import type { World } from '../tables.ts'
import { createThrottle } from './throttle.ts'

export interface SandboxClock {
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** One request on its way through the faults. */
export interface Exchange {
  request: Request
  /** Without the API's prefix, with the query. */
  path: string
  /** Which page of a list this is, 1 for the first; also for forward-only lists. */
  page: number
  clock: SandboxClock
  world: World
  random(): number
  /** Lets an effect land later, whoever has given up meanwhile. */
  later(effect: Promise<unknown>): void
}

/** What a fault may change of the request it passes on. */
interface Passing {
  url?: URL
  lagMs?: number
}

type Pass = (passing?: Passing) => Promise<Response>

/** A fault wraps the answer: before `pass()` nothing has been committed, after it everything has. */
export interface Fault {
  name: string
  answer(exchange: Exchange, pass: Pass): Promise<Response>
}

interface Match {
  method?: string | readonly string[]
  /** Tested against path and query, without the API's prefix. */
  path?: RegExp
  page?: number
  /** Only the nth request that matches so far, from 1. */
  nth?: number
  /** At most this often. */
  times?: number
  /** This share of what matches, by the seed. */
  share?: number
}

interface Scripted {
  /** How often it fired. */
  fired: number
  remove(): void
}

export interface Faults {
  /** Faults wrap each other in the order they were added, the first outermost. */
  add(script: { match?: Match; fault: Fault }): Scripted
  /** Answers 429 beyond a rate; undefined takes the limit away. */
  bucket(limit: { perSecond: number; burst: number } | undefined): void
  /** Answers 429 to everything from one instant to another (epoch milliseconds). */
  storm(span: { from: number; to: number; retryAfter?: number }): void
  /** How often each fault fired, by name. */
  fired: Map<string, number>
  clear(): void
}

export interface FaultLayer extends Faults {
  answer(exchange: Exchange, pass: Pass): Promise<Response>
}

interface Entry extends Scripted {
  match: Match
  fault: Fault
  seen: number
}

/** The faults of one sandbox; the same random numbers and requests give the same faults. */
export function createFaults(random: () => number): FaultLayer {
  const throttle = createThrottle()
  const fired = new Map<string, number>()
  let entries: Entry[] = []
  const count = (name: string) => fired.set(name, (fired.get(name) ?? 0) + 1)

  const fires = (entry: Entry, exchange: Exchange): boolean => {
    const { match } = entry
    if (!matches(match, exchange)) return false
    entry.seen++
    if (match.nth !== undefined && entry.seen !== match.nth) return false
    if (match.times !== undefined && entry.fired >= match.times) return false
    if (match.share !== undefined && random() >= match.share) return false
    entry.fired++
    count(entry.fault.name)
    return true
  }

  return {
    fired,
    add({ match = {}, fault }) {
      const entry: Entry = { match, fault, seen: 0, fired: 0, remove }
      function remove() {
        entries = entries.filter((other) => other !== entry)
      }
      entries.push(entry)
      return entry
    },
    bucket: throttle.bucket,
    storm: throttle.storm,
    clear() {
      entries = []
      throttle.clear()
    },
    answer(exchange, pass) {
      const firing = entries.filter((entry) => fires(entry, exchange)).map(({ fault }) => fault)
      const guarded: Pass = async (passing) => {
        const refusal = throttle.refusal(exchange.clock.now())
        if (refusal) count('throttle')
        return refusal ?? pass(passing)
      }
      return firing.reduceRight<Pass>((inner, fault) => wrap(fault, exchange, inner), guarded)()
    },
  }
}

/** What an outer fault changed of the request stays changed for the inner ones. */
const wrap =
  (fault: Fault, exchange: Exchange, inner: Pass): Pass =>
  (outer) =>
    fault.answer(exchange, (passing) => inner({ ...outer, ...passing }))

function matches({ method, path, page }: Match, exchange: Exchange): boolean {
  const methods = method === undefined ? undefined : [method].flat()
  if (methods && !methods.includes(exchange.request.method)) return false
  if (page !== undefined && page !== exchange.page) return false
  return path === undefined || path.test(exchange.path)
}
