import { type Month, monthName } from '#billing/period.ts'
import type { Known } from './known.ts'
import type { LoadedLine } from './line.ts'
import type { LineTarget, NoLineTarget } from './line-target.ts'
import { type LinesInput, postedKey } from './posting.ts'
import { identityOf } from './posting-of.ts'
import { linesWords } from './words.ts'

/** Lines of which at most one can be meant: none of them is written (G10). */
export interface Rivals {
  identity: string
  lines: readonly LoadedLine[]
  text: string
}

/** Which lines are written, and why the others are not. */
export interface Chosen {
  targets: LineTarget[]
  refused: NoLineTarget[]
  rivals: Rivals[]
}

/**
 * One line per addition: of a recurring charge the newest month's, of a one-time charge each of its own; none that was
 * posted before under another month, and none of several that say they are the same (P10, 4.5, Q4).
 */
export function choose(targets: readonly LineTarget[], known: Known, { posted }: LinesInput): Chosen {
  const chosen: Chosen = { targets: [], refused: [], rivals: [] }
  const recurring = targets.filter(({ line }) => line.kind === 'recurring')
  const oneTime = targets.filter(({ line }) => line.kind !== 'recurring')
  for (const [identity, charge] of groupBy(recurring, identityOf)) addCharge(chosen, identity, charge, known)
  for (const [key, same] of groupBy(oneTime, keyOf)) addOneTime(chosen, key, same, posted)
  return chosen
}

const keyOf = ({ source, account, said }: LoadedLine): string => postedKey(source, account, said.id)

function groupBy(targets: readonly LineTarget[], key: (line: LoadedLine) => string): Map<string, LineTarget[]> {
  const groups = new Map<string, LineTarget[]>()
  for (const target of targets) {
    const group = groups.get(key(target.line))
    if (group) group.push(target)
    else groups.set(key(target.line), [target])
  }
  return groups
}

function addCharge({ targets, refused, rivals }: Chosen, identity: string, charge: LineTarget[], known: Known): void {
  const written = known.byIdentity.get(identity)?.period ?? ''
  const months = charge.map(({ line }) => line.period).sort()
  const newest = months.at(-1) ?? ''
  const newer = newest > written ? newest : written
  const asked = charge.filter(({ line }) => line.period === newer)
  for (const { line } of charge) if (line.period < newer) refused.push(overtaken(line, newer, written, asked[0]))
  if (asked.length > 1) rivals.push(rivalsOf(identity, asked, 'are of one charge of one subscription'))
  else targets.push(...asked)
}

/** An older month of a charge. Where the newer one makes the addition, nothing bills the days before that one starts. */
function overtaken(line: LoadedLine, newer: Month, written: Month, first: LineTarget | undefined): NoLineTarget {
  const start = first?.line.dates.effectiveOn
  if (written !== '' || start === undefined || line.dates.effectiveOn >= start)
    return { line, verdict: 'skipped', reason: `its addition follows ${monthName(newer)} already` }
  const reason = `its addition is to start on ${start}, with ${monthName(newer)}: sync this line first to bill it, too`
  return { line, verdict: 'skipped', reason, attention: true }
}

function addOneTime(
  { targets, refused, rivals }: Chosen,
  key: string,
  same: LineTarget[],
  posted: LinesInput['posted'],
) {
  const before = posted.get(key)
  if (before) {
    const text = `line ${same[0]?.line.said.id} was posted with ${monthName(before.period)} as addition ${before.additionId}`
    for (const { line } of same) refused.push({ line, verdict: 'blocked', hold: { guard: 'G10', text, block: true } })
  } else if (same.length > 1) rivals.push(rivalsOf(key, same, 'have one id, and one of them may be the other'))
  else targets.push(...same)
}

function rivalsOf(identity: string, targets: readonly LineTarget[], are: string): Rivals {
  const lines = targets.map(({ line }) => line)
  return { identity, lines, text: `${linesWords(lines)} ${are}: leave out all but one` }
}
