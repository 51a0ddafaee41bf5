import { type Addition, isOngoing, type NewAddition } from '#billing/existing.ts'
import { freezeHold } from '#billing/guard-invoice.ts'
import { type Day, dayIn } from '#billing/period.ts'
import type { NewLine } from '#billing/record.ts'
import { closedReason } from '#billing/target.ts'
import { save } from '#db/db.ts'
import type { Intent } from '#db/intents.ts'
import { type AgreementRow, listAdditions, listAgreements, saveAgreements } from '#db/mirror.ts'
import { findPlanRow } from '#db/plans.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { rereadAdditions } from '#sync/mirror.ts'
import { holdsBase, holdsDesired } from './compare.ts'
import { lineOf, whyNotChanged, whyNotMade, wordLine } from './dated-lines.ts'
import { makesLines } from './posting.ts'
import { knownAdditions, mappingsOf, type Sender } from './sender.ts'
import { settleDone, settleOther } from './settle.ts'
import { whyNotPosted } from './why-not-posted.ts'
import { whyNotWished } from './why-not-wished.ts'

const readIsOldAfterMs = 10 * 60_000

const isOld = (deps: Deps, readAt: number | null): boolean => deps.now() - (readAt ?? 0) >= readIsOldAfterMs

/** Reads the agreements of these intents again where our copy is older than the ten minutes a value counts as read. */
export async function refreshAgreements(
  { deps, scope, connectWise }: Sender,
  intents: readonly Pick<Intent, 'agreementId'>[],
): Promise<void> {
  const rows = await listAgreements(scope, [...new Set(intents.map((intent) => intent.agreementId))])
  const ids = rows.filter((row) => isOld(deps, row.readAt)).map((row) => row.id)
  if (ids.length === 0) return
  const at = deps.now()
  await save(scope.db, saveAgreements(scope, ids, await connectWise.listAgreements(ids), at))
}

/**
 * Whether the intent may be sent as far as ConnectWise is concerned. A value counts as read before the write for ten
 * minutes; afterwards its agreement is read again, and so is that of a create that was sent before. What moved since the
 * plan, whichever run has seen it, is not written (I5), and a line that appeared meanwhile is not made twice.
 */
export async function isStillAsPlanned(sender: Sender, intent: Intent): Promise<boolean> {
  const { deps, scope, connectWise, tenant } = sender
  const [agreement] = await listAgreements(scope, [intent.agreementId])
  const today = dayIn(tenant.zone, deps.now())
  const closed = agreement ? whyNoLonger(agreement, today) : `agreement ${intent.agreementId} is unknown`
  if (closed !== undefined) return moved(sender, intent, closed)
  const currency = agreement && foreignCurrency(tenant, intent, agreement)
  if (currency !== undefined) return moved(sender, intent, currency)
  const pinnedUntil = sender.pins.get(intent.additionId ?? 0)
  if (pinnedUntil !== undefined) return moved(sender, intent, `pinned until ${pinnedUntil}`)
  const frozen = await frozenSince(sender, intent, agreement?.body.nextInvoiceOn, today)
  if (frozen !== undefined) return moved(sender, intent, frozen)
  const late = await whyNotPosted(sender, intent, agreement)
  if (late !== undefined) return moved(sender, intent, late)
  const unwished = await whyNotWished(sender, intent, today, (of) => refreshAgreements(sender, of))
  if (unwished !== undefined) return moved(sender, intent, unwished)
  const sentBefore = intent.change === 'create' && intent.attempt > 0
  // Nothing that is there says whether a line of its own is to be made, unless it was sent before.
  if (!sentBefore && makesLines(intent) && intent.posting?.kind === 'one-time') return true
  if (sentBefore || isOld(deps, agreement?.additionsReadAt ?? null)) {
    try {
      await rereadAdditions(deps, scope, connectWise, intent.runId, intent.agreementId)
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      await settleOther(deps, scope, intent, 'superseded', { outcome: 'failed', reason: problem.message })
      return false
    }
  }
  const existing = await listAdditions(scope, [intent.agreementId])
  const next = agreement?.body.nextInvoiceOn
  if (intent.change === 'create') return isStillMissing(sender, intent, existing, { today, next })
  const invoiced = await whyNotChanged(sender, intent, next)
  return invoiced === undefined ? isStillBase(sender, intent, existing) : moved(sender, intent, invoiced)
}

/** The freeze window has begun since the plan, or since the next invoice date moved, and nobody said yes to that (G15). */
async function frozenSince(
  { scope, tenant }: Sender,
  intent: Intent,
  next: string | undefined,
  today: string,
): Promise<string | undefined> {
  const [hold] = freezeHold(next, today, tenant.limits.freezeHours)
  if (!hold) return undefined
  const row = await findPlanRow(scope, intent.planId, intent.rowSeq)
  return row?.holds.some(({ guard }) => guard === hold.guard) ? undefined : hold.text
}

function whyNoLonger({ gone, movedBackFrom, body }: AgreementRow, today: string): string | undefined {
  if (gone) return `agreement ${body.id} no longer exists in ConnectWise`
  if (movedBackFrom !== null) return `the next invoice date moved back from ${movedBackFrom}: an invoice was removed`
  return closedReason(body, today)
}

/** What a new agreement bills in shows only once it is made: until then it was taken for the tenant's currency (4.7). */
function foreignCurrency({ currency }: Sender['tenant'], { needs, desired }: Intent, { body }: AgreementRow) {
  const isNew = needs.some((key) => key.startsWith('agreement:-'))
  if (!isNew || (desired.unitCost === undefined && desired.unitPrice === undefined)) return undefined
  if (body.currency === undefined || body.currency === currency) return undefined
  return `the new agreement bills in ${body.currency}, the source in ${currency}`
}

async function isStillBase(sender: Sender, intent: Intent, existing: readonly Addition[]): Promise<boolean> {
  const addition = existing.find((candidate) => candidate.id === intent.additionId)
  if (addition && holdsBase(addition, intent)) return true
  if (!addition || !holdsDesired(addition, intent.desired)) return moved(sender, intent, whatIsThere(addition))
  await settleDone(sender.deps, sender.scope, intent, addition, await mappingsOf(sender, intent))
  return false
}

/** What a change finds in place of what it was planned on. */
export function whatIsThere(addition: Addition | undefined): string {
  if (!addition) return 'it does not exist any more'
  const ended = addition.cancelledOn === undefined ? '' : ` and ends on ${addition.cancelledOn}`
  return `it holds ${addition.quantity} now${ended}`
}

/** A line that appeared since the plan is ours, by its marker, or somebody's: it is not made twice. */
async function isStillMissing(
  sender: Sender,
  intent: Intent,
  existing: readonly Addition[],
  { today, next }: { today: Day; next: Day | undefined },
): Promise<boolean> {
  const ours = existing.find((addition) => addition.serialNumber === intent.marker)
  if (ours) {
    await settleDone(sender.deps, sender.scope, intent, ours, await mappingsOf(sender, intent))
    return false
  }
  const line = lineOf(intent)
  if (line) return mayMakeLine(sender, intent, line, next)
  if (makesLines(intent) && !(await maySeeTwin(sender, intent))) return true
  const { productId } = intent.desired as NewAddition
  const named = await knownAdditions(sender, intent.agreementId)
  const twin = existing.find((a) => a.productId === productId && isOngoing(a, today) && !named.has(a.id))
  return twin ? moved(sender, intent, `addition ${twin.id} of this product is there now`) : true
}

/**
 * A line of its own stands beside others of its product. So does a subscription's, of which a person has seen them and
 * said yes; one that came since is looked at first.
 */
async function maySeeTwin({ scope }: Sender, { posting, planId, rowSeq }: Intent): Promise<boolean> {
  if (posting?.kind !== 'persistent') return false
  const row = await findPlanRow(scope, planId, rowSeq)
  return !row?.holds.some(({ guard }) => guard === 'G10')
}

/** A dated line is one among others of its product; it is worded as its standing line is now. */
async function mayMakeLine(sender: Sender, intent: Intent, line: NewLine, next: Day | undefined): Promise<boolean> {
  try {
    const not = (await whyNotMade(sender, intent, line, next)) ?? (await wordLine(sender, intent, line))
    return not === undefined || moved(sender, intent, not)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    const outcome = { outcome: 'failed' as const, reason: problem.message }
    await settleOther(sender.deps, sender.scope, intent, 'superseded', outcome)
    return false
  }
}

async function moved({ deps, scope }: Sender, intent: Intent, what: string): Promise<false> {
  await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason: `changed since the plan: ${what}` })
  return false
}
