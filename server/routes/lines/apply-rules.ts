import * as z from 'zod'
import { monthName, monthPattern } from '#billing/period.ts'
import { readForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { applyRules } from '#sync/lines/apply-rules.ts'
import { RulesApplied } from '#views/lines/apply-rules.tsx'

const form = z.object({
  month: z.string().regex(monthPattern, 'a month, YYYY-MM'),
  source: z.string().max(100).default(''),
})

/** `POST /lines/rules`: today's rules for the month's lines that are not posted (P9, FEATURES 4.13). */
export const postAppliedRules = (deps: Deps) => async (c: Ask) => {
  const { scope, member } = c.get('viewer')
  const { month: period, source } = await readForm(c, form)
  const done = await applyRules(deps, scope, { period, ...(source === '' ? {} : { sourceId: source }) }, member)
  c.header('HX-Trigger', 'ended')
  return fragment(c, RulesApplied, { ...done, month: monthName(period) })
}
