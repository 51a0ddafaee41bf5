import { isExported } from '#billing/contact-rows.ts'
import { recordWords } from '#billing/creation.ts'
import { draftFields } from '#billing/draft-fields.ts'
import { type ChangedDays, changedDays } from '#billing/lines/changed-days.ts'
import type { Fields } from '#billing/plan.ts'
import { isNewRecord } from '#billing/record.ts'
import { writableFields } from '#billing/rule.ts'
import { type Beside, type Counts, noCounts, type Outcome } from '#billing/summary.ts'
import type { Scope } from '#db/db.ts'
import { listPlanRows, type PlanRowRecord } from '#db/plans.ts'
import type { Run } from '#db/runs.ts'

/** The run summary that programs hold on to (INTERFACE). */
export interface Summary {
  run: string
  tenant: string
  state: Run['state']
  requests: number
  changes: Counts
  /** Lists of users and contacts, which are no billing. */
  beside?: Beside
  plan: string | null
  cause?: string
  details: Detail[]
}

export interface Detail {
  account: string
  /** All accounts of a sum, when there are several. */
  accounts?: readonly string[]
  addition: number | null
  /** A record to be made that is no addition, in words: `company CONTOSO (Contoso Ltd)`. */
  record?: string
  /** Every field of it that is written. */
  values?: Readonly<Record<string, string>>
  change: 'create' | 'update' | 'cancel' | null
  /** Of invoice lines: what the source calls it, its month, our ids, and the days before and after; null: none. */
  line?: { description?: string; period: string; ids: readonly string[]; days: ChangedDays }
  /** Per field, what ConnectWise held and what it is to hold. */
  fields: Partial<Record<keyof Fields, [number | null, number | null]>>
  outcome: Outcome
  reason: string
}

/** What a run came to, as INTERFACE gives it out. */
export async function summaryOf(scope: Scope, run: Run): Promise<Summary> {
  const rows = run.planId === null ? [] : await listPlanRows(scope, run.planId)
  return {
    run: run.id,
    tenant: scope.tenant,
    state: run.state,
    requests: run.requests,
    changes: run.counts ?? noCounts,
    ...(run.beside === null ? {} : { beside: run.beside }),
    plan: run.planId,
    ...(run.cause === null ? {} : { cause: run.cause }),
    details: rows.filter((row) => !isExported(row)).map(detailOf),
  }
}

type DetailRow = Pick<
  PlanRowRecord,
  | 'accounts'
  | 'additionId'
  | 'draft'
  | 'posting'
  | 'effectiveOn'
  | 'change'
  | 'before'
  | 'after'
  | 'outcome'
  | 'outcomeReason'
  | 'reason'
  | 'holds'
>

/** One row of a plan as the summary of a run tells it (INTERFACE). */
export function detailOf(row: DetailRow): Detail {
  const number = (text: string | undefined) => (text === undefined ? null : Number(text))
  const changed = writableFields.filter((name) => row.after[name] !== undefined)
  const holds = row.holds.map((hold) => `${hold.guard}: ${hold.text}`)
  return {
    account: row.accounts[0] ?? '',
    ...(row.accounts.length > 1 ? { accounts: row.accounts } : {}),
    addition: row.additionId,
    ...recordOf(row.draft),
    change: row.change,
    ...lineOf(row),
    fields: Object.fromEntries(changed.map((name) => [name, [number(row.before[name]), number(row.after[name])]])),
    outcome: row.outcome === 'pending' ? 'held' : row.outcome,
    reason: row.outcomeReason ?? [...(row.outcome === 'held' ? holds : []), row.reason].join('; '),
  }
}

function lineOf(row: DetailRow): Pick<Detail, 'line'> {
  if (!row.posting) return {}
  const { description, period, lines: ids } = row.posting
  return { line: { ...(description === undefined ? {} : { description }), period, ids, days: changedDays(row) } }
}

function recordOf(draft: DetailRow['draft']): Pick<Detail, 'record' | 'values'> {
  if (!isNewRecord(draft)) return {}
  const values = Object.fromEntries(draftFields(draft).map(({ name, value }) => [name, value]))
  return { record: recordWords(draft), values }
}
