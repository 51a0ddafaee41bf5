import type { NewReference, Referred } from '#billing/record.ts'
import { save } from '#db/db.ts'
import { type Intent, saveIntentDraft, settleIntent } from '#db/intents.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { savePlanRow } from '#db/plans.ts'
import { reopenRun } from '#db/runs.ts'
import type { WriteOutcome } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Sender } from '#sync/apply/sender.ts'
import { planAgain, settleOther } from '#sync/apply/settle.ts'
import { whyNotReferred } from './why-not-referred.ts'

const mostAttempts = 3

interface Reference {
  of: Referred
  id: number
  draft: NewReference
}

/** The custom field that an intent sets; undefined for any other write (M23). */
export function referenceOf({ record, recordId, draft }: Intent): Reference | undefined {
  if (draft?.record !== 'reference' || recordId === null) return undefined
  return { of: record === 'company' ? 'company' : 'agreement', id: recordId, draft }
}

/** What ConnectWise answered to a write of a custom field. */
export type ReferenceOutcome = WriteOutcome<{ held: { holds?: string | null } }>

/**
 * Whether the field still holds what the plan was made on (I5). All fields of the record, as they are now, go into the
 * intent: a write has to send every one of them back.
 */
export async function isReferenceStillAsPlanned(
  sender: Sender,
  intent: Intent,
  { of, id, draft }: Reference,
): Promise<boolean> {
  const { deps, scope, connectWise } = sender
  try {
    const found = await connectWise.findHeldFields(of, id, draft.fieldId)
    if (found?.holds === draft.to) {
      await settleReference(sender, intent)
      return false
    }
    const other = await whyNotReferred(sender, intent, of, draft)
    if (other === undefined && found?.holds === draft.from) {
      await save(scope.db, [saveIntentDraft(scope, intent, { ...draft, all: found.fields })])
      return true
    }
    const now = found ? `the field holds ${found.holds || 'nothing'} now` : `the ${of} does not exist any more`
    const reason = `changed since the plan: ${other ?? now}`
    await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason })
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    await settleOther(deps, scope, intent, 'superseded', { outcome: 'failed', reason: problem.message })
  }
  return false
}

/** Sends one write of a custom field, once. */
export const writeReference = ({ connectWise }: Sender, { of, id, draft }: Reference): Promise<ReferenceOutcome> =>
  connectWise.updateCustomField(of, id, { fieldId: draft.fieldId, value: draft.to }, draft.all ?? [])

/** ConnectWise holds the value: without a status it was found instead of answered. */
async function settleReference(
  { deps, scope }: Pick<Sender, 'deps' | 'scope'>,
  intent: Intent,
  status?: number,
): Promise<void> {
  const at = deps.now()
  const answer = { httpStatus: status ?? null, error: null }
  const { statement, settled } = settleIntent(scope, intent, 'done', { id: deps.id(), at }, answer)
  const reference = referenceOf(intent)
  const body = {
    ...{ intent: intent.id, run: intent.runId, plan: intent.planId, row: intent.rowSeq, change: intent.change },
    ...{ record: intent.record, id: intent.recordId, field: reference?.draft.caption },
    ...{ before: reference?.draft.from, after: reference?.draft.to },
  }
  const row = { planId: intent.planId, seq: intent.rowSeq }
  await saveWithEntry(
    scope,
    [
      statement,
      reopenRun(scope, intent.runId, settled),
      savePlanRow(scope, row, { outcome: 'updated', outcomeReason: null }, settled),
    ],
    { at, event: status === undefined ? 'found' : 'written', body },
    settled,
  )
}

/** An answer counts only when it says the value; else it is read back, and never sent again when it did not stay. */
export async function settleReferenceAnswer(
  sender: Sender,
  intent: Intent,
  { of, id, draft }: Reference,
  { status, held }: Extract<ReferenceOutcome, { outcome: 'done' }>,
): Promise<void> {
  if (held.holds === draft.to) return settleReference(sender, intent, status)
  const found = await lookUp(sender, of, id, draft)
  if (found === 'unknown') return settleUnknownReference(sender, intent, 'it could not be read back')
  if (found?.holds === draft.to) return settleReference(sender, intent, status)
  const says = found?.holds === undefined ? 'and does not say what the field holds' : 'and the field did not change'
  const reason = `ConnectWise accepted it ${says}: it is not sent again`
  await settleOther(
    sender.deps,
    sender.scope,
    intent,
    'rejected',
    { outcome: 'failed', reason },
    { httpStatus: status },
  )
}

/** An absolute value: looked up at once, and sent again when nothing happened. */
export async function settleUnknownReference(sender: Sender, intent: Intent, message: string): Promise<void> {
  const { deps, scope } = sender
  const reference = referenceOf(intent)
  if (!reference) throw new Error(`intent ${intent.id} sets no custom field`)
  const { of, id, draft } = reference
  const found = await lookUp(sender, of, id, draft)
  if (found === 'unknown')
    return settleOther(
      deps,
      scope,
      intent,
      'unknown',
      { outcome: 'unknown', reason: message },
      { unknownUntil: deps.now() },
    )
  if (found?.holds === draft.to) return settleReference(sender, intent)
  if (found?.holds === draft.from && intent.attempt < mostAttempts)
    return planAgain(sender, intent, message, { unknownUntil: null })
  const isTried = found?.holds === draft.from
  const reason = isTried
    ? `${message} (${intent.attempt} attempts)`
    : 'changed since the plan: the field holds something else now'
  await settleOther(deps, scope, intent, isTried ? 'rejected' : 'superseded', {
    outcome: isTried ? 'failed' : 'held',
    reason,
  })
}

async function lookUp({ connectWise }: Sender, of: Referred, id: number, { fieldId }: NewReference) {
  try {
    return await connectWise.findHeldFields(of, id, fieldId)
  } catch (problem) {
    if (problem instanceof Problem) return 'unknown' as const
    throw problem
  }
}
