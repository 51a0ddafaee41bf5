import type { SQL } from 'drizzle-orm'
import type { Addition } from '#billing/existing.ts'
import type { LinePosting } from '#billing/lines/posting.ts'
import type { PlanInput, Proposal } from '#billing/plan.ts'
import type { Scope, Statement } from '#db/db.ts'
import type { Intent } from '#db/intents.ts'
import { saveLineAddition, saveLineAdditions } from '#db/line-additions.ts'
import { confirmPosted } from '#db/line-confirmed.ts'
import { saveMadeAs, savePosted, savePostedAs, saveUnposted } from '#db/line-statuses.ts'

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
    ...confirmPosted(
      scope,
      posting,
      { ...addition, hasDays: isEndWritten || desired.effectiveOn !== undefined },
      settled,
    ),
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

/** ConnectWise made an addition that holds something else than was wanted: its lines are not posted, and none is made again. */
export function madeOtherwise(
  scope: Scope,
  { change, posting }: Pick<Intent, 'change' | 'posting'>,
  addition: Pick<Addition, 'id' | 'agreementId' | 'cancelledOn'>,
  at: number,
  settled: SQL,
): Statement[] {
  if (change !== 'create' || !posting) return []
  const cancelledOn = addition.cancelledOn ?? null
  return [
    ...saveMadeAs(scope, posting.lines, addition.id, settled),
    ...saveLineAddition(scope, { posting, addition, at, cancelledOn, isEndWritten: true }, settled),
  ]
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
