import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { connectWise, type Effects } from '#connectwise/connectwise.ts'
import type { Deps } from '#server/deps.ts'
import { tick } from '#sync/tick.ts'
import { defaultKeys, type Manage } from '../sandbox/manage/manage.ts'
import { type App, wholeLife } from '../start.ts'
import { timed } from './measure.ts'
import { givenNight } from './night.ts'
import { openFile } from './store.ts'

/** Milliseconds of one scheduled night by the real clock on a database file. */
export async function timeNight(options: { report: boolean; latencyMs: number; inFlight: number }): Promise<number> {
  const { app } = await givenNight(openFile, options)
  const deps = liveDeps(app, options)
  const ms = await timed(() => tick(deps, wholeLife))
  await app.close()
  return ms
}

/** The app's own parts with real time, over a ConnectWise that takes its time. */
function liveDeps(
  { deps, clock, manage }: App,
  { latencyMs, inFlight }: { latencyMs: number; inFlight: number },
): Deps {
  const dueAt = clock.now()
  const startedAt = performance.now()
  const effects: Effects = {
    fetch: slowed(manage, latencyMs),
    now: () => dueAt + Math.floor(performance.now() - startedAt),
    sleep: (ms, signal) => wait(ms, undefined, { signal }),
    random: Math.random,
  }
  const client = connectWise(
    {
      site: 'https://na.myconnectwise.net',
      apiOrigin: 'https://api-na.myconnectwise.net',
      codebase: 'v4_6_release/',
      ...defaultKeys,
    },
    effects,
    { concurrency: inFlight, ceiling: inFlight, readTimeoutMs: 60_000, writeTimeoutMs: 30_000 },
  )
  return { ...deps, now: effects.now, sleep: effects.sleep, connectWise: async () => client }
}

/** A sandbox whose answers take `latencyMs` of real time, its own work included. */
export function slowed(manage: Pick<Manage, 'fetch'>, latencyMs: number): Manage['fetch'] {
  return async (...request) => {
    const [answer] = await Promise.all([manage.fetch(...request), wait(latencyMs)])
    return answer
  }
}
