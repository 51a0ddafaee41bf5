import { recordWords } from '#billing/creation.ts'
import { compare } from '#billing/decimal.ts'
import { wantedIdOf } from '#billing/needed-records.ts'
import type { NewRecord } from '#billing/record.ts'
import { listCreations } from '#db/creations.ts'
import { save } from '#db/db.ts'
import { resolveCreation } from '#db/end-creation.ts'
import { type Intent, saveIntentDraft, settleIntent } from '#db/intents.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { savePlanRow } from '#db/plans.ts'
import { reopenRun } from '#db/runs.ts'
import { Problem } from '#server/problem.ts'
import type { Sender } from '#sync/apply/sender.ts'
import { planAgain, settleOther } from '#sync/apply/settle.ts'
import { joinWishes } from './join-wishes.ts'
import {
  draftOf,
  type HeldRecord,
  heldWords,
  idOf,
  isContact,
  isOurs,
  listAlike,
  mirrored,
  readyDraft,
} from './record-kinds.ts'

/**
 * ConnectWise holds the record: its real id takes the negative one's place everywhere, in one batch, once. Without a
 * status it was found instead of answered.
 */
export async function settleRecord(
  { deps, scope }: Pick<Sender, 'deps' | 'scope'>,
  intent: Intent,
  held: HeldRecord,
  status?: number,
): Promise<void> {
  const at = deps.now()
  const recordId = idOf(held)
  const answer = { recordId, httpStatus: status ?? null, error: null }
  const { statement, settled } = settleIntent(scope, intent, 'done', { id: deps.id(), at }, answer)
  const wantedId = wantedIdOf(intent.naturalKey)
  const made = wantedId === undefined ? undefined : { id: wantedId, record: intent.record }
  const joined =
    made?.record === 'company' ? await joinWishes(scope, { id: made.id, madeId: recordId, at }, settled) : []
  const outcome = intent.change === 'create' ? ('created' as const) : ('updated' as const)
  const row = { planId: intent.planId, seq: intent.rowSeq }
  const body = {
    ...{ intent: intent.id, run: intent.runId, plan: intent.planId, row: intent.rowSeq, change: intent.change },
    ...{ record: intent.record, id: recordId, draft: intent.draft, before: intent.base, after: intent.desired },
  }
  const event = intent.change !== 'create' ? 'written' : status === undefined ? 'found' : 'made'
  await saveWithEntry(
    scope,
    [
      statement,
      reopenRun(scope, intent.runId, settled),
      savePlanRow(scope, row, { outcome, outcomeReason: null }, settled),
      ...mirrored(scope, held, { isOurs: isMade(intent, recordId, status), at }),
      ...joined,
      ...(made ? resolveCreation(scope, made, recordId, at, settled) : []),
    ],
    { at, event, body },
    settled,
  )
}

const isMade = ({ change, attempt, draft }: Intent, id: number, status: number | undefined): boolean =>
  change === 'cancel' ||
  status !== undefined ||
  (attempt > 0 && !(draft && 'besides' in draft && draft.besides?.includes(id)))

/**
 * Whether a record may be sent: none like it appeared since the plan (I5), and all it names is there. What a person could
 * have meant instead is theirs to choose; a contact with the same address is simply the one.
 */
export async function isRecordStillAsPlanned(sender: Sender, intent: Intent): Promise<boolean> {
  const { scope, connectWise } = sender
  if (intent.change !== 'create') return isCostStillBase(sender, intent)
  if (!(await isStillWanted(sender, intent))) return false
  try {
    const draft = await readyDraft(connectWise, draftOf(intent))
    if (!draft) return waits(sender, intent, 'the company has no default contact: choose one for the agreement')
    const alike = await alikeNow(sender, intent, draft)
    const [one] = alike
    if (one && (intent.attempt > 0 || 'contact' in one)) {
      await adoptOrAsk(sender, intent, alike)
      return false
    }
    if (one) return waits(sender, intent, `changed since the plan: ${thereNow(alike)} instead`)
    await save(scope.db, [saveIntentDraft(scope, intent, draft)])
    return true
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    await settleOther(sender.deps, scope, intent, 'superseded', { outcome: 'failed', reason: problem.message })
    return false
  }
}

const thereNow = (alike: readonly HeldRecord[]): string =>
  `${alike.map(heldWords).join(' and ')} ${alike.length === 1 ? 'is there now; use it' : 'are there now; use one'}`

/** Users of one company become contacts one after the other: until something is uncertain, its contacts are read once. */
async function alikeNow(sender: Sender, { attempt }: Intent, draft: NewRecord): Promise<HeldRecord[]> {
  if (attempt > 0) return listAlike(sender.connectWise, draft)
  const nothingBesides: NewRecord = { ...draft, ...('besides' in draft ? { besides: [] } : {}) }
  if (draft.record !== 'contact' || draft.email === undefined) return listAlike(sender.connectWise, nothingBesides)
  const contacts = await sender.contactsOf(draft.companyId)
  return contacts.filter((contact) => isContact(contact, draft)).map((contact) => ({ contact }))
}

/** Another plan may have made it since, which is as good; or somebody withdrew it. */
async function isStillWanted(sender: Sender, intent: Intent): Promise<boolean> {
  const { deps, scope } = sender
  const wantedId = wantedIdOf(intent.naturalKey)
  const [wanted] = wantedId === undefined ? [] : await listCreations(scope, { ids: [wantedId] })
  if (wanted?.state === 'withdrawn') return waits(sender, intent, 'changed since the plan: nobody wants it any more')
  if (wanted?.state !== 'made') return true
  const reason = `another plan made it meanwhile (${wanted.madeId})`
  await settleOther(deps, scope, intent, 'done', { outcome: 'unchanged', reason })
  return false
}

async function waits({ deps, scope }: Sender, intent: Intent, reason: string): Promise<false> {
  await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason })
  return false
}

/** Found once, and it can only be ours: adopted. More than once, or perhaps somebody else's: a person decides. */
async function adoptOrAsk(sender: Sender, intent: Intent, alike: readonly HeldRecord[]): Promise<void> {
  const { deps, scope } = sender
  const draft = draftOf(intent)
  const [one] = alike
  if (one && (alike.length === 1 || 'contact' in one) && isOurs(one, draft)) return settleRecord(sender, intent, one)
  const which = alike.map(heldWords).join(', ')
  const reason = `${which} may be the ${recordWords(draft)} whose creation had no answer: use it, or withdraw the new one`
  await settleOther(deps, scope, intent, 'manual', { outcome: 'held', reason })
}

/** Looks for a record whose creation had no answer; false when it was found, or a person has to say. */
export async function isRecordMissing(sender: Sender, intent: Intent): Promise<boolean> {
  const { deps, scope, connectWise } = sender
  try {
    const alike = await listAlike(connectWise, draftOf(intent))
    if (alike.length === 0) return true
    await adoptOrAsk(sender, intent, alike)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    deps.log.warn('probe.failed', { tenant: scope.tenant, intent: intent.id, reason: problem.message })
  }
  return false
}

async function isCostStillBase(sender: Sender, intent: Intent): Promise<boolean> {
  const [product] = await sender.connectWise.listProducts([intent.recordId ?? 0])
  if (product && isSame(product.cost, intent.base.cost)) return true
  if (!product) return waits(sender, intent, `changed since the plan: product ${intent.recordId} is not there any more`)
  if (!isSame(product.cost, intent.desired.unitCost))
    return waits(sender, intent, 'changed since the plan: the product has another cost now')
  await settleRecord(sender, intent, { product })
  return false
}

const isSame = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined ? a === b : compare(a, b) === 0

/** A cost is an absolute value: it is looked up at once, and sent again when nothing happened. */
export async function settleUnknownCost(sender: Sender, intent: Intent, message: string): Promise<void> {
  const { deps, scope, connectWise } = sender
  const unknown = { outcome: 'unknown' as const, reason: message }
  try {
    const [product] = await connectWise.listProducts([intent.recordId ?? 0])
    if (product && isSame(product.cost, intent.desired.unitCost)) return await settleRecord(sender, intent, { product })
    if (product && isSame(product.cost, intent.base.cost) && intent.attempt < 3)
      return await planAgain(sender, intent, message, { unknownUntil: null })
    const reason = 'changed since the plan: the product has another cost now'
    await settleOther(deps, scope, intent, 'superseded', { outcome: 'held', reason })
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    await settleOther(deps, scope, intent, 'unknown', unknown, { unknownUntil: deps.now() })
  }
}

/** The right that making a record takes beside those every run needs: where it is missing, billing goes on without (K12). */
export function rightFor({ record, change }: Intent): string | undefined {
  if (record === 'company') return `Companies › Company Maintenance › ${change === 'create' ? 'Add' : 'Edit'}`
  if (record === 'agreement' && change !== 'create') return 'Finance › Agreements › Edit'
  if (record === 'contact') return 'Companies › Contacts › Add'
  if (record !== 'product') return undefined
  return `Procurement › Product Catalog › ${change === 'create' ? 'Add' : 'Edit'}`
}

/** The security role lacks a right: this write is failed with its name, and the run goes on (K12). */
export function refuseRecord({ deps, scope }: Sender, intent: Intent, right: string, message: string): Promise<void> {
  const reason = `ConnectWise does not let TrueUp do this: its security role needs ${right} (403: ${message})`
  return settleOther(deps, scope, intent, 'rejected', { outcome: 'failed', reason }, { httpStatus: 403 })
}
