import { isExported } from '#billing/contact-rows.ts'
import type { NewAddition } from '#billing/existing.ts'
import { dayMs } from '#billing/period.ts'
import { claimIntent, type Intent, listIntents } from '#db/intents.ts'
import type { Deps, WriteOutcome } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { leaseTimes } from '#sync/lease.ts'
import {
  isReferenceStillAsPlanned,
  type ReferenceOutcome,
  referenceOf,
  settleReferenceAnswer,
  settleUnknownReference,
  writeReference,
} from '#sync/lines/write-reference.ts'
import { pause } from '#sync/pause.ts'
import { isContactStillActive, refuseExport, settleUnknownContact } from '#sync/people/left-contacts.ts'
import { isOfRecord, type RecordOutcome, writeRecord } from '#sync/records/record-kinds.ts'
import {
  isRecordStillAsPlanned,
  refuseRecord,
  rightFor,
  settleRecord,
  settleUnknownCost,
} from '#sync/records/records.ts'
import { each, type Progress, widthOf } from '#sync/slice.ts'
import { holdsBase, holdsDesired } from './compare.ts'
import { giveUpLost, sortByNeeds } from './needs.ts'
import { mappingsOf, type Sender } from './sender.ts'
import { planAgain, settleDifferent, settleDone, settleOther } from './settle.ts'
import { isStillAsPlanned, refreshAgreements, whatIsThere } from './still-as-planned.ts'

const mostAttempts = 3
const mostRounds = 50
const longestWaitMs = 4 * 3_600_000

/**
 * Sends a run's planned intents, one claim at a time, each after those it needs, until none is left or the slice stops.
 * An intent that may not be sent (kill switch, pause) stays planned and ends the work.
 */
export async function sendPlanned(sender: Sender, run: string): Promise<Progress> {
  const { deps, scope, slice } = sender
  for (let round = 0; round < mostRounds && !slice.stopping(); round++) {
    const intents = await listIntents(scope, { run })
    const { ready, lost } = sortByNeeds(intents)
    await giveUpLost(sender, lost, intents)
    if (slice.stopping()) break
    if (ready.length === 0) return { final: true }
    const due = ready.filter((intent) => (intent.notBefore ?? 0) <= deps.now())
    const resumeAt = due.length > 0 ? undefined : await waitOrGiveUp(sender, ready)
    if (resumeAt !== undefined) return { final: false, resumeAt }
    await refreshAgreements(sender, due)
    let refused = false
    const untilRefused = { stopping: () => refused || slice.stopping() }
    await each(due, widthOf(deps), untilRefused, async (intent) => {
      if (!(await send(sender, intent))) refused = true
    })
    if (refused) return { final: true }
  }
  return { final: false, resumeAt: deps.now() }
}

/**
 * ConnectWise asked to wait: until the earliest may go, which is returned, but not for ever. What waited too long is
 * left to the next run; undefined when that is all of it.
 */
async function waitOrGiveUp({ deps, scope }: Sender, planned: readonly Intent[]): Promise<number | undefined> {
  const patient = planned.filter((intent) => deps.now() - intent.createdAt < longestWaitMs)
  const reason = `ConnectWise kept asking to wait for ${longestWaitMs / 3_600_000} hours`
  for (const intent of planned)
    if (!patient.includes(intent)) await settleOther(deps, scope, intent, 'superseded', { outcome: 'failed', reason })
  if (patient.length === 0) return undefined
  return Math.min(...patient.map((intent) => intent.notBefore ?? 0))
}

/** Sends one intent and records what came of it; false when it may not be sent now. */
async function send(sender: Sender, intent: Intent): Promise<boolean> {
  const { deps, scope, lease } = sender
  await lease.keep()
  if (!(await mayStillBeSent(sender, intent))) return true
  await lease.keep()
  const claimed = await claimIntent(scope, intent.id, {
    fence: lease.fence,
    now: deps.now(),
    leftMs: leaseTimes(deps).leftForWriteMs,
  })
  if (!claimed) return false
  deps.at('intent.sending')
  const answer = isTooLate(deps, claimed) ? tooLate : await write(sender, claimed)
  deps.at('write.answered')
  await settle(sender, claimed, answer)
  deps.at('outcome.saved')
  return true
}

function mayStillBeSent(sender: Sender, intent: Intent): Promise<boolean> {
  if (!isOfRecord(intent)) return isStillAsPlanned(sender, intent)
  const reference = referenceOf(intent)
  if (reference) return isReferenceStillAsPlanned(sender, intent, reference)
  return intent.change === 'cancel' ? isContactStillActive(sender, intent) : isRecordStillAsPlanned(sender, intent)
}

/** A process that was paused here must not send any more: the horizon is counted from `sent_at` (I3). */
const isTooLate = (deps: Deps, { sentAt }: Intent): boolean =>
  deps.now() - (sentAt ?? 0) > leaseTimes(deps).writeTimeoutMs / 3
const tooLate = { outcome: 'throttled', status: 0, retryAfterMs: 0 } as const

type Answer = WriteOutcome | RecordOutcome | ReferenceOutcome

/** A write that cannot even be put into words has left nothing behind, and must not stop those beside it (I10). */
async function write(sender: Sender, intent: Intent): Promise<Answer> {
  try {
    return await sendWrite(sender, intent)
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.kind !== 'invalid') throw problem
    return { outcome: 'refused', status: 0, message: problem.message }
  }
}

function sendWrite(sender: Sender, intent: Intent): Promise<Answer> {
  const { connectWise } = sender
  const reference = referenceOf(intent)
  if (reference) return writeReference(sender, reference)
  if (isOfRecord(intent)) return writeRecord(connectWise, intent)
  if (intent.change === 'create') return connectWise.createAddition(intent.agreementId, intent.desired as NewAddition)
  if (intent.additionId === null) throw new Error('an update needs its addition')
  return connectWise.updateAddition(intent.agreementId, intent.additionId, intent.desired)
}

/** The outcome table of TRUST section 4.4. */
async function settle(sender: Sender, intent: Intent, answer: Answer): Promise<void> {
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
      return settleDoneAnswer(sender, intent, answer)
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
      const reason = answer === tooLate ? 'not sent in time' : 'ConnectWise asked to wait'
      return planAgain(sender, intent, reason, { httpStatus: answer.status, notBefore })
    }
    case 'forbidden': {
      if (answer.status === 403 && isExported({ record: intent.record, key: intent.naturalKey }))
        return refuseExport(sender, intent, answer.message)
      const right = answer.status === 403 ? rightFor(intent) : undefined
      if (right !== undefined) return refuseRecord(sender, intent, right, answer.message)
      const reason = `ConnectWise refused the keys or a right (${answer.status}): ${answer.message}`
      await pause(sender, reason)
      return planAgain(sender, intent, reason, { httpStatus: answer.status })
    }
    case 'unknown':
      return settleUnknown(sender, intent, answer.message)
  }
}

async function settleDoneAnswer(
  sender: Sender,
  intent: Intent,
  answer: Extract<Answer, { outcome: 'done' }>,
): Promise<void> {
  if ('addition' in answer) return settleAnswer(sender, intent, answer)
  if (!('held' in answer)) return settleRecord(sender, intent, answer, answer.status)
  const reference = referenceOf(intent)
  if (reference) await settleReferenceAnswer(sender, intent, reference, answer)
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
  const found = await lookUp(sender, intent, answer.addition.id)
  const now = found === 'missing' ? undefined : found
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
  if (referenceOf(intent)) return settleUnknownReference(sender, intent, message)
  if (isOfRecord(intent) && intent.change === 'cancel') return settleUnknownContact(sender, intent, message)
  if (isOfRecord(intent) && intent.change !== 'create') return settleUnknownCost(sender, intent, message)
  if (intent.change === 'create' || intent.additionId === null) {
    const unknownUntil = (intent.sentAt ?? deps.now()) + deps.config.SYNC_HORIZON_SECONDS * 1000
    return settleOther(deps, scope, intent, 'unknown', { outcome: 'unknown', reason: message }, { unknownUntil })
  }
  const now = await lookUp(sender, intent, intent.additionId)
  const unknown = { outcome: 'unknown' as const, reason: message }
  if (!now) return settleOther(deps, scope, intent, 'unknown', unknown, { unknownUntil: deps.now() })
  if (now !== 'missing' && holdsDesired(now, intent.desired))
    return settleDone(deps, scope, intent, now, await mappingsOf(sender, intent))
  if (now === 'missing' || !holdsBase(now, intent))
    return settleOther(deps, scope, intent, 'superseded', {
      outcome: 'held',
      reason: `changed since the plan: ${whatIsThere(now === 'missing' ? undefined : now)}`,
    })
  if (!isRecent(deps, intent)) return settleOther(deps, scope, intent, 'superseded', outOfDate)
  if (intent.attempt < mostAttempts) return planAgain(sender, intent, message, { unknownUntil: null })
  return settleOther(deps, scope, intent, 'rejected', {
    outcome: 'failed',
    reason: `${message} (${intent.attempt} attempts)`,
  })
}

/** What was wanted a day ago is not sent again: the next run says what is wanted now (I5). */
export const isRecent = (deps: Deps, intent: Intent): boolean => deps.now() - intent.createdAt < dayMs
export const outOfDate = { outcome: 'held', reason: 'it never arrived; the next run says what is wanted now' } as const

/** The addition as it is; undefined when nobody can tell. */
async function lookUp({ deps, scope, connectWise }: Sender, intent: Intent, additionId: number) {
  try {
    return (await connectWise.findAddition(intent.agreementId, additionId)) ?? 'missing'
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    deps.log.warn('lookup.failed', { tenant: scope.tenant, intent: intent.id, reason: problem.message })
    return undefined
  }
}
