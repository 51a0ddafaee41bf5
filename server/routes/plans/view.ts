import type { PlanLine } from '#db/plan-lines.ts'
import type { Plan } from '#db/plans.ts'
import { findRun } from '#db/runs.ts'
import { moneyWords } from '#routes/money-words.ts'
import type { Deps } from '#server/deps.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { isFirstPlan } from '#sync/approve/approve.ts'
import type { PlanProps } from '#views/plans/plan.tsx'
import { type ReadableLines, readableLines, readGroups } from './lines.ts'

/** Everything a member sees of a plan. */
export async function planOf(deps: Deps, viewer: Viewer, plan: Plan, asked: number): Promise<PlanProps> {
  const { scope, tenant } = viewer
  const [run, found] = await Promise.all([findRun(scope, plan.runId), readableLines(deps, viewer, plan.id)])
  const { groups, page, pages } = await readGroups(deps, viewer, plan, found, asked)
  const counts = countsOf(found, plan)
  const next = found.lines.flatMap((line) => (line.change !== null && line.nextInvoiceOn) || []).sort()
  return {
    id: plan.id,
    run: plan.runId,
    state: plan.state,
    fingerprint: plan.fingerprint,
    createdAt: plan.createdAt,
    zone: tenant.zone,
    startedBy: run?.startedBy ?? 'a run that is gone',
    ...(plan.state === 'dismissed' && plan.closedBy !== null ? { closedBy: plan.closedBy } : {}),
    live: run?.state === 'running',
    counts,
    money: moneyWords(found.lines.filter(({ agreementId }) => found.money.has(agreementId ?? 0)).flatMap(sumOf)),
    ...(next[0] === undefined ? {} : { nextInvoiceOn: next[0] }),
    rows: {
      ...{ caption: 'Changes', groups, hidden: found.hidden.length, page, pages, seesMoney: found.money.size > 0 },
      ...{ path: `/plans/${plan.id}/rows`, target: '#plan', swap: 'outerHTML' },
    },
    decision: await decisionOf(viewer, plan, found),
  }
}

/** What somebody chose to leave as it is costs nothing. */
const sumOf = ({ change, outcome, amount, currency, billingCycle, once }: PlanLine) =>
  change === null || outcome === 'skipped' || amount === null ? [] : [{ amount, currency, billingCycle, once }]

const isWaiting = ({ change, outcome, blocked }: PlanLine) => change !== null && outcome === 'held' && !blocked

function countsOf({ lines }: ReadableLines, { unchanged }: Plan): PlanProps['counts'] {
  return {
    changes: lines.filter(({ change }) => change !== null).length,
    approvable: lines.filter(isWaiting).length,
    blocked: lines.filter(({ outcome, blocked }) => outcome === 'held' && blocked).length,
    conflicts: lines.filter((line) => isWaiting(line) && line.conflict).length,
    unchanged,
  }
}

/** What this member may decide on a plan, and if nothing, why. */
export async function decisionOf(
  viewer: Viewer,
  plan: Plan,
  { lines, hidden, money }: ReadableLines,
): Promise<PlanProps['decision']> {
  const { tenant, role, scope } = viewer
  const isFirst = await isFirstPlan(scope, plan)
  if (plan.state !== 'waiting' && !isFirst) return nothing
  if (!includesRole(role, 'finance'))
    return { ...nothing, why: 'Somebody with the finance role in TrueUp approves or dismisses it.' }
  const unseen = hidden.filter(({ outcome }) => outcome === 'held').length
  if (unseen > 0) return { ...nothing, why: unseenWords(unseen) }
  const dismiss = plan.state === 'waiting'
  const unpriced = lines.filter((line) => isWaiting(line) && line.tellsMoney && !money.has(line.agreementId ?? 0))
  if (unpriced.length > 0) return { ...nothing, dismiss, why: unpricedWords(unpriced.length) }
  if (tenant.state !== 'connected')
    return {
      ...nothing,
      dismiss,
      why: `Nothing can be written now: the connection of ${tenant.companyId} needs attention.`,
    }
  return { approve: isFirst || lines.some(isWaiting), dismiss, goLive: tenant.mode === 'observe' }
}

const nothing = { approve: false, dismiss: false, goLive: false }

const unseenWords = (n: number) =>
  `You cannot approve it: ${n} of its changes are of companies or agreements that you may not read in ConnectWise.`

const unpricedWords = (n: number) =>
  `You cannot approve it: ${n} of its changes ${n === 1 ? 'has' : 'have'} costs or prices that you may not see in ConnectWise.`
