import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scope } from '#db/db.ts'
import { readConfig } from '#server/config.ts'
import { type Running, startServer } from '#server/node/start.ts'
import { Problem } from '#server/problem.ts'
import { importMappings } from '#sync/import-mappings.ts'
import { lifelikeCustomers, type MappingRow, seatMappings } from './customers.ts'
import { worldPage } from './demo-page.ts'
import { addPlatform, connectSandbox } from './demo-tenant.ts'
import { dayAt } from './manage/calendar.ts'
import { type Listening, listen } from './manage/listen.ts'
import { createManage, defaultKeys, type Manage } from './manage/manage.ts'
import { lifelikeWorld, type World } from './manage/world.ts'
import { createPlatform, type Platform } from './platform.ts'
import { realClock } from './real-clock.ts'

/** Everything the demo consists of, each part reached by the others over HTTP only. */
export interface Demo {
  world: World
  manage: Manage
  sandbox: Listening
  trueup: Running
  scope: Scope
  platform: Platform
  mappings: readonly MappingRow[]
  /** Stops every part; the database goes with the process. */
  stop(): Promise<void>
}

export interface DemoPorts {
  app: string
  sandbox: number
}

const publicFolder = fileURLToPath(new URL('../../public', import.meta.url))

/** Starts the sandbox, the product and the platform, connected and mapped; nothing has been counted yet. */
export async function startDemo(ports: DemoPorts, logLevel: string): Promise<Demo> {
  const world = lifelikeWorld({ today: dayAt('UTC', Date.now()) })
  const manage = createManage({ clock: realClock, world })
  const sandbox = await startSandbox(manage, ports.sandbox)
  const folder = mkdtempSync(join(tmpdir(), 'trueup-demo-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const config = readConfig({
    PORT: ports.app,
    LOG_LEVEL: logLevel,
    DATABASE_PATH: join(folder, 'trueup.db'),
    MASTER_KEY: randomBytes(32).toString('base64'),
    CONNECTWISE_HOSTS: sandbox.origin,
    CONNECTWISE_CLIENT_ID: defaultKeys.clientId,
  })
  const trueup = await startServer(config, { publicFolder })
  const stop = async () => {
    await trueup.drain()
    await sandbox.close()
  }
  return { world, manage, sandbox, trueup, stop, ...(await connectParts(world, sandbox, trueup)) }
}

async function connectParts(world: World, sandbox: Listening, trueup: Running) {
  const scope = await connectSandbox(trueup, sandbox.origin)
  const { source, token } = await addPlatform(trueup, scope)
  const customers = lifelikeCustomers(world)
  const mappings = seatMappings(world, customers, source)
  await importMappings(trueup.deps, scope, JSON.stringify(mappings))
  const platform = createPlatform({ clock: realClock, trueup: trueup.address, token, fetch, customers })
  return { scope, platform, mappings }
}

/** The REST API, and at `/` a page that shows what it holds. */
async function startSandbox(manage: Manage, port: number): Promise<Listening> {
  const isPage = (request: Request) => request.method === 'GET' && new URL(request.url).pathname === '/'
  const withPage = async (request: Request) => (isPage(request) ? worldPage(manage.world) : manage.fetch(request))
  try {
    return await listen({ fetch: (input) => withPage(input as Request) }, port)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new Problem('conflict', `SANDBOX_PORT: ${port} is taken; stop what listens there or choose another.`)
  }
}
