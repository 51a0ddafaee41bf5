import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { type Scope, save } from '#db/db.ts'
import { type Intent, listIntents } from '#db/intents.ts'
import { addRun, findRun, type Run } from '#db/runs.ts'
import { addSnapshot } from '#db/snapshots.ts'
import { readConfig } from '#server/config.ts'
import { createLog } from '#server/log.ts'
import { createNodeDeps, type NodeDeps } from '#server/node/deps.ts'
import { newRun } from '#sync/asked.ts'
import { importMappings } from '#sync/mapping/import-mappings.ts'
import { summaryOf } from '#sync/summary.ts'
import { addPlatform, connectSandbox } from '../sandbox/demo-tenant.ts'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { dayAt } from '../sandbox/manage/calendar.ts'
import { listen } from '../sandbox/manage/listen.ts'
import { createManage, defaultKeys, type Manage } from '../sandbox/manage/manage.ts'
import { emptyWorld, type World } from '../sandbox/manage/world.ts'
import { realClock } from '../sandbox/real-clock.ts'

/** One company whose accounts, … are mapped to one agreement each, in a database file ready for a server. */
export interface Stage extends NodeDeps {
  manage: Manage
  world: World
  scope: Scope
  source: string
  /** The token of the source. */
  token: string
  /** The environment of a server process on this database and this sandbox. */
  env: Record<string, string>
  /** Stores a complete snapshot of these counts by account. */
  say(counts: Record<string, number>): Promise<void>
  /** Asks for a run, which any server on this database takes; what it holds is approved. */
  ask(): Promise<string>
  run(id: string): Promise<Run | undefined>
  intents(run: string): Promise<Intent[]>
  /** What ConnectWise holds, by account: the quantities of all additions of its agreement. */
  held(): Record<string, number[]>
  end(): Promise<void>
}

const firstAgreement = 101
const productId = 512

/** A zone in which it is about noon, so that no test meets midnight or the nightly schedule. */
function noonZone(): string {
  const hours = 12 - new Date().getUTCHours()
  return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

/**
 * The accounts of `existing` have an addition that holds this quantity; those of `missing` have none, so a line is made.
 */
export async function givenStage(
  { existing, missing = [] }: { existing: Record<string, number>; missing?: readonly string[] },
  env: Record<string, string> = {},
): Promise<Stage> {
  const zone = noonZone()
  const today = dayAt(zone, Date.now())
  const world = emptyWorld({ zone, today })
  const manage = createManage({ clock: realClock, world })
  const accounts = [...Object.keys(existing), ...missing]
  const product = addProduct(world, { id: productId })
  const company = addCompany(world, { id: 250 })
  const targets = accounts.map((account, index) => {
    const agreement = addAgreement(world, { id: firstAgreement + index, company }, today)
    const quantity = existing[account]
    const addition = quantity === undefined ? undefined : addAddition(world, { agreement, product, quantity })
    return { account, agreement: agreement.id, ...(addition ? { addition: addition.id } : { product: productId }) }
  })
  const sandbox = await listen(manage)
  const folder = mkdtempSync(join(tmpdir(), 'trueup-processes-'))
  const variables = {
    PORT: '0',
    DATABASE_PATH: join(folder, 'trueup.db'),
    MASTER_KEY: Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256)).toString('base64'),
    CONNECTWISE_HOSTS: sandbox.origin,
    CONNECTWISE_CLIENT_ID: defaultKeys.clientId,
    SYNC_LEASE_SECONDS: '3',
    SYNC_HORIZON_SECONDS: '4',
    ...env,
  }
  const log = createLog({ level: 'error', now: Date.now, write: (line) => console.error(line) })
  const node = await createNodeDeps(readConfig(variables), { log })
  const { deps } = node
  const scope = await connectSandbox(node, sandbox.origin)
  const { source, token } = await addPlatform(node, scope)
  const rows = targets.map((target) => ({
    source,
    reads: { metric: 'users' },
    company: company.id,
    include: true,
    ...target,
  }))
  await importMappings(deps, scope, JSON.stringify(rows))
  manage.requests.length = 0
  return {
    ...node,
    manage,
    world,
    scope,
    source,
    token,
    env: variables,
    say: (counts) => say(node, scope, source, { month: today.slice(0, 7), counts }),
    ask: () => ask(node, scope),
    run: (id) => findRun(scope, id),
    intents: (run) => listIntents(scope, { run }),
    held: () =>
      Object.fromEntries(
        targets.map(({ account, agreement }) => [
          account,
          world.additions.of(agreement).map((one) => one.quantity ?? 0),
        ]),
      ),
    end: async () => {
      node.close()
      await sandbox.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function say(
  { deps }: NodeDeps,
  scope: Scope,
  sourceId: string,
  { month, counts }: { month: string; counts: Record<string, number> },
): Promise<void> {
  const accounts = Object.entries(counts).map(([id, quantity]) => ({
    id,
    name: `Account ${id}`,
    readings: [{ kind: 'metric' as const, name: 'users', quantity: String(quantity) }],
  }))
  await addSnapshot(
    scope,
    { kind: 'counts', period: month, takenAt: deps.now(), complete: true, accounts },
    { id: deps.id(), sourceId, receivedAt: deps.now(), bodyHash: '', idempotencyKey: null },
  )
}

async function ask({ deps }: NodeDeps, scope: Scope): Promise<string> {
  const run = newRun(deps, scope.tenant, { startedBy: 'test', approveAs: 'jsmith' })
  await save(scope.db, [addRun(scope, run)])
  return run.id
}

/** Waits until a run is done and every write of it has an outcome. */
export async function settled(stage: Stage, id: string): Promise<void> {
  const look = async () => {
    const run = await stage.run(id)
    const open = (await stage.intents(id)).filter((intent) => intent.open !== null)
    const others = run ? (await summaryOf(stage.scope, run)).details.filter(({ outcome }) => !isEnd(outcome)) : []
    expect({ state: run?.state, open: open.length, others }).toEqual({ state: 'done', open: 0, others: [] })
  }
  await vi.waitFor(look, { timeout: 60_000, interval: 100 })
}

const isEnd = (outcome: string): boolean => outcome === 'created' || outcome === 'updated'

/** The writes among ConnectWise's requests from this one on, in the order in which they arrived. */
export const writesSince = ({ manage }: Stage, first = 0) =>
  manage.requests.slice(first).filter(({ method }) => method !== 'GET')
