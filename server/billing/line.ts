import type { Mapping } from './mapping.ts'
import type { PlanRow, Proposal } from './plan.ts'
import type { DatedLine } from './proration.ts'

/** How a mapped line stands now, worst first. */
const states = [
  'failed',
  'blocked',
  'conflict',
  'parked',
  'unknown',
  'stale',
  'partial',
  'held',
  'pending',
  'kept',
  'pinned',
  'equal',
  'unwritten',
  'excluded',
  'unmapped',
] as const

export type LineState = (typeof states)[number]

/** What one or more mappings are written to, and what a plan would do there now. */
export interface Line
  extends Pick<
    PlanRow,
    'key' | 'mappings' | 'agreementId' | 'additionId' | 'productId' | 'change' | 'draft' | 'before' | 'after' | 'amount'
  > {
  state: LineState
  /** Why it stands so, in words: holds first; empty where ConnectWise and the source agree. */
  reasons: readonly string[]
  holds: PlanRow['holds']
}

/**
 * Every mapping's line: the rows of a plan, and those for which a plan has none because nothing is to change; a row for
 * a part of a period says nothing of the standing line beside it.
 */
export function linesOf(
  rows: readonly PlanRow[],
  mappings: readonly Mapping[],
  { resolve }: Pick<Proposal, 'resolve'>,
  dated: readonly Pick<DatedLine, 'additionId'>[] = [],
): Line[] {
  const parts = new Set(dated.map(({ additionId }) => additionId))
  const isStanding = ({ draft, additionId }: PlanRow) => draft?.record !== 'addition' && !parts.has(additionId ?? 0)
  const spoken = new Set(rows.filter(isStanding).flatMap((row) => row.mappings))
  const found = new Map(resolve.map(({ mapping, additionId }) => [mapping, additionId]))
  const equal = new Map<string, Line>()
  for (const mapping of mappings.filter(({ id }) => !spoken.has(id))) {
    const line = equalLine(mapping, mapping.additionId ?? found.get(mapping.id))
    const same = equal.get(line.key)
    equal.set(line.key, same ? { ...same, mappings: [...same.mappings, mapping.id] } : line)
  }
  return [...rows.filter((row) => row.mappings.length > 0).map(lineOf), ...equal.values()]
}

function lineOf(row: PlanRow): Line {
  const { outcome: _, source: __, accounts: ___, reason, ...same } = row
  const state = stateOfRow(row)
  const said = reason === state ? '' : reason.replace(`${state}: `, '')
  const reasons = [...new Set([...row.holds.map(({ text }) => text), said])]
  return { ...same, state, reasons: reasons.filter((text) => text !== '') }
}

function equalLine({ id, agreementId, targetKey, productId }: Mapping, additionId: number | undefined): Line {
  return {
    key: additionId === undefined ? `agreement:${agreementId}/${targetKey}` : `addition:${additionId}`,
    mappings: [id],
    agreementId,
    ...(additionId === undefined ? {} : { additionId }),
    ...(productId === undefined ? {} : { productId }),
    before: {},
    after: {},
    state: 'equal',
    reasons: [],
    holds: [],
  }
}

function stateOfRow({ outcome, holds, reason }: PlanRow): LineState {
  if (outcome === 'failed' || outcome === 'unknown') return outcome
  if (outcome === 'skipped') return skippedState(reason)
  if (holds.some(({ block }) => block)) return 'blocked'
  if (holds.some(({ guard }) => guard === 'G9')) return 'conflict'
  return holds.length > 0 ? 'held' : 'pending'
}

/** The reason of a skipped row begins with the state that made it so (FEATURES 4.10). */
function skippedState(reason: string): LineState {
  return states.find((state) => reason.startsWith(state)) ?? 'held'
}

/** One word for several lines: the worst of them; nothing is mapped when there is none. */
export const worstOf = (lines: readonly { state: LineState }[]): LineState =>
  states.find((state) => lines.some((line) => line.state === state)) ?? 'unmapped'
