import type { Beside } from '#billing/summary.ts'
import type { DocumentRow } from '#db/documents.ts'
import type { LogEntry } from '#db/logs.ts'
import type { Run } from '#db/runs.ts'

/** Warnings that a run may add about its lists; the rest is counted. */
const most = 100

/** What a run came to with its lists of users: one WARNING per list that is not attached, with its cause (FEATURES 4.12). */
export function journalOfLists(run: Pick<Run, 'id' | 'planId'>, rows: readonly DocumentRow[], at: number): LogEntry[] {
  const failed = rows.filter(({ state }) => state !== 'attached')
  const entry = (key: string, level: LogEntry['level'], text: string): LogEntry => ({
    ...{ id: `${run.id}-${key}`, at, level, event: 'list.attached', text, runId: run.id },
    ...(run.planId === null ? {} : { planId: run.planId }),
  })
  const attached = rows.length - failed.length
  return [
    ...failed.slice(0, most).map((row, i) => ({
      ...entry(`list-${i}`, 'warning', `The list of users of ${row.account} is not attached: ${causeOf(row)}.`),
      ...{ event: 'list.failed', sourceId: row.sourceId, account: row.account, agreementId: row.agreementId },
    })),
    ...(failed.length > most
      ? [entry('list-more', 'warning', `${failed.length - most} further lists of users are not attached.`)]
      : []),
    ...(attached > 0
      ? [
          entry(
            'lists',
            'info',
            `${attached} ${attached === 1 ? 'list of users was' : 'lists of users were'} attached.`,
          ),
        ]
      : []),
  ]
}

/** Why a list is not attached, to stand within a sentence. */
export const causeOf = ({ state, problem }: Pick<DocumentRow, 'state' | 'problem'>): string => {
  const cause = (problem ?? 'no answer came').replace(/\.$/, '')
  return state === 'sending' ? `${cause}; it is looked up before anything is sent again` : cause
}

/** How many lists of users a run attached, and how many it could not. */
export const countLists = (rows: readonly DocumentRow[]): Beside['lists'] => {
  const attached = rows.filter(({ state }) => state === 'attached').length
  return { attached, failed: rows.length - attached }
}
