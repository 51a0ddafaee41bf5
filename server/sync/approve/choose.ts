import { choiceWords } from '#billing/choice.ts'
import { addDays, type Day, dayIn } from '#billing/period.ts'
import type { Fields } from '#billing/plan.ts'
import { writableFields } from '#billing/rule.ts'
import { areHeld, endWaiting } from '#db/approvals.ts'
import { forgetChoice, makeChoice } from '#db/choices.ts'
import type { Scope } from '#db/db.ts'
import { listLastValuesOf, saveLastValues } from '#db/last-values.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { addLogs } from '#db/logs.ts'
import { findPlan, findPlanRow, listPlanRows, type Plan, type PlanRowRecord, savePlanRow } from '#db/plans.ts'
import { saveRun } from '#db/runs.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { tenantOf } from '#sync/run.ts'
import { isApprovable, refuseChangedMappings } from './approve.ts'
import { saveApproval } from './save-approval.ts'

export const defaultPinDays = 30
export const mostPinDays = 366

/** What a person decides in a conflict (FEATURES 4.11). */
export type Decision = { choice: 'keep' } | { choice: 'take' } | { choice: 'pin'; until?: Day | undefined }

/**
 * Whether ConnectWise and the source disagree in this row, and nobody has chosen yet. A dated line that ends waits for the
 * choice of its standing line.
 */
export const isConflict = (row: Pick<PlanRowRecord, 'change' | 'outcome' | 'holds'>): boolean =>
  row.change !== 'cancel' && row.outcome === 'held' && row.holds.some(({ guard }) => guard === 'G9')

/**
 * A member's choice in the conflict of one row, bound to what the row shows (4.11). keep: ConnectWise's value becomes the
 * last value. take: the source's is written, that row alone. pin: nothing is written until the day has passed. Throws a
 * Problem when the row does not wait for a choice any more. The run is to go on, and is counted anew.
 */
export async function choose(
  deps: Deps,
  scope: Scope,
  place: { plan: string; seq: number },
  member: string,
  decision: Decision,
): Promise<Plan> {
  const plan = await findPlan(scope, place.plan)
  const row = await findPlanRow(scope, place.plan, place.seq)
  if (!plan || !row) throw new Problem('not_found', 'There is no such row.')
  if (plan.state === 'stale') throw new Problem('conflict', 'A newer plan speaks of this line: choose there.')
  if (plan.state !== 'waiting' || !isConflict(row) || row.additionId === null)
    throw new Problem('conflict', 'Somebody has chosen here already: look at the line again.')
  if (decision.choice === 'take') await take(deps, scope, plan, row, member)
  else
    await leave(deps, scope, plan, { ...row, additionId: row.additionId }, member, await checked(deps, scope, decision))
  return plan
}

type Left = { choice: 'keep' } | { choice: 'pin'; until: Day }

async function checked(deps: Deps, scope: Scope, decision: Exclude<Decision, { choice: 'take' }>): Promise<Left> {
  if (decision.choice === 'keep') return decision
  const today = dayIn((await tenantOf(scope)).zone, deps.now())
  const until = decision.until ?? addDays(today, defaultPinDays)
  const last = addDays(today, mostPinDays)
  if (until <= today || until > last)
    throw new Problem('invalid', `Pin until: expected a day from ${addDays(today, 1)} to ${last}.`)
  return { choice: 'pin', until }
}

/** The source's value is written now, as an approved change of that row and of what has to be written before it. */
async function take(deps: Deps, scope: Scope, plan: Plan, row: PlanRowRecord, member: string): Promise<void> {
  const block = row.holds.find((hold) => hold.block)
  if (block) throw new Problem('conflict', `This line cannot be written: ${block.text}.`)
  const before = (await listPlanRows(scope, plan.id)).filter(({ key }) => row.needs.includes(key))
  const rows = [...before.filter(isApprovable), row]
  await refuseChangedMappings(scope, plan, rows)
  const text = `${member} took the source's value for addition ${row.additionId}.`
  const taken = { plan, rows, states: ['waiting'] as const }
  await saveApproval(deps, scope, taken, { member, text, alone: true }, (accepted) => [
    forgetChoice(scope, row.additionId ?? 0, accepted),
    endWaiting(scope, plan.id, 'approved', accepted),
  ])
}

/** ConnectWise's value stays: until the source wants something else, or until a day. */
async function leave(
  deps: Deps,
  scope: Scope,
  plan: Plan,
  row: PlanRowRecord & { additionId: number },
  member: string,
  left: Left,
): Promise<void> {
  const { additionId, after: desired } = row
  const at = deps.now()
  const until = left.choice === 'pin' ? left.until : null
  const { statements, chosen } = makeChoice(
    scope,
    { additionId, choice: left.choice, desired, until, member, at },
    areHeld(scope, plan.id, [row.seq]),
  )
  const values = left.choice === 'keep' ? await keptValues(scope, row, at) : undefined
  const choice = { additionId, choice: left.choice, desired, member, at, ...(until === null ? {} : { until }) }
  const words = choiceWords(choice, row.before, desired)
  const told = { id: deps.id(), at, level: 'info' as const, event: `conflict.${left.choice}`, member, additionId }
  await saveWithEntry(
    scope,
    [
      ...statements,
      ...(values ? saveLastValues(scope, [values], { onlyIf: chosen, only: fieldsOf(desired) }) : []),
      savePlanRow(scope, { planId: plan.id, seq: row.seq }, { outcome: 'skipped', outcomeReason: words }, chosen),
      endWaiting(scope, plan.id, 'done', chosen),
      saveRun(scope, plan.runId, { state: 'running' }, chosen),
      ...addLogs(scope, [{ ...told, ...placeOf(plan, row), text: `Addition ${additionId}: ${words}.` }], chosen),
    ],
    {
      at,
      event: left.choice === 'keep' ? 'accepted' : 'pinned',
      body: { plan: plan.id, row: row.seq, member, until, desired, ...(values ? { values } : {}) },
    },
    chosen,
  )
  if ((await findPlanRow(scope, plan.id, row.seq))?.outcomeReason !== words)
    throw new Problem('conflict', 'Somebody has chosen here already: look at the line again.')
}

const placeOf = (plan: Plan, { companyId, agreementId, sourceId }: PlanRowRecord) => ({
  planId: plan.id,
  runId: plan.runId,
  sourceId,
  ...(companyId === null ? {} : { companyId }),
  ...(agreementId === null ? {} : { agreementId }),
})

const columns = { quantity: 'quantity', cost: 'unitCost', price: 'unitPrice' } as const

const fieldsOf = (fields: Fields) =>
  writableFields.filter((name) => fields[name] !== undefined).map((name) => columns[name])

/** What ConnectWise held when the plan was made becomes what TrueUp builds on. */
async function keptValues(scope: Scope, { additionId, before }: PlanRowRecord & { additionId: number }, at: number) {
  const [last] = await listLastValuesOf(scope, [additionId])
  if (!last) throw new Error(`addition ${additionId} is in conflict without a last value`)
  const { tenantId: _, ...values } = last
  return {
    ...values,
    quantity: before.quantity ?? values.quantity,
    unitCost: before.cost ?? values.unitCost,
    unitPrice: before.price ?? values.unitPrice,
    updatedAt: at,
  }
}
