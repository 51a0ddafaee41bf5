import type { SQL } from 'drizzle-orm'
import type { Addition } from '#billing/existing.ts'
import { type Mapping, targetText } from '#billing/mapping.ts'
import { ruleText } from '#billing/rule.ts'
import type { Outcome } from '#billing/summary.ts'
import { type Scope, type Statement, save } from '#db/db.ts'
import { type Intent, settleIntent } from '#db/intents.ts'
import { saveLastValues } from '#db/last-values.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { confirmMapping, resolveMappings } from '#db/mappings.ts'
import { saveAddition } from '#db/mirror.ts'
import { savePlanRow } from '#db/plans.ts'
import { reopenRun } from '#db/runs.ts'
import { saveDayShift, saveWholeQuantities } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { isRounded, valuesText } from './compare.ts'
import { lineOf, saveLine, shiftedDays } from './dated-lines.ts'
import { granted } from './granted.ts'
import { heldValues, lastValueOf, writtenFields } from './last-values.ts'
import { linesOf, madeOtherwise, makesLines, notPosted, posted } from './posting.ts'
import type { Sender } from './sender.ts'

const outcomeOf = { create: 'created', update: 'updated', cancel: 'cancelled' } as const

/** ConnectWise holds what the intent wanted: everything that follows from it is saved in one batch, once. */
export async function settleDone(
  deps: Deps,
  scope: Scope,
  intent: Intent,
  addition: Addition,
  mappings: readonly Mapping[],
  status?: number,
): Promise<void> {
  const isLine = lineOf(intent) !== undefined || makesLines(intent)
  if (isLine && shiftedDays(intent, addition)) return settleDifferent(deps, scope, intent, addition)
  const at = deps.now()
  const { statement, settled } = settleIntent(
    scope,
    intent,
    'done',
    { id: deps.id(), at },
    {
      additionId: addition.id,
      httpStatus: status ?? null,
      error: null,
    },
  )
  const values = lastValueOf(intent, addition, at)
  const statements: Statement[] = [
    statement,
    reopenRun(scope, intent.runId, settled),
    savePlanRow(
      scope,
      rowOf(intent),
      { outcome: outcomeOf[intent.change], outcomeReason: null, additionId: addition.id },
      settled,
    ),
    ...saveLastValues(scope, [values], { onlyIf: settled, only: writtenFields(intent) }),
    ...saveAddition(scope, addition, at, settled),
    ...(await saveLine(deps, scope, intent, addition, settled)),
    ...posted(scope, intent, addition, at, settled),
    ...granted(scope, intent, addition, settled),
    ...dayShift(scope, intent, addition, settled),
    resolveMappings(scope, isLine ? [] : mappings.map((mapping) => mapping.id), addition.id, settled),
    ...mappings.map((mapping) =>
      confirmMapping(
        scope,
        mapping.id,
        { confirmedTarget: targetText(mapping), confirmedRule: ruleText(mapping.rule) },
        { asOf: intent.createdAt, onlyIf: settled },
      ),
    ),
  ]
  const body = {
    intent: intent.id,
    run: intent.runId,
    plan: intent.planId,
    row: intent.rowSeq,
    change: intent.change,
    before: intent.base,
    values,
    ...daysOf(intent),
    ...linesOf(intent),
  }
  await saveWithEntry(scope, statements, { at, event: status === undefined ? 'found' : 'written', body }, settled)
}

/** The days that were written, and for what line. */
const daysOf = ({ desired, draft }: Intent) => ({
  ...('effectiveOn' in desired ? { effectiveOn: desired.effectiveOn } : {}),
  ...(desired.cancelledOn === undefined ? {} : { cancelledOn: desired.cancelledOn }),
  ...(draft ? { line: draft } : {}),
})

/** No more dated lines for this tenant where days come back as others (U23). */
function dayShift(scope: Scope, intent: Intent, addition: Addition, settled: SQL): Statement[] {
  const shifted = shiftedDays(intent, addition)
  return shifted === undefined ? [] : [saveDayShift(scope, shifted, settled)]
}

const rowOf = (intent: Intent) => ({ planId: intent.planId, seq: intent.rowSeq })

/** ConnectWise keeps something else than was asked for: nothing is believed to be written, and the row says so. */
export async function settleDifferent(deps: Deps, scope: Scope, intent: Intent, addition: Addition): Promise<void> {
  const at = deps.now()
  const wanted = intent.desired
  const error = `ConnectWise holds ${valuesText(addition)} instead of ${valuesText(wanted)}`
  const { statement, settled } = settleIntent(
    scope,
    intent,
    'rejected',
    { id: deps.id(), at },
    { error, additionId: addition.id },
  )
  const values = heldValues(intent, addition, at)
  await saveWithEntry(
    scope,
    [
      statement,
      reopenRun(scope, intent.runId, settled),
      savePlanRow(scope, rowOf(intent), { outcome: 'failed', outcomeReason: error, additionId: addition.id }, settled),
      ...saveLastValues(scope, [values], { onlyIf: settled }),
      ...saveAddition(scope, addition, at, settled),
      ...(isRounded(wanted, addition) ? [saveWholeQuantities(scope, settled)] : []),
      ...(await saveLine(deps, scope, intent, addition, settled)),
      ...notPosted(scope, intent.posting, { outcome: 'failed', reason: error }, settled),
      ...madeOtherwise(scope, intent, addition, at, settled),
      ...dayShift(scope, intent, addition, settled),
    ],
    { at, event: 'accepted', body: { intent: intent.id, reason: error, values } },
    settled,
  )
}

/** Any other end of an intent, or no certain one yet; `outcome` is what its row shows meanwhile. */
export async function settleOther(
  deps: Deps,
  scope: Scope,
  intent: Intent,
  state: Exclude<Intent['state'], 'planned'>,
  row: { outcome: Outcome; reason: string },
  answer: Parameters<typeof settleIntent>[4] = {},
): Promise<void> {
  const { statement, settled } = settleIntent(
    scope,
    intent,
    state,
    { id: deps.id(), at: deps.now() },
    { error: row.reason, ...answer },
  )
  await save(scope.db, [
    statement,
    reopenRun(scope, intent.runId, settled),
    savePlanRow(scope, rowOf(intent), { outcome: row.outcome, outcomeReason: row.reason }, settled),
    ...notPosted(scope, intent.posting, row, settled),
  ])
}

/**
 * The intent is to be sent, later or again. Only the holder of the lease may say so: another process may be closing the
 * run at this moment, and would give up what it did not send.
 */
export async function planAgain(
  { deps, scope, lease }: Pick<Sender, 'deps' | 'scope' | 'lease'>,
  intent: Intent,
  reason: string,
  answer: Parameters<typeof settleIntent>[4] = {},
): Promise<void> {
  const settlement = { id: deps.id(), at: deps.now() }
  const { statement, settled } = settleIntent(scope, intent, 'planned', settlement, { error: reason, ...answer })
  await save(scope.db, [
    lease.required(),
    statement,
    reopenRun(scope, intent.runId, settled),
    savePlanRow(scope, rowOf(intent), { outcome: 'pending', outcomeReason: reason }, settled),
  ])
}
