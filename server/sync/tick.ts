import { save } from '#db/db.ts'
import { claimCleaning, dropBefore } from '#db/history.ts'
import { listTenantsWithOpenIntents } from '#db/intents.ts'
import { addRun, listOpenRuns, listTenantsWithOpenRuns } from '#db/runs.ts'
import { listActiveSchedules, markDay, markTick, type Schedule } from '#db/schedules.ts'
import type { TenantId } from '#db/schema.ts'
import type { Deps } from '#server/deps.ts'
import { reasonOf } from '#server/log.ts'
import { Problem } from '#server/problem.ts'
import { underLease } from './lease.ts'
import { pause } from './pause.ts'
import { recover } from './recover.ts'
import { advance, senderOf, tenantOf, type Work } from './run.ts'
import { dueDay } from './schedule.ts'
import { each, type Slice } from './slice.ts'

const tenantsAtOnce = 8
/** Fifteen months of snapshots, plans, runs and intents are kept (FEATURES 2). */
const keptMs = 460 * 86_400_000

/**
 * What the timer does once a minute: schedules that came due become runs, then every tenant with open work gets on with
 * it. Ticking twice, late or in two processes changes nothing: runs are unique a day, work is leased.
 */
export async function tick(deps: Deps, slice: Slice): Promise<void> {
  await save(deps.db, [markTick(deps.db, deps.now())])
  if (await claimCleaning(deps.db, deps.now())) await save(deps.db, dropBefore(deps.db, deps.now() - keptMs))
  await startDueRuns(deps)
  const tenants = new Set([...(await listTenantsWithOpenRuns(deps.db)), ...(await listTenantsWithOpenIntents(deps.db))])
  await each([...tenants], tenantsAtOnce, slice, (tenant) =>
    alone(deps, tenant, () =>
      underLease(deps, { db: deps.db, tenant }, (lease) =>
        getOn({ deps, scope: { db: deps.db, tenant }, lease, slice }),
      ),
    ),
  )
}

async function startDueRuns(deps: Deps): Promise<void> {
  for (const schedule of await listActiveSchedules(deps.db))
    await alone(deps, schedule.tenantId, () => startDueRun(deps, schedule))
}

async function startDueRun(deps: Deps, schedule: Schedule): Promise<void> {
  const day = dueDay(schedule.pattern, schedule.zone, schedule.lastDay, deps.now())
  if (day === undefined) return
  const scope = { db: deps.db, tenant: schedule.tenantId }
  const run = newRun(deps, scope.tenant, { scheduleId: schedule.id, localDay: day, startedBy: 'schedule' })
  await save(deps.db, [addRun(scope, run), markDay(scope, schedule, day)])
  deps.log.info('run.due', { tenant: scope.tenant, run: run.id })
}

/** A run about to begin. */
export function newRun(
  deps: Pick<Deps, 'id' | 'now'>,
  tenant: TenantId,
  asked: {
    startedBy: string
    scheduleId?: string
    localDay?: string
    sourceId?: string
    accounts?: string[]
    approveAs?: string
  },
): Parameters<typeof addRun>[1] {
  return {
    id: deps.id(),
    tenantId: tenant,
    phase: 'reading',
    state: 'running',
    requests: 0,
    startedAt: deps.now(),
    ...asked,
  }
}

/** One tenant's trouble is its own: it is logged, and the others go on. */
async function alone(deps: Deps, tenant: TenantId, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    deps.log[cause instanceof Problem ? 'warn' : 'error']('tenant.failed', { tenant, reason: reasonOf(cause) })
  }
}

/** Settles what is open, then takes every open run of the tenant as far as it goes, oldest first. */
async function getOn(work: Work): Promise<void> {
  const { scope, deps, slice } = work
  await settleOpen(work)
  for (const run of await listOpenRuns(scope)) {
    if (slice.stopping()) return
    deps.at('run.claimed')
    const progress = await advance(work, run.id)
    if (!progress.final) return
  }
}

/** Looks up what has no answer yet, unless the tenant is paused. Without usable keys it is paused. */
export async function settleOpen(work: Work): Promise<void> {
  const tenant = await tenantOf(work.scope)
  if (tenant.state !== 'connected') return
  try {
    await recover(await senderOf(work, tenant))
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.kind !== 'forbidden') throw problem
    await pause(work, problem.message)
  }
}
