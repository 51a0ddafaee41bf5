import type { PlanInput, Proposal } from '#billing/plan.ts'
import { choose } from './choose.ts'
import { goneSubscriptions } from './gone-subscriptions.ts'
import { knownOf } from './known.ts'
import type { LoadedLine } from './line.ts'
import type { LineDraft } from './line-draft.ts'
import { type LineTarget, type NoLineTarget, targetOf } from './line-target.ts'
import { unwrittenRows } from './unwritten.ts'
import { writeLine } from './write-line.ts'

/** What a plan says of invoice lines. Each line is in exactly one row, or posted. */
export interface LineRows extends Pick<Proposal, 'rows' | 'posted' | 'adopt' | 'choices'> {
  /** Additions that later lines are written to, too, in the whole tenant (G4). */
  mapped: number
}

/** desired − existing for the invoice lines of a run. `named`: additions that mappings of readings write to. */
export function lineRows(input: PlanInput, named: ReadonlySet<number>): LineRows {
  const { lines } = input
  if (!lines) return { rows: [], posted: [], adopt: [], choices: [], mapped: 0 }
  const known = knownOf(input, named)
  const { targets, refused } = resolve(inOrder(lines.lines), input)
  const chosen = choose(targets, known, lines)
  const drafts = chosen.targets.map((target) => writeLine(target, input, known))
  const blocked = drafts.filter((draft): draft is NoLineTarget => 'verdict' in draft)
  const written = drafts.filter((draft): draft is LineDraft => !('verdict' in draft))
  return {
    rows: [
      ...written.flatMap(({ row }) => row ?? []),
      ...goneSubscriptions(input),
      ...unwrittenRows([...refused, ...chosen.refused, ...blocked], chosen.rivals),
    ],
    posted: written.flatMap(({ posted }) => posted ?? []),
    adopt: written.flatMap(({ adopt }) => adopt ?? []),
    choices: written.flatMap(({ choice }) => choice ?? []),
    mapped: lines.persistent,
  }
}

function resolve(lines: readonly LoadedLine[], input: PlanInput) {
  const results = lines.map((line) => targetOf(line, input))
  return {
    targets: results.filter((result): result is LineTarget => !('verdict' in result)),
    refused: results.filter((result): result is NoLineTarget => 'verdict' in result),
  }
}

/** Rows do not depend on the order in which lines are loaded. */
function inOrder(lines: readonly LoadedLine[]): LoadedLine[] {
  const keys = new Map(
    lines.map((line) => [line, [line.source, line.account, line.period, line.said.id, line.id].join('\n')]),
  )
  const keyOf = (line: LoadedLine): string => keys.get(line) ?? ''
  return [...lines].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
