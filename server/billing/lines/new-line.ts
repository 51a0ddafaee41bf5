import { amountOf } from '#billing/amount.ts'
import { type Addition, isOngoing } from '#billing/existing.ts'
import { landsOn } from '#billing/landing.ts'
import type { Hold, PlanInput, PlanRow } from '#billing/plan.ts'
import { listed } from '#billing/target.ts'
import { chargeKey, type Known } from './known.ts'
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

/** The row that makes a line's addition (P2, P3). */
export function newLineRow(target: LineTarget, input: PlanInput, known: Known): PlanRow {
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
      ...(line.kind === 'recurring'
        ? [...twinHolds(target, input, known.additions), ...formerHolds(target, posting.identity, known)]
        : sameHolds(target, known)),
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

/** G10: an addition of the same product, first day and quantity that nothing stands for may be this line already (C1, V6). */
function sameHolds({ line, state, productId }: LineTarget, { strangers }: Known): Hold[] {
  const { effectiveOn } = line.dates
  const key = chargeKey({ agreementId: state.agreement.id, productId, effectiveOn, quantity: line.said.quantity })
  const same = (strangers.get(key) ?? []).filter(({ id }) => !line.place.leaveAlone?.includes(id))
  if (same.length === 0) return []
  const text = (list: string) =>
    `may be this line already, made by hand: ${list}. Leave the line out if it is, or approve another beside it`
  return [{ guard: 'G10', text: text(listed(same)), withoutMoney: text(listed(same, false)) }]
}

/** G10: what stood for the subscription's charge before bills days of this line, too: somebody cleared or moved its end (U22). */
function formerHolds({ line, state }: LineTarget, identity: string, { former }: Known): Hold[] {
  const ids = new Set(former.get(identity)?.map(({ additionId }) => additionId))
  const { effectiveOn } = line.dates
  const both = state.additions.filter(
    ({ id, quantity, cancelledOn = effectiveOn }) => ids.has(id) && quantity !== '0' && cancelledOn >= effectiveOn,
  )
  if (both.length === 0) return []
  const text = (list: string) =>
    `billed this subscription before, and would beside the new one: ${list}. End it before ${effectiveOn}, or approve both`
  return [{ guard: 'G10', text: text(listed(both)), withoutMoney: text(listed(both, false)) }]
}
