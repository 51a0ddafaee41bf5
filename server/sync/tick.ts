import { dayMs } from '#billing/period.ts'
import { save } from '#db/db.ts'
import { claimCleaning, dropBefore } from '#db/history.ts'
import { listTenantsWithOpenIntents } from '#db/intents.ts'
import { addRun, listTenantsWithOpenRuns } from '#db/runs.ts'
import { listActiveSchedules, markDay, markTick, type Schedule } from '#db/schedules.ts'
import type { Deps } from '#server/deps.ts'
import { newRun } from './asked.ts'
import { dueDay } from './schedule.ts'
import { each, type Slice } from './slice.ts'
import { alone, workOn } from './work-on.ts'

const tenantsAtOnce = 8
/** Fifteen months of snapshots, plans, runs and intents are kept (FEATURES 2). */
const keptMs = 460 * dayMs

/**
 * What the timer does once a minute: schedules that came due become runs, then every tenant with open work gets on with
 * it. Ticking twice, late or in two processes changes nothing: runs are unique a day, work is leased.
 */
export async function tick(deps: Deps, slice: Slice): Promise<void> {
  await save(deps.db, [markTick(deps.db, deps.now())])
  if (await claimCleaning(deps.db, deps.now())) await save(deps.db, dropBefore(deps.db, deps.now() - keptMs))
  await startDueRuns(deps)
  const tenants = new Set([...(await listTenantsWithOpenRuns(deps.db)), ...(await listTenantsWithOpenIntents(deps.db))])
  await each([...tenants], tenantsAtOnce, slice, (tenant) => workOn(deps, { db: deps.db, tenant }, slice))
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
