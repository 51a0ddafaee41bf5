import { type Addition, isOngoing, type NewAddition } from '#billing/existing.ts'
import type { Mapping } from '#billing/mapping.ts'
import { dayIn } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import { save } from '#db/db.ts'
import { claimIntent, type Intent, listIntents } from '#db/intents.ts'
import { findAdditionsReadAt, listAdditions } from '#db/mirror.ts'
import { findPlanRow } from '#db/plans.ts'
import { saveTenantState, type Tenant } from '#db/tenants.ts'
import type { ConnectWise, Deps, WriteOutcome } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { type Lease, leaseTimes } from './lease.ts'
import { rereadAdditions } from './mirror.ts'
import { holdsBase, holdsDesired, settleDifferent, settleDone, settleOther } from './settle.ts'
import { each, type Progress, type Slice, widthOf } from './slice.ts'

const readIsOldAfterMs = 10 * 60_000
const mostAttempts = 3
const mostRounds = 50

/** What sending needs to know. */
export interface Sender {
  deps: Deps
  scope: Scope
  tenant: Tenant
  connectWise: ConnectWise
  lease: Lease
  slice: Slice
  mappings: ReadonlyMap<string, Mapping>
}

/**
 * Sends a run's planned intents, one claim at a time, until none is left or the slice stops. An intent that may not be
 * sent (kill switch, pause) stays planned and ends the work.
 */
export async function sendPlanned(sender: Sender, run: string): Promise<Progress> {
  const { deps, scope, slice } = sender
  for (let round = 0; round < mostRounds && !slice.stopping(); round++) {
    const planned = (await listIntents(scope, { run })).filter((intent) => intent.state === 'planned')
    if (planned.length === 0) return { final: true }
    const due = planned.filter((intent) => (intent.notBefore ?? 0) <= deps.now())
    if (due.length === 0) return { final: false, resumeAt: Math.min(...planned.map((intent) => intent.notBefore ?? 0)) }
    let refused = false
    const untilRefused = { stopping: () => refused || slice.stopping() }
    await each(due, widthOf(deps), untilRefused, async (intent) => {
      if (!(await send(sender, intent))) refused = true
    })
    if (refused) return { final: true }
  }
  return { final: false, resumeAt: deps.now() }
}

/** Sends one intent and records what came of it; false when it may not be sent now. */
async function send(sender: Sender, intent: Intent): Promise<boolean> {
  const { deps, scope, lease } = sender
  await lease.keep()
  if (!(await isStillAsPlanned(sender, intent))) return true
  const claimed = await claimIntent(scope, intent.id, {
    fence: lease.fence,
    now: deps.now(),
    leftMs: leaseTimes(deps).leftForWriteMs,
  })
  if (!claimed) return false
  deps.at('intent.sending')
  const answer = await write(sender, claimed)
  deps.at('write.answered')
  await settle(sender, claimed, answer)
  deps.at('outcome.saved')
  return true
}

/**
 * A value counts as read before the write for ten minutes; afterwards its agreement is read again. What moved since
 * the plan is not written (I5), and a line that appeared meanwhile is not made twice.
 */
async function isStillAsPlanned(sender: Sender, intent: Intent): Promise<boolean> {
  const { deps, scope, connectWise } = sender
  const readAt = await findAdditionsReadAt(scope, intent.agreementId)
  const sentBefore = intent.change === 'create' && intent.attempt > 0
  if (!sentBefore && readAt !== undefined && deps.now() - readAt < readIsOldAfterMs) return true
  try {
    await rereadAdditions(deps, scope, connectWise, intent.runId, intent.agreementId)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    await settleOther(deps, scope, intent, 'superseded', { outcome: 'failed', reason: problem.message })
    return false
  }
  const existing = await listAdditions(scope, [intent.agreementId])
  if (intent.change === 'create') return isStillMissing(sender, intent, existing)
  const addition = existing.find((candidate) => candidate.id === intent.additionId)
  if (addition && holdsBase(addition, intent.base)) return true
  if (addition && holdsDesired(addition, intent.desired)) {
    await settleDone(deps, scope, intent, addition, await mappingsOf(sender, intent))
    return false
  }
  const now = addition ? `it holds ${addition.quantity} now` : 'it does not exist any more'
  await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason: `changed since the plan: ${now}` })
  return false
}

/** A line that appeared since the plan is ours, by its marker, or somebody's: it is not made twice. */
async function isStillMissing(sender: Sender, intent: Intent, existing: readonly Addition[]): Promise<boolean> {
  const { deps, scope, tenant } = sender
  const today = dayIn(tenant.zone, deps.now())
  const ours = existing.find((addition) => addition.serialNumber === intent.marker)
  if (ours) {
    await settleDone(deps, scope, intent, ours, await mappingsOf(sender, intent))
    return false
  }
  const { productId } = intent.desired as NewAddition
  const named = new Set(
    [...sender.mappings.values()].flatMap((mapping) => [mapping.additionId ?? 0, ...mapping.leaveAlone]),
  )
  const twin = existing.find((a) => a.productId === productId && isOngoing(a, today) && !named.has(a.id))
  if (!twin) return true
  const reason = `changed since the plan: addition ${twin.id} of this product is there now`
  await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason })
  return false
}

function write({ connectWise }: Sender, intent: Intent): Promise<WriteOutcome> {
  if (intent.change === 'create') return connectWise.createAddition(intent.agreementId, intent.desired as NewAddition)
  if (intent.additionId === null) throw new Error('an update needs its addition')
  return connectWise.updateAddition(intent.agreementId, intent.additionId, intent.desired)
}

/** The outcome table of TRUST section 4.4. */
async function settle(sender: Sender, intent: Intent, answer: WriteOutcome): Promise<void> {
  const { deps, scope } = sender
  const { log } = deps
  if (answer.outcome !== 'done')
    log.warn(`write.${answer.outcome}`, {
      tenant: scope.tenant,
      run: intent.runId,
      intent: intent.id,
      status: answer.status ?? 0,
    })
  switch (answer.outcome) {
    case 'done':
      return settleAnswer(sender, intent, answer)
    case 'refused':
      return settleOther(
        deps,
        scope,
        intent,
        'rejected',
        { outcome: 'failed', reason: answer.message },
        { httpStatus: answer.status },
      )
    case 'throttled': {
      const notBefore = deps.now() + answer.retryAfterMs
      return settleOther(
        deps,
        scope,
        intent,
        'planned',
        { outcome: 'pending', reason: 'ConnectWise asked to wait' },
        { httpStatus: answer.status, notBefore },
      )
    }
    case 'forbidden': {
      const reason = `ConnectWise refused the keys or a right (${answer.status}): ${answer.message}`
      await save(scope.db, [saveTenantState(scope, { state: 'attention', stateCause: reason, stateAt: deps.now() })])
      return settleOther(deps, scope, intent, 'planned', { outcome: 'pending', reason }, { httpStatus: answer.status })
    }
    case 'unknown':
      return settleUnknown(sender, intent, answer.message)
  }
}

async function settleAnswer(
  sender: Sender,
  intent: Intent,
  answer: Extract<WriteOutcome, { outcome: 'done' }>,
): Promise<void> {
  const { deps, scope } = sender
  const desired = intent.desired
  if (holdsDesired(answer.addition, desired))
    return settleDone(deps, scope, intent, answer.addition, await mappingsOf(sender, intent), answer.status)
  const now = await lookUp(sender, intent, answer.addition.id)
  if (now && holdsDesired(now, desired))
    return settleDone(deps, scope, intent, now, await mappingsOf(sender, intent), answer.status)
  return settleDifferent(deps, scope, intent, now ?? answer.addition)
}

/**
 * No certain answer. An absolute update is looked up at once and sent again when nothing happened; a create is left
 * alone for the horizon, because it may still land (I3).
 */
export async function settleUnknown(sender: Sender, intent: Intent, message: string): Promise<void> {
  const { deps, scope } = sender
  if (intent.change === 'create' || intent.additionId === null) {
    const unknownUntil = (intent.sentAt ?? deps.now()) + deps.config.SYNC_HORIZON_SECONDS * 1000
    return settleOther(deps, scope, intent, 'unknown', { outcome: 'unknown', reason: message }, { unknownUntil })
  }
  const now = await lookUp(sender, intent, intent.additionId)
  const unknown = { outcome: 'unknown' as const, reason: message }
  if (!now) return settleOther(deps, scope, intent, 'unknown', unknown, { unknownUntil: deps.now() })
  if (holdsDesired(now, intent.desired)) return settleDone(deps, scope, intent, now, await mappingsOf(sender, intent))
  if (!holdsBase(now, intent.base))
    return settleOther(deps, scope, intent, 'superseded', {
      outcome: 'held',
      reason: `changed since the plan: it holds ${now.quantity} now`,
    })
  if (intent.attempt < mostAttempts)
    return settleOther(deps, scope, intent, 'planned', { outcome: 'pending', reason: message }, { unknownUntil: null })
  return settleOther(deps, scope, intent, 'rejected', {
    outcome: 'failed',
    reason: `${message} (${intent.attempt} attempts)`,
  })
}

async function lookUp({ deps, scope, connectWise }: Sender, intent: Intent, additionId: number) {
  try {
    return await connectWise.findAddition(intent.agreementId, additionId)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    deps.log.warn('lookup.failed', { tenant: scope.tenant, intent: intent.id, reason: problem.message })
    return undefined
  }
}

export async function mappingsOf({ scope, mappings }: Sender, intent: Intent): Promise<Mapping[]> {
  const row = await findPlanRow(scope, intent.planId, intent.rowSeq)
  return (row?.mappings ?? []).flatMap((id) => mappings.get(id) ?? [])
}
