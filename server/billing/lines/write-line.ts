import type { Hold, PlanInput } from '#billing/plan.ts'
import { isPast } from './days.ts'
import type { Known } from './known.ts'
import type { LineDraft } from './line-draft.ts'
import { type LineTarget, type NoLineTarget, parkedRow } from './line-target.ts'
import { newLineRow } from './new-line.ts'
import type { LineAddition } from './posting.ts'
import { identityOf } from './posting-of.ts'
import { changeOf } from './standing-line.ts'
import { agreementWords, linesWords } from './words.ts'

/** desired − existing for one line: what its addition is to hold, or a new one (P10, 4.15). */
export function writeLine(target: LineTarget, input: PlanInput, known: Known): LineDraft | NoLineTarget {
  const { line, state } = target
  const memory = known.byIdentity.get(identityOf(line))
  const named = line.place.additionId
  const refusal = memory ? whyNotRemembered(target, memory) : whyNotNamed(target, known)
  if (refusal !== undefined) return { line, verdict: 'blocked', hold: severalMeant(refusal) }
  const id = memory?.additionId ?? named
  if (id === undefined) return { row: newLineRow(target, input, known) }
  const addition = state.additions.find((one) => one.id === id)
  if (addition && memory && named === undefined && isPast(line, addition, memory))
    return { row: newLineRow(target, input, known) }
  return addition
    ? changeOf(target, { addition, memory }, input)
    : { row: parkedRow(target, id, `addition ${id} was deleted in ConnectWise`) }
}

/** What was posted stays where it is: a line goes with it, or waits until it was moved (M19, V21). */
function whyNotRemembered({ line, state }: LineTarget, { additionId, agreementId, period }: LineAddition) {
  const { id } = state.agreement
  const named = line.place.additionId
  if (agreementId !== id)
    return `addition ${additionId} on agreement ${agreementId} bills this already, and the line goes to ${agreementWords(id)}: move the addition, or choose agreement ${agreementId}`
  if (named !== undefined && named !== additionId)
    return `addition ${additionId} bills this already, and a mapping names addition ${named}: end one of them`
  return period === line.period && line.additionId !== additionId
    ? `another one of ${linesWords([line])} is posted as addition ${additionId}`
    : undefined
}

function whyNotNamed({ line }: LineTarget, { byAddition, namedTwice }: Known): string | undefined {
  const id = line.place.additionId
  if (id === undefined) return undefined
  if (byAddition.has(id)) return `addition ${id}, which a mapping names, stands for other lines already`
  return namedTwice.has(id) ? `addition ${id} is named for several charges: an addition holds one` : undefined
}

/** G10: it is not guessed which one is meant. */
const severalMeant = (text: string): Hold => ({ guard: 'G10', text, block: true })
