import type { PlanRow, Proposal } from '#billing/plan.ts'
import { moveKey } from '#billing/wishes.ts'
import { closeWishes } from '#db/addition-wishes.ts'
import { reduceChoice } from '#db/choices.ts'
import { type Scope, type Statement, save } from '#db/db.ts'
import { addIntents } from '#db/intents.ts'
import { saveLastValues } from '#db/last-values.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { followPlan } from '#db/line-statuses.ts'
import { listTouched } from '#db/lines.ts'
import { parkMapping, resolveMappings } from '#db/mappings.ts'
import { addPlan, outdatePlans, type PlanRowRecord } from '#db/plans.ts'
import { saveProrations } from '#db/prorations.ts'
import { type Run, saveRun } from '#db/runs.ts'
import { sha256 } from '#db/sha256.ts'
import { trustSnapshot } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { intentOf } from '#sync/apply/intents.ts'
import { postedAlready } from '#sync/apply/posting.ts'
import type { Lease } from './lease.ts'
import type { Proposed } from './propose.ts'

/** Saves the plan with its fingerprint and the intents of everything that needs no approval, all or nothing. */
export async function savePlan(
  { deps, scope, lease }: { deps: Deps; scope: Scope; lease: Lease },
  run: Run,
  proposed: Proposed,
): Promise<string> {
  const { rows, proposal, input } = proposed
  deps.at('plan.saving')
  const at = deps.now()
  const planId = deps.id()
  const records = rows.map((row, seq) => recordOf(row, seq))
  const held = rows.some((row) => row.outcome === 'held')
  const plan = {
    id: planId,
    runId: run.id,
    state: held ? ('waiting' as const) : ('ready' as const),
    fingerprint: fingerprintOf(rows),
    unchanged: proposal.unchanged,
    createdAt: proposed.readAt,
    closedBy: null,
    closedAt: null,
  }
  const changes = records.filter((row) => row.change !== null && row.outcome === 'pending')
  const statements: Statement[] = [
    lease.required(),
    ...saveProrations(scope, proposal.prorations, at),
    outdatePlans(scope, spokenOf(proposed), at, { keys: wishKeysOf(proposed), ...linesOf(proposed) }),
    closeWishes(scope, proposal.granted, 'done'),
    ...addPlan(scope, plan, records),
    ...proposal.resolve.map(({ mapping, additionId }) => resolveMappings(scope, [mapping], additionId)),
    ...proposal.choices.map((choice) => reduceChoice(scope, choice)),
    ...proposal.park.map(({ mapping, reason }) => parkMapping(scope, mapping, reason, at)),
    ...[...input.books.values()].flatMap((book) =>
      book.newest?.complete && !book.unusable && !book.shrunk
        ? [trustSnapshot(scope, book.source, book.newest.id)]
        : [],
    ),
    ...addIntents(
      scope,
      changes.map((row) => intentOf(deps, { run: run.id, plan: planId, row, needsApproval: false })),
    ),
    ...postedAlready(scope, await untouched(scope, proposed), input, at),
    followPlan(scope, planId),
    saveRun(scope, run.id, { phase: 'applying', planId }),
  ]
  await (proposal.adopt.length > 0 ? saveAdopting(scope, statements, proposal, at) : save(scope.db, statements))
  deps.at('plan.saved')
  return planId
}

/** Lines that are posted already, as they were read: what somebody typed on one since then is looked at by the next plan. */
async function untouched(scope: Scope, { proposal, readAt }: Proposed): Promise<Proposal['posted']> {
  if (proposal.posted.length === 0) return []
  const ids = proposal.posted.flatMap(({ posting }) => posting.lines)
  const touched = await listTouched(scope, ids, readAt)
  return proposal.posted.filter(({ posting }) => !posting.lines.some((id) => touched.has(id)))
}

/** Every mapping the plan is about, those without a row included: what it found unchanged is news as well. */
function spokenOf({ rows, input }: Proposed): string[] {
  const asked = input.mappings.filter((mapping) => input.inScope?.(mapping) ?? true).map((mapping) => mapping.id)
  return [...new Set([...asked, ...rows.flatMap((row) => row.mappings)])]
}

/** What people want done with additions is in no mapping: the newer plan speaks of it. */
const wishKeysOf = ({ input }: Proposed): string[] =>
  (input.wishes ?? []).flatMap(({ additionId }) => [`addition:${additionId}`, moveKey(additionId)])

/** The invoice lines a plan speaks of; of a full run all of its sources, for what it does not end is not to be ended. */
const linesOf = ({ input: { lines } }: Proposed) => ({
  lines: (lines?.lines ?? []).map(({ id }) => id),
  sources: (lines?.full ?? []).map(({ source }) => source),
})

async function saveAdopting(
  scope: Scope,
  statements: readonly Statement[],
  { adopt }: Proposal,
  at: number,
): Promise<void> {
  const values = adopt.map((value) => ({
    additionId: value.additionId,
    agreementId: value.agreementId,
    how: 'adopted' as const,
    marker: null,
    quantity: value.quantity ?? null,
    unitCost: value.cost ?? null,
    unitPrice: value.price ?? null,
    updatedAt: at,
  }))
  await saveWithEntry(scope, [...statements, ...saveLastValues(scope, values)], {
    at,
    event: 'adopted',
    body: { values },
  })
}

/** A row as it is stored. */
export function recordOf(row: PlanRow, seq: number): Omit<PlanRowRecord, 'tenantId' | 'planId'> {
  return {
    seq,
    key: row.key,
    record: row.record ?? 'addition',
    draft: row.draft ?? null,
    posting: row.posting ?? null,
    needs: [...(row.needs ?? [])],
    change: row.change ?? null,
    sourceId: row.source,
    snapshotId: row.snapshot ?? null,
    accounts: [...row.accounts],
    mappings: [...row.mappings],
    companyId: row.companyId ?? null,
    agreementId: row.agreementId ?? null,
    additionId: row.additionId ?? null,
    productId: row.productId ?? null,
    effectiveOn: row.effectiveOn ?? null,
    before: row.before,
    after: row.after,
    holds: row.holds,
    reason: row.reason,
    amount: row.amount ?? null,
    outcome: row.outcome,
    outcomeReason: null,
    attention: row.attention,
  }
}

/** What an approval is bound to: exactly these changes with exactly these holds. */
function fingerprintOf(rows: readonly PlanRow[]): string {
  const said = rows
    .filter((row) => row.change !== undefined)
    .map(({ key, change, before, after, effectiveOn, draft, holds, posting }) => [
      key,
      change,
      before,
      after,
      effectiveOn ?? null,
      draft ?? null,
      holds,
      ...(posting ? [posting] : []),
    ])
  return sha256(JSON.stringify(said))
}
