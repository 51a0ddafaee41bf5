import type { LogEntry } from '#db/logs.ts'
import type { PlanRowRecord } from '#db/plans.ts'
import type { Run } from '#db/runs.ts'

type Row = Pick<
  PlanRowRecord,
  'accounts' | 'sourceId' | 'companyId' | 'outcome' | 'outcomeReason' | 'reason' | 'change'
>

/** Warnings that a run may add about contacts; the rest is counted. */
const most = 100

/** What a run came to with users as contacts: numbers, and one WARNING per user that became none (FEATURES 4.12). */
export function journalOfContacts(run: Pick<Run, 'id' | 'planId'>, rows: readonly Row[], at: number): LogEntry[] {
  const entry = (key: string, level: LogEntry['level'], text: string): LogEntry => ({
    ...{ id: `${run.id}-${key}`, at, level, event: 'contacts.made', text, runId: run.id },
    ...(run.planId === null ? {} : { planId: run.planId }),
  })
  const failed = rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const counted = (key: string, level: LogEntry['level'], outcome: Row['outcome'], words: string) => {
    const n = rows.filter((row) => row.outcome === outcome).length
    return n === 0 ? [] : [entry(key, level, `${n} ${n === 1 ? 'contact' : 'contacts'} ${words}.`)]
  }
  return [
    ...failed.slice(0, most).map((row, i) => ({
      ...entry(`contact-${i}`, 'warning', `A user of ${row.accounts[0]} is no contact: ${causeOf(row)}.`),
      ...{
        event: 'contacts.failed',
        account: row.accounts[0] ?? null,
        sourceId: row.sourceId,
        companyId: row.companyId,
      },
    })),
    ...(failed.length > most
      ? [entry('contact-more', 'warning', `${failed.length - most} further users are no contacts.`)]
      : []),
    ...counted('contacts-made', 'info', 'created', 'made'),
    ...counted('contacts-left', 'info', 'updated', 'set inactive'),
    ...counted('contacts-held', 'warning', 'held', 'waiting for a person: look at the plan'),
  ]
}

const causeOf = ({ outcomeReason, reason }: Row): string => (outcomeReason ?? reason).replace(/\.$/, '')
