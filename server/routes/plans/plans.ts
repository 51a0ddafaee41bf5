import * as z from 'zod'
import { findPlan, type Plan } from '#db/plans.ts'
import { findRun } from '#db/runs.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { pageNumber, pageQuery } from '#routes/paging.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { approvePlan, dismissPlan, whyNot } from '#sync/approve/approve.ts'
import { goOn } from '#sync/start-run.ts'
import { PlanBody, PlanScreen } from '#views/plans/plan.tsx'
import { readableLines } from './lines.ts'
import { hasWritten } from './run-progress.ts'
import { decisionOf, planOf } from './view.ts'

/** `GET /plans/:id` (V1). */
export const getPlan = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const plan = await planOf(deps, viewer, await planAsked(c), readQuery(c, pageQuery).page)
  return fragment(c, PlanScreen, { standing: standingOf(viewer), plan })
}

/** `GET /plans/:id/rows`: all of it but the title, which asks again while outcomes come in. */
export const getPlanRows = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const asked = readQuery(c, pageQuery.extend({ live: z.literal('1').optional() }))
  const plan = await planOf(deps, viewer, await planAsked(c), asked.page)
  const run = await findRun(viewer.scope, plan.run)
  if (asked.live === undefined || plan.live || !run) return fragment(c, PlanBody, plan)
  if (hasWritten(run)) c.header('HX-Trigger', 'written')
  return fragment(c, PlanBody, { ...plan, told: 'Written: every line shows what became of it.' })
}

const approvalForm = z.strictObject({
  fingerprint: z.string().min(1, 'the fingerprint of the plan you saw'),
  note: z.string().max(500, 'at most 500 characters').optional(),
  page: pageNumber,
})

/** `POST /plans/:id/approval`: a yes to exactly what the page showed (I8); it is written after the answer. */
export const postApproval = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { fingerprint, note, page } = await readForm(c, approvalForm)
  const { id, runId, state } = await planToDecide(deps, c, 'approve')
  await approvePlan(deps, viewer.scope, id, { member: viewer.member, fingerprint, ...(note ? { note } : {}) })
  if (state === 'waiting') goOn(deps, viewer.scope, runId)
  return fragment(c, PlanBody, { ...(await planOf(deps, viewer, await planAsked(c), page)), told: 'Approved.' })
}

/** `POST /plans/:id/dismissal`: nothing of what waits is written. */
export const postDismissal = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { id } = await planToDecide(deps, c, 'dismiss')
  await dismissPlan(deps, viewer.scope, id, viewer.member)
  return fragment(c, PlanBody, { ...(await planOf(deps, viewer, await planAsked(c), 1)), told: 'Dismissed.' })
}

/** A plan on which the member may decide this. Throws a Problem that says why they may not. */
async function planToDecide(deps: Deps, c: Ask, what: 'approve' | 'dismiss'): Promise<Plan> {
  const plan = await planAsked(c)
  const viewer = c.get('viewer')
  const decision = await decisionOf(viewer, plan, await readableLines(deps, viewer, plan.id))
  if (decision[what]) return plan
  if (decision.why !== undefined) throw new Problem('forbidden', decision.why)
  throw new Problem('conflict', `Plan ${plan.id} is ${plan.state}: ${whyNot(plan)}.`)
}

async function planAsked(c: Ask): Promise<Plan> {
  const plan = await findPlan(c.get('viewer').scope, c.req.param('id') ?? '')
  if (!plan) throw new Problem('not_found', 'There is no such plan. It may be older than 460 days.')
  return plan
}
