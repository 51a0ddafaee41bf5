import * as z from 'zod'
import type { Fields } from '#billing/plan.ts'
import { findPlanRow, type PlanRowRecord } from '#db/plans.ts'
import { readForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listMoneyReadable, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { choose, type Decision } from '#sync/approve/choose.ts'
import { goOn } from '#sync/start-run.ts'
import { ChoiceMade } from '#views/plans/conflict.tsx'
import { whyNotTaken } from './conflicts.ts'

const day = z.iso.date('a day, YYYY-MM-DD')
const form = z.discriminatedUnion('choice', [
  z.strictObject({ choice: z.literal('keep') }),
  z.strictObject({ choice: z.literal('take') }),
  z.strictObject({ choice: z.literal('pin'), until: day.optional() }),
])

/** `POST /plans/:id/rows/:seq/choice`: what a person decides in a conflict (FEATURES 4.11). */
export const postChoice = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const row = await rowAsked(c)
  if (row.companyId !== null) await requireReadable(deps, viewer, 'company', row.companyId)
  if (row.agreementId !== null) await requireReadable(deps, viewer, 'agreement', row.agreementId)
  const decision = await readForm(c, form)
  if (decision.choice === 'take') await refuseUnseen(deps, viewer, row)
  const { runId } = await choose(deps, viewer.scope, { plan: row.planId, seq: row.seq }, viewer.member, decision)
  goOn(deps, viewer.scope, runId)
  if (decision.choice !== 'take') c.header('HX-Trigger', 'chosen')
  return fragment(c, ChoiceMade, {
    text: wordsOf(decision, row),
    ...(decision.choice === 'take' ? { run: runId } : {}),
  })
}

/** Nobody writes costs and prices that are kept from them. */
async function refuseUnseen(deps: Deps, viewer: Viewer, row: PlanRowRecord): Promise<void> {
  const money = await listMoneyReadable(deps, viewer, row.agreementId === null ? [] : [row.agreementId])
  const why = whyNotTaken(row, money.size > 0)
  if (why !== undefined) throw new Problem('forbidden', `The source's value cannot be taken: ${why}.`)
}

async function rowAsked(c: Ask): Promise<PlanRowRecord> {
  const row = await findPlanRow(c.get('viewer').scope, c.req.param('id') ?? '', Number(c.req.param('seq')))
  if (!row) throw new Problem('not_found', 'There is no such line in this plan: open the plan again.')
  return row
}

function wordsOf(made: Decision, { before, after }: PlanRowRecord): string {
  const text = ({ quantity }: Fields) => (quantity === undefined ? 'its value' : quantity)
  if (made.choice === 'take') return `Taken: ${text(after)} is written now.`
  if (made.choice === 'pin') return `Pinned: ${text(before)} stays until the day has passed.`
  return `Kept: ${text(before)} stays until the source no longer says ${text(after)}.`
}
