import type { Addition } from '#billing/existing.ts'
import type { Line } from '#billing/line.ts'
import { holdWithoutMoney, withoutMoney } from '#billing/without-money.ts'
import type { Change } from '#db/changes.ts'
import { includesRole } from '#session/viewer.ts'
import type { AdditionLine } from '#views/addition-lines.tsx'
import type { PodState } from './pod.ts'

/** How one mapped line is shown: with the costs and prices in its words only when `money` may be seen. */
export function additionLine(state: PodState, line: Line, { money }: { money: boolean }): AdditionLine {
  const addition = additionOf(state, line)
  const product = line.productId === undefined ? undefined : state.input.products.get(line.productId)
  const failure = failureOf(state, line)
  const acts = includesRole(state.viewer.role, 'finance')
  const reasons = failure === undefined ? reasonsOf(line, money) : [money ? failure : withoutMoney(failure)]
  const change = state.changes.find(({ additionId }) => additionId === line.additionId)
  const fix = acts ? fixOf(state, line) : undefined
  const when = failure === undefined ? whenOf(state, line) : undefined
  const desired = line.after.quantity
  return {
    name: addition?.description || product?.description || product?.identifier || `Product ${line.productId ?? '?'}`,
    ...(addition ? { id: addition.id, quantity: addition.quantity, ...(money ? moneyOf(addition) : {}) } : {}),
    ...(desired !== undefined && desired !== addition?.quantity ? { desired } : {}),
    state: failure === undefined ? line.state : 'failed',
    reasons,
    ...(when === undefined ? {} : { when }),
    ...(change ? { last: lastOf(change) } : {}),
    ...(fix ? { fix } : {}),
    ...(failure !== undefined && acts && line.mappings[0] !== undefined ? { retry: line.mappings[0] } : {}),
    ...(addition ? { detail: `/agreements/${addition.agreementId}/additions/${addition.id}` } : {}),
  }
}

/** An addition that nobody mapped: quiet, as ConnectWise holds it. */
export function unmappedLine(addition: Addition, { money }: { money: boolean }): AdditionLine {
  const { id, agreementId, description, productId, quantity, cancelledOn } = addition
  return {
    name: description || `Product ${productId}`,
    id,
    quantity,
    reasons: cancelledOn === undefined ? [] : [`Cancelled date ${cancelledOn}`],
    detail: `/agreements/${agreementId}/additions/${id}`,
    ...(money ? moneyOf(addition) : {}),
  }
}

const moneyOf = ({ unitCost, unitPrice }: Addition) => ({
  ...(unitCost === undefined ? {} : { cost: unitCost }),
  ...(unitPrice === undefined ? {} : { price: unitPrice }),
})

const additionOf = ({ input }: PodState, { agreementId, additionId }: Line) =>
  input.agreements.get(agreementId ?? 0)?.additions.find(({ id }) => id === additionId)

function reasonsOf({ holds, reasons }: Line, money: boolean): string[] {
  if (money) return [...reasons]
  const said = new Map(holds.map((hold) => [hold.text, holdWithoutMoney(hold)]))
  return reasons.map((text) => said.get(text) ?? withoutMoney(text))
}

/** Why the newest write of this very value was refused, as long as nothing has changed since. */
function failureOf({ writes }: PodState, line: Line): string | undefined {
  const write = line.state === 'pending' ? writes.find(({ key }) => key === line.key) : undefined
  if (!write || (write.state !== 'rejected' && write.state !== 'manual')) return undefined
  return write.desired.quantity === line.after.quantity ? (write.error ?? 'ConnectWise refused it') : undefined
}

function whenOf({ stopped, expected }: PodState, { state }: Line): string | undefined {
  if (state === 'conflict') return 'Nothing is written until somebody has chosen.'
  if (state === 'held') return 'Written after approval.'
  if (state !== 'pending') return undefined
  if (stopped !== undefined) return `Not written. ${stopped}`
  return expected.next ? 'Written by the next run.' : 'Written by the next sync; runs start on demand.'
}

/** The one next step; a mapping's own page holds the rest. */
function fixOf({ waiting }: PodState, { state, mappings }: Line): AdditionLine['fix'] {
  if (state === 'held' || state === 'conflict')
    return waiting ? { path: `/plans/${waiting.id}`, text: 'Review' } : undefined
  const isMapping = ['parked', 'excluded', 'unknown', 'blocked', 'stale'].includes(state)
  return isMapping && mappings[0] !== undefined ? { path: `/mappings/${mappings[0]}`, text: 'Open mapping' } : undefined
}

export function lastOf({ before, after, at, startedBy, approvedBy }: Change): NonNullable<AdditionLine['last']> {
  const by = startedBy === 'schedule' ? 'by the nightly run' : `by ${startedBy}`
  const who = approvedBy === null || approvedBy === startedBy ? by : `${by}, approved by ${approvedBy}`
  return { from: before.quantity ?? '0', to: after.quantity ?? before.quantity ?? '0', at, who }
}
