import { compare } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import { save } from '#db/db.ts'
import { addIntents, type Intent, listIntents, orphanedToUnknown, settleIntent } from '#db/intents.ts'
import { Problem } from '#server/problem.ts'
import { isOfRecord } from '#sync/records/record-kinds.ts'
import { isRecordMissing } from '#sync/records/records.ts'
import { isRecent, outOfDate, settleUnknown } from './apply.ts'
import { lineOf } from './dated-lines.ts'
import { intentToEnd, isMarked } from './intents.ts'
import { makesLines } from './posting.ts'
import { knownAdditions, mappingsOf, type Sender } from './sender.ts'
import { planAgain, settleDone, settleOther } from './settle.ts'

const betweenProbesMs = 10_000

/**
 * The first step of all work for a tenant: what a stopped process was sending, and every create whose horizon has
 * passed, is looked up and settled (TRUST section 4.5, 4.6, 4.9). A final run with a settled outcome is open again.
 */
export async function recover(sender: Sender): Promise<void> {
  const { deps, scope, lease } = sender
  await save(scope.db, orphanedToUnknown(scope, lease.fence, deps.config.SYNC_HORIZON_SECONDS * 1000))
  deps.at('orphans.found')
  const open = (await listIntents(scope, { open: true })).filter(isUnsettled)
  const updates = open.filter((intent) => intent.change !== 'create')
  for (const intent of updates) await settleUnknown(sender, intent, intent.error ?? 'no answer came')
  const creates = open.filter((intent) => intent.change === 'create' && (intent.unknownUntil ?? 0) <= deps.now())
  const missing = await probeAll(sender, creates)
  for (const intent of missing)
    await (isRecent(deps, intent)
      ? planAgain(sender, intent, 'it never arrived and is sent again')
      : settleOther(deps, scope, intent, 'superseded', outOfDate))
  if (missing.length > 0) deps.at('creates.planned')
}

const isUnsettled = (intent: Intent): boolean => intent.state === 'unknown' || intent.state === 'probing'

/** Two complete reads at least ten seconds apart; returns the creates that neither has found. */
async function probeAll(sender: Sender, creates: readonly Intent[]): Promise<Intent[]> {
  const { deps, scope } = sender
  const first = creates.filter((intent) => intent.firstProbedAt === null)
  const missing: Intent[] = creates.filter((intent) => intent.firstProbedAt !== null)
  for (const intent of first) if (await isMissing(sender, intent)) missing.push(await markProbed(sender, intent))
  if (missing.length === 0) return []
  deps.at('probe.first')
  const readyAt = Math.max(...missing.map((intent) => (intent.firstProbedAt ?? 0) + betweenProbesMs))
  await deps.sleep(Math.max(0, readyAt - deps.now()))
  await sender.lease.keep()
  const still: Intent[] = []
  for (const intent of missing) if (await isMissing(sender, intent)) still.push(intent)
  deps.at('probe.second')
  deps.log.info('creates.missing', { tenant: scope.tenant, count: still.length })
  return still
}

async function markProbed({ deps, scope }: Sender, intent: Intent): Promise<Intent> {
  const firstProbedAt = deps.now()
  const { statement } = settleIntent(scope, intent, 'probing', { id: deps.id(), at: firstProbedAt }, { firstProbedAt })
  await save(scope.db, [statement])
  return { ...intent, state: 'probing', firstProbedAt }
}

/** Looks for a create by its marker. Found: it is adopted. A line that could be it, without the marker: a person decides. */
async function isMissing(sender: Sender, intent: Intent): Promise<boolean> {
  if (isOfRecord(intent)) return isRecordMissing(sender, intent)
  const { deps, scope, connectWise } = sender
  try {
    const existing = await connectWise.listAdditions(intent.agreementId)
    const ours = existing.filter((addition) => addition.serialNumber === intent.marker).sort((a, b) => a.id - b.id)
    const [kept, ...doubles] = ours
    if (kept) {
      if (doubles.length > 0) await endDoubles(sender, intent, kept, doubles)
      const addition = (lineOf(intent) && (await connectWise.findAddition(intent.agreementId, kept.id))) ?? kept
      await settleDone(deps, scope, intent, addition, await mappingsOf(sender, intent))
      return false
    }
    return !(await looksMade(sender, intent, existing))
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    if (problem.kind === 'not_found')
      await settleOther(deps, scope, intent, 'superseded', { outcome: 'failed', reason: problem.message })
    deps.log.warn('probe.failed', { tenant: scope.tenant, intent: intent.id, reason: problem.message })
    return false
  }
}

/** Somebody's line of the same product, first day and quantity may be ours with its marker lost: never guess. */
async function looksMade(sender: Sender, intent: Intent, existing: readonly Addition[]): Promise<boolean> {
  const { deps, scope } = sender
  const { desired } = intent
  if (!('productId' in desired)) return false
  const known = await knownAdditions(sender, intent.agreementId)
  const similar = existing.find(
    (a) =>
      a.productId === desired.productId &&
      a.effectiveOn === desired.effectiveOn &&
      !known.has(a.id) &&
      !(makesLines(intent) && isOther(a, desired)),
  )
  if (!similar) return false
  const remedy = makesLines(intent) ? 'leave the line out if it is, or end it' : 'map it or end it'
  const reason = `addition ${similar.id} may be the line whose creation had no answer: ${remedy}`
  await settleOther(deps, scope, intent, 'manual', { outcome: 'held', reason })
  return true
}

/** Of invoice lines several are of one product and day: another marker or quantity is another line. */
const isOther = (addition: Addition, desired: Intent['desired']): boolean =>
  isMarked(addition) || compare(addition.quantity, desired.quantity ?? '0') !== 0

/** More than one carries the marker: the lowest id stays, the others are ended by recorded writes of their own. */
async function endDoubles(
  { deps, scope }: Sender,
  intent: Intent,
  kept: Addition,
  doubles: readonly Addition[],
): Promise<void> {
  deps.log.error('duplicate.found', {
    tenant: scope.tenant,
    intent: intent.id,
    addition: kept.id,
    count: doubles.length,
  })
  await save(
    scope.db,
    addIntents(
      scope,
      doubles.map((double) => intentToEnd(deps, intent, double)),
    ),
  )
}
