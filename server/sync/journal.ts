import { recordWords, referenceWords } from '#billing/creation.ts'
import { isNewRecord, isToBeMade, type NewReference } from '#billing/record.ts'
import type { Counts } from '#billing/summary.ts'
import { words } from '#billing/words.ts'
import type { LogEntry } from '#db/logs.ts'
import type { PlanRowRecord } from '#db/plans.ts'
import type { Run } from '#db/runs.ts'
import { type AccountNames, namesOf } from './account-names.ts'

/** Entries of one kind that a run may add; the rest is counted. */
const mostOfAKind = 100

export type JournalRow = Pick<
  PlanRowRecord,
  | 'seq'
  | 'accounts'
  | 'sourceId'
  | 'companyId'
  | 'agreementId'
  | 'additionId'
  | 'productId'
  | 'draft'
  | 'posting'
  | 'change'
  | 'before'
  | 'after'
  | 'outcome'
  | 'outcomeReason'
  | 'reason'
>

/**
 * What a finished run tells people (FEATURES X8, X14): one ERROR per row that failed, with its cause; one WARNING per
 * reason for which rows were skipped; one INFO per change; and how it ended. Told again, it replaces what it told.
 */
export function journalOf(
  run: Pick<Run, 'id' | 'planId' | 'startedBy'>,
  ended: { state: 'done' | 'held' | 'failed'; counts: Counts; cause?: string | undefined; at: number },
  rows: readonly JournalRow[],
  names: AccountNames,
): LogEntry[] {
  const entry = entryOf(run, ended.at)
  const named = (row: JournalRow) => nameOf(row, names)
  const failed = rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const changed = rows.filter(
    ({ outcome }) => outcome === 'created' || outcome === 'updated' || outcome === 'cancelled',
  )
  const errors = failed.map((row) => ({
    ...entry(`row-${row.seq}`, 'error', `change.${row.outcome}`, `${named(row)}: ${causeOf(row)}.`),
    ...recordsOf(row),
  }))
  const changes = changed.map((row) => ({
    ...entry(`row-${row.seq}`, 'info', `change.${row.outcome}`, `${named(row)}: ${row.outcome}${fieldsOf(row)}.`),
    ...recordsOf(row),
  }))
  return [
    ...bounded(errors, (more) => entry('more-failed', 'error', 'changes.failed', `${more} further changes failed.`)),
    ...skips(rows, entry),
    ...held(rows, entry),
    ...bounded(changes, (more) => entry('more-changed', 'info', 'changes.made', `${more} further changes were made.`)),
    entry('end', ended.state === 'failed' ? 'error' : 'info', 'run.finished', endOf(ended)),
  ]
}

type Entry = (key: string, level: LogEntry['level'], event: string, text: string) => LogEntry

const entryOf =
  (run: Pick<Run, 'id' | 'planId'>, at: number): Entry =>
  (key, level, event, text) => ({
    id: `${run.id}-${key}`,
    at,
    level,
    event,
    text,
    runId: run.id,
    ...(run.planId === null ? {} : { planId: run.planId }),
  })

const recordsOf = ({ accounts, sourceId, companyId, agreementId, additionId }: JournalRow) => ({
  account: accounts[0] ?? null,
  sourceId,
  companyId,
  agreementId,
  additionId,
})

function nameOf(row: JournalRow, names: AccountNames): string {
  const { additionId, productId, posting } = row
  const who = namesOf(row, names).join(' and ')
  if (row.draft?.record === 'reference') return [who, referencedBy(row, row.draft)].filter(Boolean).join(', ')
  if (isNewRecord(row.draft)) return [who, recordWords(row.draft)].filter(Boolean).join(', ')
  const product = isToBeMade(productId ?? 0) ? 'a new product' : `product ${productId}`
  const what = additionId === null ? product : `addition ${additionId}`
  if (additionId === null && productId === null) return who
  return [who, posting?.description, what].filter(Boolean).join(', ')
}

const referencedBy = ({ agreementId, companyId }: JournalRow, draft: NewReference): string =>
  agreementId === null ? referenceWords('company', companyId, draft) : referenceWords('agreement', agreementId, draft)

/** Everybody who may read the records reads the log, so it tells no cost and no price; the plan does. */
const causeOf = ({ outcomeReason, reason }: JournalRow): string =>
  words(outcomeReason ?? reason, false).replace(/\.$/, '')

function fieldsOf({ before, after }: JournalRow): string {
  const quantity =
    after.quantity === undefined ? [] : [`quantity from ${before.quantity ?? 'none'} to ${after.quantity}`]
  const money = (['cost', 'price'] as const).filter((field) => after[field] !== undefined)
  const begun = after.effectiveOn === undefined ? [] : [`first day ${after.effectiveOn}`]
  const ended = after.cancelledOn === undefined ? [] : [`last day ${after.cancelledOn ?? 'none'}`]
  return [...quantity, ...money, ...begun, ...ended].map((text) => `, ${text}`).join('')
}

function bounded(entries: readonly LogEntry[], rest: (more: number) => LogEntry): LogEntry[] {
  const more = entries.length - mostOfAKind
  return more > 0 ? [...entries.slice(0, mostOfAKind), rest(more)] : [...entries]
}

/** Being excluded is somebody's choice and no warning; every other reason is one, once. */
function skips(rows: readonly JournalRow[], entry: Entry): LogEntry[] {
  const reasons = new Map<string, JournalRow[]>()
  for (const row of rows)
    if (row.outcome === 'skipped') reasons.set(causeOf(row), [...(reasons.get(causeOf(row)) ?? []), row])
  const told = [...reasons].map(([reason, skipped], i) => {
    const level = reason === 'excluded' ? ('info' as const) : ('warning' as const)
    const [only] = skipped
    return {
      ...entry(`skipped-${i}`, level, 'rows.skipped', `${rowsText(skipped.length)} skipped: ${reason}.`),
      ...(only && skipped.length === 1 ? recordsOf(only) : {}),
    }
  })
  return bounded(told, (more) => entry('more-skipped', 'warning', 'rows.skipped', `${more} further reasons.`))
}

function held(rows: readonly JournalRow[], entry: Entry): LogEntry[] {
  const n = rows.filter(({ outcome }) => outcome === 'held').length
  return n === 0
    ? []
    : [entry('held', 'warning', 'rows.held', `${rowsText(n)} waiting for a person: look at the plan.`)]
}

const rowsText = (n: number): string => `${n} ${n === 1 ? 'row' : 'rows'}`

function endOf({ state, counts, cause }: { state: string; counts: Counts; cause?: string | undefined }): string {
  const told = Object.entries(counts).filter(([, n]) => n > 0)
  const numbers = told.map(([outcome, n]) => `${n} ${outcome}`).join(', ') || 'nothing to do'
  return cause === undefined
    ? `Run ${state}: ${numbers}.`
    : `Run ${state}: ${words(cause, false).replace(/\.$/, '')}; ${numbers}.`
}
