import type { SQL } from 'drizzle-orm'
import { abs, compare, divide, multiply, subtract } from '#billing/decimal.ts'
import type { Addition, NewAddition } from '#billing/existing.ts'
import type { Day } from '#billing/period.ts'
import type { NewLine } from '#billing/record.ts'
import { type Scope, type Statement, save } from '#db/db.ts'
import { type Intent, saveIntentDesired } from '#db/intents.ts'
import { addLogs } from '#db/logs.ts'
import { findPlanRow, savePlanRow } from '#db/plans.ts'
import { addDatedLine, listDatedLines, listProrations } from '#db/prorations.ts'
import type { Deps } from '#server/deps.ts'
import type { Sender } from './sender.ts'

/** The dated or catch-up line that an intent makes; undefined for any other write (FEATURES 4.1). */
export const lineOf = ({ record, change, draft }: Intent): NewLine | undefined =>
  record === 'addition' && change === 'create' && draft?.record === 'addition' ? draft : undefined

/** Why a line of its own days is not made any more, as far as its agreement and the lines that are there tell. */
export async function whyNotMade(
  { scope }: Sender,
  { agreementId, desired }: Intent,
  line: NewLine,
  next: Day | undefined,
): Promise<string | undefined> {
  const made = (await listDatedLines(scope, [agreementId])).find(
    ({ standingId, kind, period, day }) =>
      standingId === line.standingId && kind === line.kind && period === line.period && day === line.day,
  )
  if (made) return `addition ${made.additionId} is this line`
  const { effectiveOn, cancelledOn } = desired as NewAddition
  const opens = line.kind === 'catch-up' ? effectiveOn : cancelledOn === undefined ? line.period : undefined
  return opens !== undefined && next !== undefined && next > opens ? 'its period was invoiced' : undefined
}

/**
 * Why a prorated line is not changed any more: since its plan a period was invoiced, or an invoice removed. What the plan
 * took for open is not, and the next plan has to see with what it was invoiced (FEATURES 4.1).
 */
export async function whyNotChanged(
  { scope }: Sender,
  { agreementId, additionId }: Intent,
  next: Day | undefined,
): Promise<string | undefined> {
  if (additionId === null) return undefined
  const line = (await listDatedLines(scope, [agreementId])).find((known) => known.additionId === additionId)
  const standingId = line?.standingId ?? additionId
  const planned = (await listProrations(scope, [standingId])).get(standingId)?.next
  if (planned === undefined || next === planned) return undefined
  return `its next invoice date was ${planned} and is ${next ?? 'none'} now`
}

/**
 * How the standing line is billed and worded right before its dated line is made goes into the intent; a second try is
 * worded as the first. Returns why that cannot be known; undefined when it is.
 */
export async function wordLine(
  { scope, connectWise }: Sender,
  intent: Intent,
  line: NewLine,
): Promise<string | undefined> {
  const desired = intent.desired as NewAddition
  if (desired.taxable !== undefined) return undefined
  const wording = await connectWise.findWording(intent.agreementId, line.standingId)
  if (!wording) return `addition ${line.standingId} does not exist any more`
  const described = line.description === undefined ? {} : { invoiceDescription: line.description }
  await save(scope.db, [saveIntentDesired(scope, intent, { ...desired, ...wording, ...described })])
  return undefined
}

/** What follows for a dated line that is there now: it is ours, and ConnectWise's amount takes the place of the estimate. */
export async function saveLine(
  deps: Deps,
  scope: Scope,
  intent: Intent,
  addition: Addition,
  settled: SQL,
): Promise<Statement[]> {
  const line = lineOf(intent)
  if (!line) return []
  const { standingId, kind, period, day } = line
  const ours = { additionId: addition.id, agreementId: intent.agreementId, standingId, kind, period, day }
  return [
    ...addDatedLine(scope, ours, deps.now(), settled),
    ...(await saveAmount(deps, scope, intent, addition, settled)),
  ]
}

/** A difference above 1 % and 0.01 is told; how much money it is, only the plan tells (U18). */
async function saveAmount(
  deps: Deps,
  scope: Scope,
  intent: Intent,
  { id, extendedProratePrice: amount = '0' }: Addition,
  settled: SQL,
): Promise<Statement[]> {
  const row = await findPlanRow(scope, intent.planId, intent.rowSeq)
  if (!row?.amount || compare(amount, '0') === 0) return []
  const { planId, rowSeq: seq, runId } = intent
  const saved = savePlanRow(scope, { planId, seq }, { amount }, settled)
  const apart = abs(subtract(amount, row.amount))
  const share = compare(row.amount, '0') === 0 ? '100' : divide(multiply(apart, '100'), abs(row.amount), 'none')
  if (compare(apart, '0.01') <= 0 || compare(share, '1') <= 0) return [saved]
  deps.log.warn('proration.differs', { tenant: scope.tenant, intent: intent.id, addition: id, reason: `${share} %` })
  const text = `ConnectWise prorates addition ${id} by ${Number(share).toFixed(1)} % differently than estimated: compare its plan with the next invoice.`
  const told = {
    id: `${intent.id}-prorated`,
    at: deps.now(),
    level: 'warning' as const,
    event: 'proration.differs',
    text,
  }
  const about = { runId, planId, account: row.accounts[0] ?? null, sourceId: row.sourceId, companyId: row.companyId }
  const records = { agreementId: intent.agreementId, additionId: id }
  return [saved, ...addLogs(scope, [{ ...told, ...about, ...records }], settled)]
}

/** Days that ConnectWise keeps as other days than were sent, in words (U23). */
export function shiftedDays({ desired }: Intent, addition: Addition): string | undefined {
  const sent = 'effectiveOn' in desired ? [[desired.effectiveOn, addition.effectiveOn] as const] : []
  const days = [...sent, [desired.cancelledOn ?? undefined, addition.cancelledOn] as const]
  const shifted = days.find(([was, is]) => was !== undefined && is !== undefined && was !== is)
  return shifted && `ConnectWise keeps ${shifted[1]} where ${shifted[0]} was sent, on addition ${addition.id}`
}
