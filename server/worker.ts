import { waitUntil } from 'cloudflare:workers'
import { randomBytes } from 'node:crypto'
import type { D1Database } from '@cloudflare/workers-types'
import { testConnection } from '#connectwise/test-connection.ts'
import { openD1 } from '#db/d1.ts'
import { createSeal } from '#db/seal.ts'
import { kinds } from '#sources/list.ts'
import { tick } from '#sync/tick.ts'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { createConnections } from './connections.ts'
import type { Deps } from './deps.ts'
import { createLog, reasonOf } from './log.ts'
import { createMemberViews } from './member-views.ts'
import { Problem } from './problem.ts'
import { createUlid } from './ulid.ts'

/** What `wrangler.toml`, secrets and `.dev.vars` give: our variables as text, and the database. */
interface Env {
  DB: D1Database
  VERSION: { id: string }
  [variable: string]: unknown
}

/** A cron invocation may last 15 minutes; what is left then goes on at the next minute. */
const sliceMs = 10 * 60_000
/** An invocation may make 1,000 calls to ConnectWise and to D1 together; what is under way must still be able to end. */
const sliceCalls = 800
/** What goes on after an answer has 30 seconds; the minute's invocation gets on with what is left. */
const laterMs = 20_000

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    app ??= createApp(createDeps(env))
    return app.fetch(request)
  },
  async scheduled(_event: unknown, env: Env): Promise<void> {
    // Of its own: what waits in one invocation must not be woken by another.
    let calls = 0
    const deps = createDeps(env, (count) => {
      calls += count
    })
    const until = deps.now() + sliceMs
    if (deps.config.TICK) await tick(deps, { stopping: () => deps.now() > until || calls > sliceCalls })
  },
}

/** Made once per isolate, so that limits count across requests. */
let app: ReturnType<typeof createApp> | undefined

function createDeps(env: Env, onCalls: (count: number) => void = () => undefined): Deps {
  const config = readWorkerConfig(env)
  const log = createLog({ level: config.LOG_LEVEL, now: Date.now, write: (line) => console.log(line) })
  const seal = createSeal(config.MASTER_KEY)
  // Addresses cannot be pinned here: the allow-list of hosts and `global_fetch_strictly_public` stand alone (TRUST 7.2).
  const fetchHere = (request: Request) => {
    onCalls(1)
    return fetch(request, { redirect: 'manual' })
  }
  const effects = { fetch: fetchHere, now: Date.now, sleep, random: Math.random, log }
  return {
    db: openD1(env.DB, undefined, onCalls),
    seal,
    config,
    ...effects,
    id: createUlid(Date.now, randomBytes),
    sources: kinds,
    fetchSource: fetchHere,
    connectWise: createConnections({ seal, config }, effects),
    ...createMemberViews({ seal, config }, effects),
    testConnection: (credentials) => testConnection(credentials, effects, config.CONNECTWISE_HOSTS),
    later(work) {
      const until = Date.now() + laterMs
      const done = work({ stopping: () => Date.now() > until })
      waitUntil(done.catch((error: unknown) => log.error('later.failed', { reason: reasonOf(error) })))
    },
    release: env.VERSION.id,
    at: () => undefined,
  }
}

/** A Worker is reached from everywhere, whatever HOST says, and nothing can keep a key that was made here. */
function readWorkerConfig(env: Env): Config & { MASTER_KEY: string } {
  const texts = Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
  const config = readConfig({ ...Object.fromEntries(texts), HOST: 'workers' })
  if (config.MASTER_KEY === undefined)
    throw new Problem('invalid', 'MASTER_KEY: expected 32 random bytes in base64, set with `wrangler secret put`')
  return { ...config, MASTER_KEY: config.MASTER_KEY }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
