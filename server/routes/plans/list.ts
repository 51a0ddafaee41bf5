import * as z from 'zod'
import { divide } from '#billing/decimal.ts'
import { countPlans, listPlanPage, type PlanSum, sumPlans } from '#db/plan-lines.ts'
import { readQuery } from '#routes/form.ts'
import { moneyWords } from '#routes/money-words.ts'
import { pageNumber, pageSize, pagesOf } from '#routes/paging.ts'
import { presentIds, readableRows } from '#routes/readable.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { listMoneyReadable } from '#session/rights.ts'
import { type PlanLine, PlansScreen } from '#views/plans/plans.tsx'

const query = z.object({
  show: z.enum(['waiting', 'changes', 'all'], 'waiting, changes or all').default('changes'),
  page: pageNumber,
})

/** `GET /plans`: those that wait first, with what they change in all. */
export const getPlans = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { show, page } = readQuery(c, query)
  const [found, count] = await Promise.all([
    listPlanPage(viewer.scope, show, { size: pageSize, number: page }),
    countPlans(viewer.scope, show),
  ])
  const sums = await sumPlans(
    viewer.scope,
    found.map(({ plan }) => plan.id),
  )
  const [isReadable, money] = await Promise.all([
    readableRows(deps, viewer, sums),
    listMoneyReadable(deps, viewer, presentIds(sums.map(({ agreementId }) => agreementId))),
  ])
  const plans = found.map(({ plan, startedBy }) => {
    const all = sums.filter(({ planId }) => planId === plan.id)
    return {
      ...lineOf(plan, startedBy, all.filter(isReadable), money),
      isHidden: all.length > 0 && !all.some(isReadable),
    }
  })
  return fragment(c, PlansScreen, {
    standing: standingOf(viewer),
    zone: viewer.tenant.zone,
    show,
    plans: plans.filter(({ isHidden }) => !isHidden),
    hidden: plans.filter(({ isHidden }) => isHidden).length,
    page,
    pages: pagesOf(count),
    seesMoney: money.size > 0,
  })
}

const lineOf = (
  { id, state, createdAt }: Pick<PlanLine, 'id' | 'state' | 'createdAt'>,
  startedBy: string | null,
  sums: readonly PlanSum[],
  money: ReadonlySet<number>,
): PlanLine => ({
  ...{ id, state, createdAt },
  startedBy: startedBy ?? '',
  changes: total(sums.map(({ changes }) => changes)),
  held: total(sums.map(({ held }) => held)),
  money: moneyWords(
    sums
      .filter(({ agreementId }) => money.has(agreementId ?? 0))
      .map((sum) => ({ ...sum, once: Boolean(sum.once), amount: divide(String(sum.amount), '10000', 'none') })),
  ),
})

const total = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0)
