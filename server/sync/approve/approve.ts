import { partKey } from '#billing/proration.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { listLines } from '#db/lines.ts'
import { addLogs } from '#db/logs.ts'
import { listMappings } from '#db/mappings.ts'
import {
  closePlan,
  findNewestPlan,
  findPlan,
  listPlanRows,
  type Plan,
  type PlanRowRecord,
  savePlanState,
} from '#db/plans.ts'
import { declineParts, listProrations } from '#db/prorations.ts'
import { trustSnapshot } from '#db/sources.ts'
import { findTenant, leaveObserving } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { requireEnabled } from '#sync/settings/disable.ts'
import { saveApproval, type Yes } from './save-approval.ts'

/** Rows a person's yes can release: a change, held, and nothing that blocks it. */
export const isApprovable = (row: Pick<PlanRowRecord, 'change' | 'outcome' | 'holds'>): boolean =>
  row.change !== null && row.outcome === 'held' && row.holds.every((hold) => !hold.block)

/**
 * A named member's yes to exactly this plan (I8): its held changes become intents and its run goes on. Throws a Problem
 * when the plan is unknown, no longer waits, or is not the one whose fingerprint was seen; and while TrueUp is switched off.
 */
export async function approvePlan(
  deps: Deps,
  scope: Scope,
  planId: string,
  approval: { member: string; fingerprint?: string; note?: string },
): Promise<Plan> {
  const plan = await findPlan(scope, planId)
  if (!plan) throw new Problem('not_found', `There is no plan ${planId}.`)
  const isFirst = await isFirstPlan(scope, plan)
  const tenant = await findTenant(scope.db, scope.tenant)
  if (tenant) requireEnabled(tenant)
  if (plan.state !== 'waiting' && !isFirst)
    throw new Problem('conflict', `Plan ${planId} is ${plan.state}: ${whyNot(plan)}.`)
  if (approval.fingerprint !== undefined && approval.fingerprint !== plan.fingerprint)
    throw new Problem('conflict', `Plan ${planId} is not the one you saw: look at it again.`)
  if (approval.member.trim() === '') throw new Problem('invalid', 'An approval needs the member who gives it.')
  const { member, note } = approval
  const yes = { member, ...(note ? { note } : {}) }
  if (isFirst) await goLive(deps, scope, plan, yes)
  else {
    const rows = (await listPlanRows(scope, plan.id)).filter(isApprovable)
    if (rows.length === 0) throw new Problem('conflict', `Plan ${planId} is ${plan.state}: ${whyNot(plan)}.`)
    await refuseChangedMappings(scope, plan, rows)
    await release(deps, scope, plan, yes)
  }
  return plan
}

/** What a plan wants to write comes from its mappings as they were then. Throws a Problem when one was changed since. */
export async function refuseChangedMappings(scope: Scope, plan: Plan, rows: readonly PlanRowRecord[]): Promise<void> {
  const known = new Map((await listMappings(scope)).map((mapping) => [mapping.id, mapping.updatedAt]))
  const isChanged = (id: string) => (known.get(id) ?? Number.POSITIVE_INFINITY) > plan.createdAt
  const changed = rows.find((row) => row.mappings.some(isChanged))
  if (changed)
    throw new Problem(
      'conflict',
      `A mapping of ${changed.accounts.join(', ')} was changed after plan ${plan.id}: sync again.`,
    )
  await refuseChangedLines(scope, plan, rows)
}

/** What a person typed of an invoice line since is not what this plan would post. */
async function refuseChangedLines(scope: Scope, plan: Plan, rows: readonly PlanRowRecord[]): Promise<void> {
  const lines = await listLines(scope, { ids: rows.flatMap(({ posting }) => posting?.lines ?? []) })
  const changed = lines.find(({ updatedAt }) => updatedAt !== null && updatedAt > plan.createdAt)
  if (changed)
    throw new Problem(
      'conflict',
      `Invoice line ${changed.line} of ${changed.account} was changed after plan ${plan.id}: sync again.`,
    )
}

/** Why nothing can be decided on a plan. */
export function whyNot({ state }: Plan): string {
  if (state === 'stale') return 'a newer plan speaks of the same mappings; look at that one'
  return state === 'waiting' ? 'nothing in it can be approved, only put right' : 'it waits for nobody any more'
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

async function release(deps: Deps, scope: Scope, plan: Plan, yes: Pick<Yes, 'member' | 'note'>): Promise<void> {
  const rows = (await listPlanRows(scope, plan.id)).filter(isApprovable)
  const shrunk = rows.filter((row) => row.holds.some((hold) => hold.guard === 'G7') && row.snapshotId !== null)
  const text = `${yes.member} approved a plan: ${rows.length} held ${rows.length === 1 ? 'change' : 'changes'}.`
  await saveApproval(deps, scope, { plan, rows, states: ['waiting', 'ready'] }, { ...yes, text }, (accepted) => [
    ...shrunk.map((row) => trustSnapshot(scope, row.sourceId, row.snapshotId ?? '', accepted)),
    leaveObserving(scope, accepted),
    savePlanState(scope, plan.id, 'approved', accepted),
  ])
}

/** Whether a plan may be approved although nothing in it waits: the newest, while schedules only observe (G16). */
export async function isFirstPlan(scope: Scope, plan: Plan): Promise<boolean> {
  if (plan.state !== 'done' && plan.state !== 'ready') return false
  if ((await findTenant(scope.db, scope.tenant))?.mode !== 'observe') return false
  return (await findNewestPlan(scope))?.id === plan.id
}

/** Everything in it is written, or equal: the yes lets schedules write from now on. */
async function goLive(deps: Deps, scope: Scope, plan: Plan, yes: Pick<Yes, 'member' | 'note'>): Promise<void> {
  const text = `${yes.member} approved a first plan: scheduled runs write from now on.`
  const taken = { plan, rows: [], states: ['ready', 'done'] as const }
  await saveApproval(deps, scope, taken, { ...yes, text }, (accepted) => [leaveObserving(scope, accepted)])
}

type Closed = ReturnType<typeof closePlan>['closed']

/** The catch-up lines a plan offered are not offered again (V5). */
async function declined(scope: Scope, planId: string, closed: Closed): Promise<Statement[]> {
  const parts = (await listPlanRows(scope, planId)).flatMap(({ draft, outcome }) =>
    outcome === 'held' && draft?.record === 'addition' && draft.kind === 'catch-up' ? [draft] : [],
  )
  const standing = [...new Set(parts.map(({ standingId }) => standingId))]
  const states = await listProrations(scope, standing)
  return standing.map((id) => {
    const keys = parts.filter(({ standingId }) => standingId === id).map(partKey)
    return declineParts(scope, id, [...new Set([...(states.get(id)?.declined ?? []), ...keys])], closed)
  })
}

/** A plan nobody wants: nothing of what it holds is written. The next run proposes anew, but no catch-up line it offered. */
export async function dismissPlan(deps: Deps, scope: Scope, planId: string, member: string): Promise<void> {
  const plan = await findPlan(scope, planId)
  if (!plan) throw new Problem('not_found', `There is no plan ${planId}.`)
  const at = deps.now()
  const { statement, closed } = closePlan(scope, planId, member, at)
  const entry = { at, event: 'dismissed', body: { plan: planId, member } } as const
  const told = { id: deps.id(), at, level: 'info' as const, event: 'plan.dismissed', planId, runId: plan.runId, member }
  const log = addLogs(scope, [{ ...told, text: `${member} dismissed a plan.` }], closed)
  await saveWithEntry(scope, [statement, ...(await declined(scope, planId, closed)), ...log], entry, closed)
  const now = await findPlan(scope, planId)
  if (plan.state !== 'waiting' || now?.state !== 'dismissed')
    throw new Problem('conflict', `Plan ${planId} is ${now?.state}: ${whyNot(now ?? plan)}.`)
}
