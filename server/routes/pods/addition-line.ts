import type { Addition } from '#billing/existing.ts'
import type { Line, LineState } from '#billing/line.ts'
import { readName } from '#billing/mapping.ts'
import { holdWords, words } from '#billing/words.ts'
import type { Change } from '#db/changes.ts'
import { includesRole } from '#session/viewer.ts'
import type { AdditionLine } from '#views/pods/addition-lines.tsx'
import { numberOf } from './count-lines.ts'
import type { PodState } from './pod.ts'

/** How one mapped line is shown: with the costs and prices in its words only when `money` may be seen. */
export function additionLine(
  pod: PodState,
  line: Line,
  { money, ticking = false }: { money: boolean; ticking?: boolean },
): AdditionLine {
  const addition = additionOf(pod, line)
  const failure = failureOf(pod, line)
  const state = failure === undefined ? line.state : 'failed'
  const when = whenOf(pod, state)
  const change = pod.changes.find(({ additionId }) => additionId === line.additionId)
  const desired = line.after.quantity
  return {
    name: addition?.description || productName(pod, line),
    ...(addition ? { id: addition.id, quantity: addition.quantity, ...(money ? moneyOf(addition) : {}) } : {}),
    ...(desired !== undefined && desired !== addition?.quantity ? { desired } : {}),
    counts: line.mappings.flatMap((id) => countWords(pod, id)),
    state,
    reasons: failure === undefined ? reasonsOf(line, money) : [words(failure, money)],
    ...(when === undefined ? {} : { when }),
    ...(change ? { last: lastOf(change) } : {}),
    ...(includesRole(pod.viewer.role, 'finance') ? nextStep(pod, state, line) : {}),
    ...(ticking && isSyncable(pod, line) ? { tick: line.mappings } : {}),
    ...(addition ? { detail: detailPath(addition) } : {}),
  }
}

const isSyncable = ({ viewer }: PodState, { mappings, state }: Line): boolean =>
  includesRole(viewer.role, 'finance') && mappings.length > 0 && state !== 'parked' && state !== 'excluded'

/** What a mapping's source counts for it: `Platform, A-17: 12 users`. */
function countWords(pod: PodState, id: string): string[] {
  const mapping = pod.mappings.find((row) => row.id === id)
  if (!mapping) return []
  const source = pod.sources.find((one) => one.id === mapping.sourceId)?.name ?? mapping.sourceId
  const { quantity } = numberOf(pod, mapping)
  const words = quantity === undefined ? 'not known' : `${quantity} ${mapping.reads.map(readName).join(' + ')}`
  return [`${source}, ${mapping.account}: ${words}`]
}

function productName({ input }: PodState, { productId }: Line): string {
  const product = productId === undefined ? undefined : input.products.get(productId)
  return product?.description || product?.identifier || (productId ? `Product ${productId}` : 'An addition')
}

/** Where an addition's fields, people and history are read. */
export const detailPath = ({ agreementId, id }: Addition): string => `/agreements/${agreementId}/additions/${id}`

/** An addition that nobody mapped: quiet, as ConnectWise holds it. */
export function unmappedLine(addition: Addition, { money }: { money: boolean }): AdditionLine {
  const { id, description, productId, quantity, cancelledOn } = addition
  return {
    name: description || `Product ${productId}`,
    id,
    quantity,
    reasons: cancelledOn === undefined ? [] : [`Cancelled date ${cancelledOn}`],
    detail: detailPath(addition),
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
  const said = new Map(holds.map((hold) => [hold.text, holdWords(hold, money)]))
  return reasons.map((text) => said.get(text) ?? words(text, money))
}

/** Why the newest write of this very value was refused, as long as nothing has changed since. */
function failureOf({ writes }: PodState, line: Line): string | undefined {
  const write = line.state === 'pending' ? writes.find(({ key }) => key === line.key) : undefined
  if (!write || (write.state !== 'rejected' && write.state !== 'manual')) return undefined
  return write.desired.quantity === line.after.quantity ? (write.error ?? 'ConnectWise refused it') : undefined
}

function whenOf({ stopped, expected }: PodState, state: LineState): string | undefined {
  if (state === 'conflict') return 'Nothing is written until somebody has chosen.'
  if (state === 'held') return 'Written after approval.'
  if (state !== 'pending') return undefined
  if (stopped !== undefined) return `Not written. ${stopped}`
  return expected.next ? 'Written by the next run.' : 'Written by the next sync; runs start on demand.'
}

/** The one next step; a mapping's own page holds the rest. */
function nextStep(
  { waiting }: PodState,
  state: LineState,
  { mappings: [mapping] }: Line,
): Pick<AdditionLine, 'fix' | 'retry'> {
  if (state === 'held' || state === 'conflict')
    return waiting ? { fix: { path: `/plans/${waiting.id}`, text: 'Review' } } : {}
  if (mapping === undefined) return {}
  if (state === 'failed') return { retry: mapping }
  const isForMapping = ['parked', 'excluded', 'unwritten', 'unknown', 'blocked', 'stale'].includes(state)
  return isForMapping ? { fix: { path: `/mappings/${mapping}`, text: 'Open mapping' } } : {}
}

/** A change that was written: from what to what, when, and who asked for it and approved it. */
export function lastOf({ before, after, at, startedBy, approvedBy }: Change): NonNullable<AdditionLine['last']> {
  const by = startedBy === 'schedule' ? 'by the nightly run' : `by ${startedBy}`
  const who = approvedBy === null || approvedBy === startedBy ? by : `${by}, approved by ${approvedBy}`
  return { from: before.quantity ?? '0', to: after.quantity ?? before.quantity ?? '0', at, who }
}
