import type { Scope } from '#db/db.ts'
import { findPlan, listPlanRows } from '#db/plans.ts'
import { countRead, countWrites, listOpenRuns, type Measure, type Run } from '#db/runs.ts'
import { causeOf } from '#routes/cause.ts'
import type { Viewer } from '#session/viewer.ts'
import { isApprovable } from '#sync/approve/approve.ts'
import type { Progress } from '#views/plans/run-progress.tsx'

/** How far a run has got, or how it ended. */
export async function progressOf(viewer: Viewer, run: Run): Promise<Progress> {
  const { scope, tenant } = viewer
  const { id, state, startedBy, startedAt, requests, counts, cause } = run
  const measured = state === 'running' ? await stepOf(scope, run) : { step: 'ended' as const, ...none }
  return {
    ...{ id, state, startedBy, startedAt, zone: tenant.zone, requests },
    ...measured,
    ...(counts === null ? {} : { counts }),
    ...causeOf(cause, viewer),
    ...(state === 'held' && run.planId !== null ? await waitingOf(scope, run.planId) : {}),
  }
}

const none: Measure = { done: 0, all: 0 }

async function stepOf(scope: Scope, run: Run): Promise<Pick<Progress, 'step'> & Measure> {
  if (run.phase !== 'reading') {
    const writes = await countWrites(scope, run.id)
    return writes.all === 0 ? { step: 'planning', ...none } : { step: 'writing', ...writes }
  }
  const read = await countRead(scope, run)
  const [first] = await listOpenRuns(scope)
  if (read.done === 0 && first && first.id !== run.id) return { step: 'waiting', ...none }
  return read.done === read.all ? { step: 'planning', ...none } : { step: 'reading', ...read }
}

async function waitingOf(scope: Scope, planId: string): Promise<Pick<Progress, 'waitingPlan' | 'onlyBlocks'>> {
  if ((await findPlan(scope, planId))?.state !== 'waiting') return {}
  const rows = await listPlanRows(scope, planId)
  return { waitingPlan: planId, onlyBlocks: !rows.some(isApprovable) }
}

/** Whether ConnectWise holds something new because of this run. */
export const hasWritten = ({ counts }: Run): boolean =>
  counts !== null && counts.created + counts.updated + counts.cancelled > 0
