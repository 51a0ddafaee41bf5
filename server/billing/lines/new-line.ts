import { amountOf } from '#billing/amount.ts'
import { type Addition, isOngoing } from '#billing/existing.ts'
import { landsOn } from '#billing/landing.ts'
import type { Hold, PlanInput, PlanRow } from '#billing/plan.ts'
import { listed } from '#billing/target.ts'
import {
  currencyBlocks,
  firstTimeHolds,
  newLineBlocks,
  questions,
  startBlocks,
  wantedOf,
  zeroQuestion,
} from './line-holds.ts'
import { type LineTarget, rowOf } from './line-target.ts'
import { postingOf } from './posting-of.ts'
import { lineWords } from './words.ts'

/** The row that makes a line's addition (P2, P3). `known`: additions that some mapping or line stands for. */
export function newLineRow(target: LineTarget, input: PlanInput, known: ReadonlySet<number>): PlanRow {
  const { line, state } = target
  const { effectiveOn, cancelledOn, warning } = line.dates
  const wanted = wantedOf(line.said)
  const posting = postingOf(line)
  const ends = cancelledOn === null ? {} : { cancelledOn }
  return rowOf(target, {
    key: line.kind === 'recurring' ? `subscription:${posting.identity}` : `line:${line.id}`,
    change: 'create',
    posting,
    effectiveOn,
    after: { ...wanted, ...ends },
    holds: [
      ...currencyBlocks(target, input),
      ...newLineBlocks(target, input),
      ...startBlocks(target, effectiveOn),
      ...(line.kind === 'recurring' ? twinHolds(target, input, known) : []),
      ...zeroQuestion(wanted),
      ...questions(line, wanted),
      ...firstTimeHolds(target, input, true),
    ],
    reason: `${lineWords(line)}${warning === undefined ? '' : ` (${warning})`}${landsOn(state.agreement, effectiveOn)}`,
    ...amountOf({ quantity: '0' }, wanted),
  })
}

/** G10: an ongoing addition of the product that nobody mapped and no line stands for may be the same charge, made by hand (4.15). */
function twinHolds({ line, state, productId }: LineTarget, input: PlanInput, known: ReadonlySet<number>): Hold[] {
  const leftAlone = line.place.leaveAlone ?? []
  const isTwin = (addition: Addition): boolean =>
    addition.productId === productId &&
    isOngoing(addition, input.today) &&
    !known.has(addition.id) &&
    !leftAlone.includes(addition.id)
  const twins = state.additions.filter(isTwin)
  if (twins.length === 0) return []
  const text = (list: string) =>
    `no line made what is there of this product: ${list}. Map one, end it, leave it alone, or approve another beside it`
  return [{ guard: 'G10', text: text(listed(twins)), withoutMoney: text(listed(twins, false)) }]
}
