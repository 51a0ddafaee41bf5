import { Temporal } from 'temporal-polyfill'
import { defaultLimits, type Limits } from '#billing/limits.ts'
import { readsKey, targetText } from '#billing/mapping.ts'
import type { Read } from '#billing/reading.ts'
import { plainRule, type Rule, ruleText } from '#billing/rule.ts'
import { testConnection } from '#connectwise/test-connection.ts'
import { type Scope, save } from '#db/db.ts'
import { type MappingRow, saveMappings } from '#db/mappings.ts'
import { addSchedule } from '#db/schedules.ts'
import { createSeal } from '#db/seal.ts'
import { addSnapshot } from '#db/snapshots.ts'
import { addSource } from '#db/sources.ts'
import { connectTenant, leaveObserving } from '#db/tenants.ts'
import { readConfig } from '#server/config.ts'
import { createConnections } from '#server/connections.ts'
import type { Deps } from '#server/deps.ts'
import { createLog } from '#server/log.ts'
import { createMemberViews } from '#server/member-views.ts'
import { kinds } from '#sources/list.ts'
import type { Summary } from '#sync/summary.ts'
import { dryRun, syncNow } from '#sync/sync.ts'
import { tick } from '#sync/tick.ts'
import { type Clock, createClock } from './clock.ts'
import { createManage, defaultKeys, type Manage } from './sandbox/manage/manage.ts'
import type { World } from './sandbox/manage/tables.ts'
import { emptyWorld } from './sandbox/manage/world.ts'
import type { Open } from './stores.ts'

export const wholeLife = { stopping: () => false }

/** What a source says of one account: its count of users, or users by name, or all its metrics. */
export type Said = Record<string, number | { users: { id: string; services: string[] }[] } | Record<string, number>>

export interface App {
  deps: Deps
  clock: Clock
  manage: Manage
  world: World
  scope: Scope
  /** Log lines so far. */
  lines: string[]
  /** Stores a snapshot of the source, taken now, of the current month and complete unless it says otherwise. */
  say(
    said: Said,
    options?: { complete?: boolean; period?: string; source?: string; takenAt?: number; money?: object },
  ): Promise<void>
  map(mapping: Partial<MappingRow> & { account: string; agreementId: number }): Promise<MappingRow>
  /** A full run on demand. */
  sync(options?: Partial<Parameters<typeof syncNow>[2]>): Promise<Summary>
  preview(): Promise<Summary>
  tick(): Promise<void>
  /** Lets everything that goes on after an answer come to its end. */
  settled(): Promise<void>
  close(): Promise<void>
}

export interface Options {
  at?: string
  world?: World
  limits?: Partial<Limits>
  observe?: boolean
  zone?: string
  env?: Record<string, string>
  deps?: Partial<Deps>
}

/** The whole of TrueUp over a sandbox ConnectWise, with one tenant, `acme`, and one source, `src`, in one call. */
export async function startApp(open: Open, options: Options = {}): Promise<App> {
  const clock = createClock(options.at ?? '2026-11-17T12:00:00Z')
  const world = options.world ?? emptyWorld()
  const manage = createManage({ clock, world, ...(options.zone ? { zone: options.zone } : {}) })
  const { db, close } = await open(clock)
  const lines: string[] = []
  const waiting: Parameters<Deps['later']>[0][] = []
  let serial = 0
  const config = readConfig({
    MASTER_KEY: Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256)).toString('base64'),
    CONNECTWISE_CLIENT_ID: defaultKeys.clientId,
    ...options.env,
  })
  const seal = createSeal(config.MASTER_KEY ?? '')
  const effects = {
    fetch: (request: Request) => manage.fetch(request),
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0.5,
  }
  const deps: Deps = {
    db,
    seal,
    config,
    log: createLog({ level: 'debug', now: clock.now, write: (line) => lines.push(line) }),
    now: clock.now,
    sleep: clock.sleep,
    id: () => `id${String(++serial).padStart(24, '0')}`,
    random: () => 0.5,
    sources: kinds,
    fetchSource: () => Promise.reject(new Error('no platform listens here')),
    connectWise: createConnections({ seal, config }, effects),
    ...createMemberViews({ seal, config }, effects),
    testConnection: (credentials) => testConnection(credentials, effects, config.CONNECTWISE_HOSTS),
    later: (work) => void waiting.push(work),
    at: () => undefined,
    ...options.deps,
  }
  const zone = options.zone ?? 'UTC'
  const tenant = await connectTenant(
    db,
    seal,
    {
      site: 'https://na.myconnectwise.net',
      apiOrigin: 'https://api-na.myconnectwise.net',
      codebase: 'v4_6_release/',
      companyId: 'acme',
      clientId: null,
      zone,
      currency: 'USD',
      hasAdditionsReport: false,
    },
    { publicKey: defaultKeys.publicKey, privateKey: defaultKeys.privateKey },
    { limits: { ...defaultLimits, ...options.limits }, now: clock.now() },
  )
  const scope = { db, tenant: tenant.id }
  const today = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(zone).toPlainDate().toString()
  const { saved } = addSource(scope, {
    id: 'src',
    kind: 'push',
    name: 'Platform',
    settings: {},
    billingPeriod: 'current',
    createdAt: clock.now(),
  })
  await save(db, [
    saved,
    addSchedule(scope, { id: 'nightly', pattern: '0 2 * * *', zone, enabled: true, lastDay: today }),
    ...(options.observe ? [] : [leaveObserving(scope)]),
  ])
  return {
    deps,
    clock,
    manage,
    world,
    scope,
    lines,
    say: (said, how = {}) => say(deps, scope, zone, said, how),
    map: (mapping) => map(deps, scope, mapping),
    sync: (asked = {}) => clock.run(syncNow(deps, scope, { startedBy: 'test', ...asked }, wholeLife)),
    preview: () => clock.run(dryRun(deps, scope, { startedBy: 'test' }, wholeLife)),
    tick: () => clock.run(tick(deps, wholeLife)),
    settled: () => clock.run(settle(waiting)),
    close,
  }
}

async function settle(waiting: Parameters<Deps['later']>[0][]): Promise<void> {
  for (let work = waiting.shift(); work; work = waiting.shift()) await work(wholeLife)
}

async function say(
  deps: Deps,
  scope: Scope,
  zone: string,
  said: Said,
  how: NonNullable<Parameters<App['say']>[1]>,
): Promise<void> {
  const takenAt = how.takenAt ?? deps.now()
  const month = Temporal.Instant.fromEpochMilliseconds(takenAt)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString()
    .slice(0, 7)
  const accounts = Object.entries(said).map(([id, value]) => ({
    id,
    name: `Account ${id}`,
    readings: readingsOf(value, how.money),
  }))
  await addSnapshot(
    scope,
    { kind: 'counts', period: how.period ?? month, takenAt, complete: how.complete ?? true, accounts },
    { id: deps.id(), sourceId: how.source ?? 'src', receivedAt: deps.now(), bodyHash: '', idempotencyKey: null },
  )
}

function readingsOf(value: Said[string], money: object = {}) {
  const metric = (name: string, quantity: number) => ({
    kind: 'metric' as const,
    name,
    quantity: String(quantity),
    ...money,
  })
  if (typeof value === 'number') return [metric('users', value)]
  if (Array.isArray(value.users)) return [{ ...metric('users', value.users.length), people: value.users }]
  return Object.entries(value as Record<string, number>).map(([name, quantity]) => metric(name, quantity))
}

async function map(deps: Deps, scope: Scope, given: Parameters<App['map']>[0]): Promise<MappingRow> {
  const reads: Read[] = given.reads ?? [{ metric: 'users' }]
  const rule: Rule = given.rule ?? plainRule
  const targetKey = given.additionId ? `addition:${given.additionId}` : `product:${given.productId}`
  const row = {
    id: deps.id(),
    sourceId: 'src',
    reads,
    readsKey: readsKey(reads),
    companyId: given.companyId ?? 250,
    additionId: null,
    productId: null,
    targetKey,
    leaveAlone: [],
    include: true,
    rule,
    parkedReason: null,
    parkedAt: null,
    createdAt: deps.now(),
    updatedAt: deps.now(),
    updatedBy: null,
    followsSource: false,
    ...given,
  }
  const confirmed = { confirmedTarget: targetText(row), confirmedRule: ruleText(row.rule), ...given }
  const mapping: MappingRow = {
    ...row,
    tenantId: scope.tenant,
    confirmedTarget: confirmed.confirmedTarget,
    confirmedRule: confirmed.confirmedRule,
  }
  await save(scope.db, saveMappings(scope, [mapping]))
  return mapping
}
