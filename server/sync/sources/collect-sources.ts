import type { Mapping } from '#billing/mapping.ts'
import { dayIn, type Month, monthOf, shiftMonth } from '#billing/period.ts'
import { type Scope, save } from '#db/db.ts'
import { addLogs } from '#db/logs.ts'
import type { Run } from '#db/runs.ts'
import { openSecret } from '#db/secrets.ts'
import { sha256 } from '#db/sha256.ts'
import type { SnapshotRow } from '#db/snapshots.ts'
import { listSources, type Source, saveCollected } from '#db/sources.ts'
import { findTenant, type Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { reasonOf } from '#server/log.ts'
import { Problem } from '#server/problem.ts'
import { type About, inScopeOf } from '#sync/asked.ts'
import type { Lease } from '#sync/lease.ts'
import { each, type Slice } from '#sync/slice.ts'
import { isPulled } from './heard.ts'
import { receive } from './receive.ts'

const sourcesAtOnce = 4

/** How a platform is asked. */
interface Way {
  period: Month
  /** Somebody waits for the answer. */
  isWaitedFor?: boolean
  /** Called before each request, and now and then while it waits. */
  keep?: () => Promise<void>
}

/** What a source says of a month, not stored. Throws a Problem with the reason why nothing of it can be used. */
export async function askSource(
  deps: Deps,
  source: Pick<Source, 'kind' | 'settings'>,
  secret: string | undefined,
  { period, isWaitedFor = false, keep = async () => undefined, pages }: Way & { pages?: number },
) {
  const kind = Object.entries(deps.sources).find(([name]) => name === source.kind)?.[1]
  if (!kind?.collect) throw new Problem('invalid', `A source of kind ${source.kind} is not asked: it tells by itself.`)
  if (!secret) throw new Problem('forbidden', 'No key is stored: enter the platform’s key in Settings › Sources.')
  const effects = {
    now: deps.now,
    random: deps.random,
    async fetch(request: Request) {
      await keep()
      return deps.fetchSource(request)
    },
    async sleep(ms: number, signal?: AbortSignal) {
      // Patience with one answer is short; what else it waits for may outlast the lease.
      if (signal) return deps.sleep(ms, signal)
      for (const until = deps.now() + ms; deps.now() < until; await keep())
        await deps.sleep(Math.min(10_000, until - deps.now()))
    },
  }
  const { settings } = source
  const asked = { settings, secret, period, allowed: deps.config.SOURCE_HOSTS, isWaitedFor }
  return kind.collect(effects, pages === undefined ? asked : { ...asked, pages })
}

/**
 * Asks a source's platform and stores what it said. What was stored before stays in force when it cannot be used; why is
 * kept with the source until it can. Throws a Problem then.
 */
export async function collectFrom(deps: Deps, scope: Scope, source: Source, way: Way): Promise<SnapshotRow> {
  if (!isPulled(source)) throw new Problem('invalid', `${source.name} is not asked: it tells by itself.`)
  try {
    const secret = await openSecret(scope, deps.seal, `source:${source.id}`)
    const { pages: _, isCut: __, ...said } = await askSource(deps, source, secret, way)
    const bodyHash = sha256(JSON.stringify(said))
    const opening = `${source.name} was asked and told`
    const row = await receive(deps, source, { bodyHash, idempotencyKey: null }, () => said, { opening })
    // What was said of another month does not end the trouble with the one that is billed.
    if (await isBilled(deps, scope, source, way.period))
      await save(scope.db, [saveCollected(scope, source.id, { at: deps.now() })])
    return row
  } catch (error) {
    // Another process has taken over, for example: that is not the platform's trouble.
    if (isOurs(error)) throw error
    const problem = error instanceof Problem ? error : unforeseen(deps, scope, source, error)
    await keepProblem(deps, scope, source, problem.message)
    throw problem
  }
}

async function isBilled({ now }: Deps, scope: Scope, source: Source, period: Month): Promise<boolean> {
  const tenant = await findTenant(scope.db, scope.tenant)
  return tenant !== undefined && billedMonth(source, tenant, now()) === period
}

function unforeseen(deps: Deps, { tenant }: Scope, source: Source, error: unknown): Problem {
  deps.log.error('source.failed', { tenant, source: source.id, reason: reasonOf(error) })
  return new Problem('broken', 'Its answer could not be read; the reason is in the server’s log.')
}

async function keepProblem(deps: Deps, scope: Scope, source: Source, problem: string): Promise<void> {
  const at = deps.now()
  deps.log.warn('source.unread', { tenant: scope.tenant, source: source.id, reason: problem })
  const text = `${source.name} could not be read: ${problem}`
  const entry = { id: deps.id(), at, level: 'error' as const, event: 'source.unread', text, sourceId: source.id }
  await save(scope.db, [saveCollected(scope, source.id, { at, problem }), ...addLogs(scope, [entry])])
}

interface Work {
  deps: Deps
  scope: Scope
  tenant: Tenant
  lease: Lease
  slice: Slice
}

/**
 * Asks every platform that a run is about, once. One that cannot be read never stops the others: its readings are
 * unknown, and why is returned, in words. Stopped by its slice it returns false, and goes on where it was.
 */
export async function collectSources(
  { deps, scope, tenant, lease, slice }: Work,
  run: About & Pick<Run, 'startedAt'>,
  mappings: readonly Mapping[],
): Promise<{ unread: string | undefined } | false> {
  const isAsked = await sourcesOf(scope, run, mappings)
  const left = isAsked.filter(({ collectedAt }) => collectedAt === null || collectedAt <= run.startedAt)
  await each(left, sourcesAtOnce, slice, async (source) => {
    for (const period of askedMonths(source, tenant, deps.now()))
      await collectFrom(deps, scope, source, { period, keep: () => lease.keep() }).catch(onlyProblem)
  })
  if (left.length > 0 && slice.stopping()) return false
  const failed = (await sourcesOf(scope, run, mappings)).filter(({ problem }) => problem !== null)
  const words = failed.map(({ name, problem }) => `${name} could not be read: ${problem}`)
  return { unread: words.length > 0 ? words.join(' ') : undefined }
}

async function sourcesOf(scope: Scope, run: About, mappings: readonly Mapping[]): Promise<Source[]> {
  const pulled = (await listSources(scope)).filter(isPulled)
  const isAll = run.accounts === null && run.mappings === null && run.lines === null
  const named = new Set(mappings.filter(inScopeOf(run)).map(({ source }) => source))
  return pulled.filter(({ id }) => (isAll ? run.sourceId === null || run.sourceId === id : named.has(id)))
}

/** The months a platform is asked about in a run; the one that is billed comes last. */
function askedMonths(source: Source, tenant: Tenant, now: number): Month[] {
  const billed = billedMonth(source, tenant, now)
  return source.billingPeriod === 'both' ? [shiftMonth(billed, -1), billed] : [billed]
}

/** The month whose numbers of a source are written now (FEATURES 4.10); of both, the current one. */
export function billedMonth({ billingPeriod }: Pick<Source, 'billingPeriod'>, { zone }: Tenant, now: number): Month {
  const month = monthOf(dayIn(zone, now))
  return billingPeriod === 'previous' ? shiftMonth(month, -1) : month
}

const isOurs = (error: unknown): boolean => error instanceof Problem && error.kind === 'conflict'

function onlyProblem(error: unknown): void {
  if (!(error instanceof Problem) || isOurs(error)) throw error
}
