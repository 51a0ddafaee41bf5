import { isExported } from '#billing/contact-rows.ts'
import type { Contact } from '#billing/existing.ts'
import { type Intent, listIntents } from '#db/intents.ts'
import { Problem } from '#server/problem.ts'
import type { Sender } from '#sync/apply/sender.ts'
import { planAgain, settleOther } from '#sync/apply/settle.ts'
import { leftContactOf } from '#sync/records/record-kinds.ts'
import { settleRecord } from '#sync/records/records.ts'

const mostAttempts = 3

/** Whether the contact of somebody who left is still to be set inactive. */
export async function isContactStillActive(sender: Sender, intent: Intent): Promise<boolean> {
  const { deps, scope } = sender
  const contact = await findLeft(sender, intent)
  if (contact instanceof Problem)
    await settleOther(deps, scope, intent, 'superseded', { outcome: 'failed', reason: contact.message })
  else if (contact?.inactive) await settleRecord(sender, intent, { contact })
  else if (contact) return true
  else await settleOther(deps, scope, intent, 'superseded', { outcome: 'skipped', reason: gone })
  return false
}

const gone = 'the contact does not exist any more'

/** It is an absolute value: looked up at once, and sent again when nothing happened. */
export async function settleUnknownContact(sender: Sender, intent: Intent, message: string): Promise<void> {
  const { deps, scope } = sender
  const contact = await findLeft(sender, intent)
  const unknown = { outcome: 'unknown' as const, reason: message }
  if (contact instanceof Problem)
    return settleOther(deps, scope, intent, 'unknown', unknown, { unknownUntil: deps.now() })
  if (contact?.inactive) return settleRecord(sender, intent, { contact })
  if (contact && intent.attempt < mostAttempts) return planAgain(sender, intent, message, { unknownUntil: null })
  const reason = contact ? `${message} (${intent.attempt} attempts)` : gone
  return settleOther(deps, scope, intent, 'rejected', { outcome: 'failed', reason })
}

/** The right to make contacts is optional: without it users stay users, and billing goes on. */
export async function refuseExport(sender: Sender, intent: Intent, message: string): Promise<void> {
  const { deps, scope } = sender
  const reason = `the API member's security role lacks Companies › Contacts (Add, Edit, Inquire): ${message}`
  await settleOther(deps, scope, intent, 'rejected', { outcome: 'failed', reason }, { httpStatus: 403 })
  const others = await listIntents(scope, { run: intent.runId })
  for (const other of others)
    if (other.state === 'planned' && isExported({ record: other.record, key: other.naturalKey }))
      await settleOther(deps, scope, other, 'superseded', { outcome: 'failed', reason })
}

const findLeft = ({ connectWise }: Sender, intent: Intent): Promise<Contact | Problem | undefined> =>
  connectWise.findContact(leftContactOf(intent)).catch((cause: unknown) => {
    if (cause instanceof Problem) return cause
    throw cause
  })
