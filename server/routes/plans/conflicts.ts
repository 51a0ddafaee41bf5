import type { Addition } from '#billing/existing.ts'
import { addDays, dayIn } from '#billing/period.ts'
import { writableFields } from '#billing/rule.ts'
import { holdWords, tellsMoney } from '#billing/words.ts'
import { listLastValuesOf } from '#db/last-values.ts'
import { listConflictRows, type PlanRowRecord } from '#db/plans.ts'
import type { Deps } from '#server/deps.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { defaultPinDays, isConflict, mostPinDays } from '#sync/approve/choose.ts'
import type { Conflict } from '#views/plans/conflict.tsx'

/** What is needed to show conflicts, read once for several rows. */
interface Context {
  today: string
  last: ReadonlyMap<number, { quantity: string | null; unitCost: string | null; unitPrice: string | null }>
  additions: ReadonlyMap<number, Addition>
  viewer: Viewer
  /** The agreements whose costs and prices may be seen. */
  money: ReadonlySet<number>
}

/** The conflicts that wait for a choice on these additions, by addition. */
export async function conflictsOn(
  deps: Deps,
  viewer: Viewer,
  additions: readonly Addition[],
  money: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Conflict>> {
  const rows = await listConflictRows(
    viewer.scope,
    additions.map(({ id }) => id),
  )
  const shown = await conflictsOf(deps, viewer, rows, additions, money)
  return new Map(rows.flatMap((row) => pairOf(row.additionId, shown.get(conflictKey(row)))))
}

const pairOf = (id: number | null, conflict: Conflict | undefined): [number, Conflict][] =>
  id === null || !conflict ? [] : [[id, conflict]]

/** A row among those of several plans. */
export const conflictKey = ({ planId, seq }: Pick<PlanRowRecord, 'planId' | 'seq'>): string => `${planId}/${seq}`

/** The conflicts among these rows of waiting plans, by `conflictKey`. */
export async function conflictsOf(
  deps: Deps,
  viewer: Viewer,
  rows: readonly PlanRowRecord[],
  additions: readonly Addition[],
  money: ReadonlySet<number>,
): Promise<ReadonlyMap<string, Conflict>> {
  const waiting = rows.filter((row) => isConflict(row) && row.additionId !== null)
  const ids = waiting.flatMap((row) => row.additionId ?? [])
  const context = {
    today: dayIn(viewer.tenant.zone, deps.now()),
    last: new Map((await listLastValuesOf(viewer.scope, ids)).map((row) => [row.additionId, row])),
    additions: new Map(additions.map((addition) => [addition.id, addition])),
    viewer,
    money,
  }
  return new Map(waiting.map((row) => [conflictKey(row), conflictOf(row, context)]))
}

const columns = { quantity: 'quantity', cost: 'unitCost', price: 'unitPrice' } as const

function conflictOf(row: PlanRowRecord, { today, last, additions, viewer, ...context }: Context): Conflict {
  const money = context.money.has(row.agreementId ?? 0)
  const values = last.get(row.additionId ?? 0)
  const addition = additions.get(row.additionId ?? 0)
  const names = writableFields.filter((name) => row.after[name] !== undefined)
  const blocked = whyNotTaken(row, money)
  return {
    ...(includesRole(viewer.role, 'finance') ? { path: `/plans/${row.planId}/rows/${row.seq}/choice` } : {}),
    values: names
      .filter((name) => money || name === 'quantity')
      .map((name) => ({
        name,
        existing: row.before[name] ?? 'nothing',
        wanted: row.after[name] ?? 'nothing',
        ...lastOf(values?.[columns[name]]),
      })),
    ...(addition?.updatedBy === undefined ? {} : { changedBy: addition.updatedBy }),
    ...(addition?.updatedAt === undefined ? {} : { changedAt: addition.updatedAt.slice(0, 16).replace('T', ' ') }),
    pin: { first: addDays(today, 1), last: addDays(today, mostPinDays), offered: addDays(today, defaultPinDays) },
    ...(blocked === undefined ? {} : { blocked }),
  }
}

/** Why the source's value cannot be taken by who sees money here, or does not. */
export function whyNotTaken(row: PlanRowRecord, money: boolean): string | undefined {
  const block = row.holds.find((hold) => hold.block)
  if (block) return holdWords(block, money)
  return money || !tellsMoney(row) ? undefined : 'it has costs or prices, which you may not see in ConnectWise'
}

const lastOf = (value: string | null | undefined) => (value === null || value === undefined ? {} : { last: value })
