import type { addRun, Run } from '#db/runs.ts'
import type { TenantId } from '#db/schema.ts'
import type { Deps } from '#server/deps.ts'

/** What is to be synced: everything, one source, some accounts, or some mappings. */
export interface Asked {
  startedBy: string
  source?: string
  accounts?: readonly string[]
  /** By id, where one row, an agreement or a company was asked for. */
  mappings?: readonly string[]
  /** Only these invoice lines, by our ids; nothing else is asked about then. */
  lines?: readonly string[]
  approveAs?: string
}

type NewRun = Parameters<typeof addRun>[1]

/** A run about to begin. */
export function newRun(
  deps: Pick<Deps, 'id' | 'now'>,
  tenant: TenantId,
  asked: Asked & Pick<NewRun, 'scheduleId' | 'localDay'>,
): NewRun {
  const { source, accounts, mappings, lines, ...rest } = asked
  return {
    id: deps.id(),
    tenantId: tenant,
    phase: 'reading',
    state: 'running',
    requests: 0,
    startedAt: deps.now(),
    ...rest,
    ...(source === undefined ? {} : { sourceId: source }),
    ...(accounts === undefined ? {} : { accounts: [...accounts] }),
    ...(mappings === undefined ? {} : { mappings: [...mappings] }),
    ...(lines === undefined ? {} : { lines: [...lines] }),
  }
}

/** The columns that say what a run is about. */
export type About = Pick<Run, 'sourceId' | 'accounts' | 'mappings' | 'lines'>

/** Whether a run is about this mapping, or about this account that nobody mapped. */
export function inScopeOf(run: About) {
  return ({ source, account, id }: { source: string; account: string; id?: string }): boolean =>
    run.lines === null &&
    (run.sourceId === null || run.sourceId === source) &&
    (run.accounts === null || run.accounts.includes(account)) &&
    (run.mappings === null || (id !== undefined && run.mappings.includes(id)))
}

/** Whether a run does what people want done with additions: one about everything, or about nothing else (V6, V21). */
export const asksWishes = ({ sourceId, accounts, mappings, lines }: About): boolean =>
  sourceId === null && accounts === null && mappings === null && (lines === null || lines.length === 0)

/** Whether two runs are about the same. */
export function isAboutSame(run: About, other: About): boolean {
  const text = ({ sourceId, accounts, mappings, lines }: About) =>
    JSON.stringify([sourceId, ...[accounts, mappings, lines].map((ids) => ids?.toSorted() ?? null)])
  return text(run) === text(other)
}
