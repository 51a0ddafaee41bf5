import type { SQL } from 'drizzle-orm'
import type { Addition } from '#billing/existing.ts'
import type { LinePosting } from '#billing/lines/posting.ts'
import type { PlanInput, Proposal } from '#billing/plan.ts'
import type { Scope, Statement } from '#db/db.ts'
import type { Intent } from '#db/intents.ts'
import { findLineAddition, saveLineAddition, saveLineAdditions } from '#db/line-additions.ts'
import { confirmPosted } from '#db/line-confirmed.ts'
import { savePosted, savePostedAs, saveUnposted } from '#db/line-statuses.ts'
import { listLines } from '#db/lines.ts'
import type { AgreementRow } from '#db/mirror.ts'
import { findPlan } from '#db/plans.ts'
import type { Sender } from './sender.ts'

/** Whether an intent makes an addition for invoice lines: others of its product beside it are normal. */
export const makesLines = ({ change, posting }: Pick<Intent, 'change' | 'posting'>): boolean =>
  change === 'create' && posting !== null

/** What follows for invoice lines when ConnectWise holds what was wanted for them. */
export function posted(
  scope: Scope,
  { posting, desired }: Pick<Intent, 'posting' | 'desired'>,
  addition: Pick<Addition, 'id' | 'agreementId' | 'productId' | 'cancelledOn'>,
  at: number,
  settled: SQL,
): Statement[] {
  if (!posting) return []
  const isEndWritten = desired.cancelledOn !== undefined
  const cancelledOn = isEndWritten ? (desired.cancelledOn ?? null) : (addition.cancelledOn ?? null)
  return [
    ...savePosted(scope, posting.lines, { additionId: addition.id, at }, settled),
    ...saveLineAddition(scope, { posting, addition, at, cancelledOn, isEndWritten }, settled),
    ...confirmPosted(scope, posting, addition, settled),
  ]
}

/** Lines whose additions hold all that they say: they are Synced without a write (FEATURES 4.5). */
export function postedAlready(
  scope: Scope,
  all: Proposal['posted'],
  { agreements }: Pick<PlanInput, 'agreements'>,
  at: number,
): Statement[] {
  const written = all.map(({ posting, additionId: id, agreementId }) => {
    const held = agreements.get(agreementId)?.additions.find((one) => one.id === id)
    return { posting, addition: { id, agreementId }, cancelledOn: held?.cancelledOn ?? null, at }
  })
  const lines = all.map(({ posting, additionId }) => ({ lines: posting.lines, additionId }))
  return [...savePostedAs(scope, lines, at), ...saveLineAdditions(scope, written)]
}

/** What follows for invoice lines when they were not written, or nobody knows yet. */
export function notPosted(
  scope: Scope,
  posting: LinePosting | null,
  { outcome, reason }: { outcome: string; reason: string },
  settled: SQL,
): Statement[] {
  return saveUnposted(scope, posting?.lines ?? [], { status: outcome === 'held' ? 'held' : 'error', reason }, settled)
}

/** The lines an intent stands for, for the ledger. */
export const linesOf = ({ posting }: Pick<Intent, 'posting'>) =>
  posting ? { lines: posting.lines, source: posting.source, account: posting.account, period: posting.period } : {}

/**
 * Why invoice lines are not written as planned any more: one was changed, posted or left out since, another addition stands
 * for its charge by now, or its agreement bills in another currency (FEATURES 4.7).
 */
export async function whyNotPosted(
  { scope }: Sender,
  intent: Intent,
  agreement: AgreementRow | undefined,
): Promise<string | undefined> {
  const { posting, planId, additionId } = intent
  if (!posting) return undefined
  const [rows, plan] = [await listLines(scope, { ids: posting.lines }), await findPlan(scope, planId)]
  const since = plan?.createdAt ?? 0
  for (const row of rows) {
    if (row.status === 'synced') return `line ${row.line} is posted as addition ${row.additionId} already`
    if (row.leftOut) return `line ${row.line} is left out now`
    if (row.loadedAt > since || (row.updatedAt ?? 0) > since) return `line ${row.line} was changed`
    if (row.goneAt !== null) return `its source does not name line ${row.line} any more`
    const [is, was] = [agreement?.body.currency, row.currency]
    if (is !== undefined && was !== null && is !== was)
      return `line ${row.line} is in ${was}, the agreement bills in ${is}`
  }
  if (rows.length < posting.lines.length) return 'a line of it is not there any more'
  const there = posting.kind === undefined ? undefined : await findLineAddition(scope, posting.identity)
  return there && there.additionId !== additionId
    ? `addition ${there.additionId} stands for this charge now`
    : undefined
}
