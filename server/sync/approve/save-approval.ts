import type { SQL } from 'drizzle-orm'
import { addApproval, approved, areHeld, findApproval } from '#db/approvals.ts'
import type { Scope, Statement } from '#db/db.ts'
import { addIntents } from '#db/intents.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { addLogs } from '#db/logs.ts'
import { forgetMovedBack } from '#db/mirror.ts'
import { type Plan, type PlanRowRecord, savePlanRows } from '#db/plans.ts'
import { saveRun } from '#db/runs.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { intentOf } from '#sync/apply/intents.ts'

/** A named member's yes. */
export interface Yes {
  member: string
  note?: string
  /** It is for these rows alone; what else waits goes on waiting. */
  alone?: true
  /** Said to people in the log. */
  text: string
}

/**
 * Saves a yes to rows that are held, bound to the plan's fingerprint (I8): they become intents, and the run goes on.
 * `also` is saved with it. Throws a Problem when somebody chose for one of the rows meanwhile.
 */
export async function saveApproval(
  deps: Deps,
  scope: Scope,
  { plan, rows, states }: { plan: Plan; rows: readonly PlanRowRecord[]; states: readonly Plan['state'][] },
  yes: Yes,
  also: (accepted: SQL) => readonly Statement[],
): Promise<void> {
  const { member, note = null } = yes
  const [id, at, seqs] = [deps.id(), deps.now(), rows.map((row) => row.seq)]
  const given = { id, planId: plan.id, fingerprint: plan.fingerprint, member, note, at, rows: yes.alone ? seqs : null }
  const accepted = approved(scope, id)
  const intents = rows.map((row) => intentOf(deps, { run: plan.runId, plan: plan.id, row, needsApproval: true }))
  const agreements = rows.flatMap((row) => row.agreementId ?? [])
  const told = { id, at, level: 'info' as const, event: 'plan.approved', planId: plan.id, runId: plan.runId, member }
  await saveWithEntry(
    scope,
    [
      ...addApproval(scope, given, { states, onlyIf: areHeld(scope, plan.id, seqs) }),
      savePlanRows(scope, plan.id, seqs, { outcome: 'pending' }, accepted),
      ...addIntents(scope, intents, accepted),
      forgetMovedBack(scope, agreements, accepted),
      ...(rows.length > 0 ? [saveRun(scope, plan.runId, goingOn, accepted)] : []),
      ...also(accepted),
      ...addLogs(scope, [{ ...told, text: yes.text }], accepted),
    ],
    { at, event: 'approved', body: { plan: plan.id, fingerprint: plan.fingerprint, member, note, rows: seqs } },
    accepted,
  )
  if (!(await findApproval(scope, id)))
    throw new Problem('conflict', `Plan ${plan.id} was taken by somebody else meanwhile.`, { retry: true })
}

const goingOn = { phase: 'applying', state: 'running', cause: null } as const
