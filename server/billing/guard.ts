import { rowHolds } from './guard-row.ts'
import { amountHolds, countTargets, shareHold } from './guard-together.ts'
import type { Limits } from './limits.ts'
import { holdRecords } from './needed-records.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'
import { holdClosings } from './together.ts'

/** What the guard looks at beside the plan itself. */
export interface GuardContext {
  limits: Limits
  /** Additions with an included, working mapping (G4). */
  mapped: number
  /** A scheduled run of a tenant whose first plan nobody approved yet (G16). */
  observing: boolean
  /** Why nothing at all may be written now, in words (G23, G24); empty when it may. */
  stops: readonly Hold[]
}

/** Puts every hold and block of TRUST section 5 on the rows that change something. A row with any of them waits. */
export function guard(rows: readonly PlanRow[], input: PlanInput, context: GuardContext): PlanRow[] {
  const changes = rows.filter((row) => row.change !== undefined)
  const changed = new Set(changes.flatMap((row) => row.mappings))
  const mappings = new Map(input.mappings.filter(({ id }) => changed.has(id)).map((mapping) => [mapping.id, mapping]))
  const always = [...observeHold(context), ...context.stops]
  const lines = changes.filter(isLine)
  const together = [...shareHold(countTargets(lines), context.mapped, context.limits), ...always]
  const amounts = amountHolds(lines, input, context.limits)
  const held = rows.map((row) => {
    const own = row.change === undefined || !isLine(row) ? [] : rowHolds(row, mappings, input, context.limits)
    const shared = !isLine(row) ? always : [...together, ...(amounts.get(row.agreementId ?? 0) ?? [])]
    const holds = [...row.holds, ...own, ...(row.change === undefined ? [] : shared)]
    return { ...row, holds, outcome: row.outcome === 'pending' && holds.length > 0 ? ('held' as const) : row.outcome }
  })
  return holdClosings(holdRecords(held))
}

/** Whether a row is about an addition: its numbers have limits; other records bring their own holds. */
const isLine = ({ record }: PlanRow): boolean => record === undefined || record === 'addition'

const observeHold = ({ observing }: GuardContext): Hold[] =>
  observing ? [{ guard: 'G16', text: 'nothing is written by schedule until somebody has approved a first plan' }] : []
