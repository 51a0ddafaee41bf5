import type { Scope } from '#db/db.ts'
import { addIntents } from '#db/intents.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { addLogs, type LogEntry } from '#db/logs.ts'
import { listMappings } from '#db/mappings.ts'
import { forgetMovedBack } from '#db/mirror.ts'
import {
  addApproval,
  approved,
  closePlan,
  findApproval,
  findPlan,
  listPlanRows,
  type Plan,
  type PlanRowRecord,
  savePlanRows,
  savePlanState,
} from '#db/plans.ts'
import { saveRun } from '#db/runs.ts'
import { trustSnapshot } from '#db/sources.ts'
import { findTenant, leaveObserving } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { intentOf } from './intents.ts'

/** Rows a person's yes can release: a change, held, and nothing that blocks it. */
export const isApprovable = (row: Pick<PlanRowRecord, 'change' | 'outcome' | 'holds'>): boolean =>
  row.change !== null && row.outcome === 'held' && row.holds.every((hold) => !hold.block)

/**
 * A named member's yes to exactly this plan (I8): its held changes become intents and its run goes on. Throws a Problem
 * when the plan is unknown, no longer waits, or is not the one whose fingerprint was seen.
 */
export async function approvePlan(
  deps: Deps,
  scope: Scope,
  planId: string,
  approval: { member: string; fingerprint?: string; note?: string },
): Promise<Plan> {
  const plan = await findPlan(scope, planId)
  if (!plan) throw new Problem('not_found', `There is no plan ${planId}.`)
  if (plan.state !== 'waiting') throw new Problem('conflict', `Plan ${planId} is ${plan.state}: ${whyNot(plan)}.`)
  if (approval.fingerprint !== undefined && approval.fingerprint !== plan.fingerprint)
    throw new Problem('conflict', `Plan ${planId} is not the one you saw: look at it again.`)
  await refuseChangedMappings(scope, plan)
  await release(deps, scope, plan, approval)
  return plan
}

/** What a plan wants to write comes from its mappings as they were then. */
async function refuseChangedMappings(scope: Scope, plan: Plan): Promise<void> {
  const approvable = (await listPlanRows(scope, plan.id)).filter(isApprovable)
  const known = new Map((await listMappings(scope)).map((mapping) => [mapping.id, mapping.updatedAt]))
  const isChanged = (id: string) => (known.get(id) ?? Number.POSITIVE_INFINITY) > plan.createdAt
  const changed = approvable.find((row) => row.mappings.some(isChanged))
  if (changed)
    throw new Problem(
      'conflict',
      `A mapping of ${changed.accounts.join(', ')} was changed after plan ${plan.id}: sync again.`,
    )
}

function whyNot({ state }: Plan): string {
  return state === 'stale'
    ? 'a newer plan speaks of the same mappings; look at that one'
    : 'it waits for nobody any more'
}

/**
 * The approval that was named when the run was started; nothing happens when nothing waits (again). The first plan of a
 * tenant is approved even when nothing in it waits: scheduled runs write from then on (G16).
 */
export async function approveHeld(deps: Deps, scope: Scope, planId: string, member: string): Promise<void> {
  const plan = await findPlan(scope, planId)
  const waits = plan?.state === 'waiting' && (await listPlanRows(scope, planId)).some(isApprovable)
  const isFirst = plan?.state === 'ready' && (await findTenant(scope.db, scope.tenant))?.mode === 'observe'
  if (!plan || !(waits || isFirst)) return
  await release(deps, scope, plan, { member })
  deps.at('plan.approved')
}

async function release(
  deps: Deps,
  scope: Scope,
  plan: Plan,
  { member, note }: { member: string; note?: string },
): Promise<void> {
  const rows = (await listPlanRows(scope, plan.id)).filter(isApprovable)
  const at = deps.now()
  const id = deps.id()
  const given = { id, planId: plan.id, fingerprint: plan.fingerprint, member, note: note ?? null, at }
  const accepted = approved(scope, id)
  const shrunk = rows.filter((row) => row.holds.some((hold) => hold.guard === 'G7') && row.snapshotId !== null)
  await saveWithEntry(
    scope,
    [
      ...addApproval(scope, given),
      savePlanRows(
        scope,
        plan.id,
        rows.map((row) => row.seq),
        { outcome: 'pending' },
        accepted,
      ),
      ...addIntents(
        scope,
        rows.map((row) => intentOf(deps, { run: plan.runId, plan: plan.id, row, needsApproval: true })),
        accepted,
      ),
      ...shrunk.map((row) => trustSnapshot(scope, row.sourceId, row.snapshotId ?? '', accepted)),
      forgetMovedBack(
        scope,
        rows.flatMap((row) => row.agreementId ?? []),
        accepted,
      ),
      leaveObserving(scope, accepted),
      saveRun(scope, plan.runId, { phase: 'applying', state: 'running', cause: null }, accepted),
      savePlanState(scope, plan.id, 'approved', accepted),
      ...addLogs(scope, [approvalEntry(id, plan, rows.length, member, at)], accepted),
    ],
    {
      at,
      event: 'approved',
      body: {
        plan: plan.id,
        fingerprint: plan.fingerprint,
        member,
        note: note ?? null,
        rows: rows.map((row) => row.seq),
      },
    },
    accepted,
  )
  if (!(await findApproval(scope, id)))
    throw new Problem('conflict', `Plan ${plan.id} was taken by somebody else meanwhile.`, { retry: true })
}

const approvalEntry = (
  id: string,
  { id: planId, runId }: Plan,
  rows: number,
  member: string,
  at: number,
): LogEntry => ({
  id,
  at,
  level: 'info',
  event: 'plan.approved',
  text: `${member} approved a plan: ${rows} held ${rows === 1 ? 'change' : 'changes'}.`,
  planId,
  runId,
  member,
})

/** A plan nobody wants: nothing of what it holds is written. The next run proposes anew. */
export async function dismissPlan(deps: Deps, scope: Scope, planId: string, member: string): Promise<void> {
  const plan = await findPlan(scope, planId)
  if (!plan) throw new Problem('not_found', `There is no plan ${planId}.`)
  const at = deps.now()
  const { statement, closed } = closePlan(scope, planId, member, at)
  const entry = { at, event: 'dismissed', body: { plan: planId, member } } as const
  const told = { id: deps.id(), at, level: 'info' as const, event: 'plan.dismissed', planId, runId: plan.runId, member }
  const log = addLogs(scope, [{ ...told, text: `${member} dismissed a plan.` }], closed)
  await saveWithEntry(scope, [statement, ...log], entry, closed)
  const now = await findPlan(scope, planId)
  if (plan.state !== 'waiting' || now?.state !== 'dismissed')
    throw new Problem('conflict', `Plan ${planId} is ${now?.state}: ${whyNot(now ?? plan)}.`)
}
