import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plainData } from '#billing/data.ts'
import { monthOf, shiftMonth } from '#billing/period.ts'
import { type Scope, save } from '#db/db.ts'
import { saveSource } from '#db/sources.ts'
import { readConfig } from '#server/config.ts'
import { type Running, startServer } from '#server/node/start.ts'
import { Problem } from '#server/problem.ts'
import { importMappings } from '#sync/mapping/import-mappings.ts'
import { type Customer, type MappingRow, seatMappings } from './customers.ts'
import { registerHosted } from './demo-hosting.ts'
import { addAskedPlatform, addPlatform, addRoles, connectSandbox } from './demo-tenant.ts'
import { demoBuyers, demoCustomers, demoWorld, isNewcomer } from './demo-world.ts'
import { dayAt } from './manage/calendar.ts'
import { type Listening, listen } from './manage/listen.ts'
import { createManage, defaultKeys, type Manage } from './manage/manage.ts'
import type { World } from './manage/world.ts'
import { createMarketplace, type Marketplace, type Size } from './marketplace.ts'
import { addMarket, type MarketPlaces } from './marketplace-world.ts'
import { type SandboxPage, startSandboxPage } from './page/start.ts'
import { createPlatform, type Platform } from './platform.ts'
import { createPlatformApi, type PlatformApi } from './platform-api.ts'
import { realClock } from './real-clock.ts'

/** Everything the demo consists of, each part reached by the others over HTTP only. */
export interface Demo {
  world: World
  manage: Manage
  /** The Manage page with the REST API behind it. */
  sandbox: SandboxPage
  trueup: Running
  scope: Scope
  platform: Platform
  /** Where the platform's own API listens. */
  platformOrigin: string
  mappings: readonly MappingRow[]
  /** The id of the source that pushes. */
  source: string
  /** What sells through the platform by invoice line, and where its customers belong. */
  market: Marketplace
  places: MarketPlaces
  /** What TrueUp shows the platform's API. */
  key: string
  /** Stops every part; the database goes with the process. */
  stop(): Promise<void>
}

export interface DemoPorts {
  app: string
  sandbox: number
}

const publicFolder = fileURLToPath(new URL('../../dist/public', import.meta.url))

/** Starts the sandbox, the product and the platform, connected, framed and mapped; nothing has been counted yet. */
export async function startDemo(ports: DemoPorts, logLevel: string, sells: Partial<Size> = {}): Promise<Demo> {
  const today = dayAt('UTC', Date.now())
  const world = demoWorld(today)
  const market = createMarketplace({ first: shiftMonth(monthOf(today), -1), clock: realClock, ...sells })
  const places = addMarket(world, market)
  const manage = createManage({ clock: realClock, world })
  const sandbox = await startSandbox(manage, ports.sandbox)
  const folder = mkdtempSync(join(tmpdir(), 'trueup-demo-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const vendor = await startVendor(world, market)
  const config = readConfig({
    PORT: ports.app,
    LOG_LEVEL: logLevel,
    DATABASE_PATH: join(folder, 'trueup.db'),
    MASTER_KEY: randomBytes(32).toString('base64'),
    CONNECTWISE_HOSTS: sandbox.origin,
    SOURCE_HOSTS: vendor.origin,
    CONNECTWISE_CLIENT_ID: defaultKeys.clientId,
  })
  const trueup = await startServer(config, { publicFolder })
  const stop = async () => {
    await trueup.drain()
    await Promise.all([sandbox.close(), vendor.close()])
  }
  const parts = await connectParts(world, sandbox, trueup, vendor)
  const { origin: platformOrigin, key } = vendor
  return { world, manage, sandbox, trueup, stop, platformOrigin, key, market, places, ...parts }
}

interface Vendor extends Listening {
  key: string
  customers: Customer[]
  /** From now on its API speaks of this platform. */
  open(platform: Platform): void
}

/** The platform's API listens first: its address is part of TrueUp's configuration. */
async function startVendor(world: World, marketplace: Marketplace): Promise<Vendor> {
  const [customers, key] = [demoCustomers(world), randomBytes(24).toString('base64url')]
  let api: PlatformApi | undefined
  const listening = await listen({ fetch: (request) => api?.fetch(request as Request) ?? notOpen() })
  const open = (platform: Platform) => {
    api = createPlatformApi({ platform, key, sold: demoBuyers, marketplace })
  }
  return { ...listening, key, customers, open }
}

const notOpen = async () => new Response(null, { status: 503 })

async function connectParts(world: World, sandbox: SandboxPage, trueup: Running, vendor: Vendor) {
  const scope = await connectSandbox(trueup, sandbox.origin)
  await addRoles(trueup, scope)
  await registerHosted(trueup.deps, scope, trueup.address)
  const { source, token } = await addPlatform(trueup, scope)
  await save(trueup.deps.db, [saveSource(scope, source, { data: { ...plainData, userList: true } })])
  const { customers } = vendor
  const mapped = customers.filter((customer) => !isNewcomer(customer))
  const mappings = seatMappings(world, mapped, source)
  await importMappings(trueup.deps, scope, JSON.stringify(mappings))
  const platform = createPlatform({ clock: realClock, trueup: trueup.address, token, fetch, customers })
  vendor.open(platform)
  await addAskedPlatform(trueup, scope, vendor)
  return { scope, platform, mappings, source }
}

async function startSandbox(manage: Manage, port: number): Promise<SandboxPage> {
  try {
    return await startSandboxPage(manage, realClock.now, port)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new Problem('conflict', `SANDBOX_PORT: ${port} is taken; stop what listens there or choose another.`)
  }
}
