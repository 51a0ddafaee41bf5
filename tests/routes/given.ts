import type { Scope } from '#db/db.ts'
import { createApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import type { Deps } from '#server/deps.ts'
import { createLog } from '#server/log.ts'
import { kinds } from '#sources/list.ts'
import { type Clock, createClock } from '../clock.ts'
import { givenSource, givenTenant, seal } from '../store/given.ts'
import type { Open } from '../stores.ts'

const origin = 'http://127.0.0.1:4600'

export interface TestApp {
  fetch(path: string, init?: RequestInit): Promise<Response>
  scope: Scope
  clock: Clock
  lines: string[]
  source: { id: string; token: string }
}

/** The app over a fresh store with one connected tenant and one pushing source. */
export async function givenApp(open: Open, environment: Record<string, string> = {}): Promise<TestApp> {
  const clock = createClock('2026-11-21T22:05:00Z')
  const scope = await givenTenant((await open(clock)).db)
  const lines: string[] = []
  let ids = 0
  const deps: Deps = {
    db: scope.db,
    seal,
    config: readConfig(environment),
    log: createLog({ level: 'debug', now: clock.now, write: (line) => lines.push(line) }),
    now: clock.now,
    sleep: clock.sleep,
    id: () => `id-${++ids}`,
    random: () => 0.5,
    sources: kinds,
    fetchSource: () => Promise.reject(new Error('no platform listens here')),
    connectWise: () => Promise.reject(new Error('no ConnectWise here')),
    testConnection: () => Promise.reject(new Error('no ConnectWise here')),
    asMember: () => Promise.reject(new Error('no ConnectWise here')),
    securityRoleOf: () => Promise.reject(new Error('no ConnectWise here')),
    later: () => undefined,
    at: () => undefined,
  }
  const app = createApp(deps)
  const fetch = async (path: string, init?: RequestInit) => app.request(new URL(path, origin).href, init)
  return { fetch, scope, clock, lines, source: await givenSource(scope) }
}
