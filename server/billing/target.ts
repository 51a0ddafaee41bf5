import { type Addition, type Agreement, isOngoing, type Product } from './existing.ts'
import { lineKey, type Mapping } from './mapping.ts'
import type { AgreementState, Hold, PlanInput } from './plan.ts'
import type { DatedLine } from './proration.ts'
import { isToBeMade } from './record.ts'

/** What one or more mappings write to: an addition there is, or one to be made. */
export interface Target {
  key: string
  mappings: readonly Mapping[]
  state: AgreementState
  addition?: Addition
  productId: number
}

/** Why a mapping has no target in this run. */
export type NoTarget = { mapping: Mapping } & (
  | { verdict: 'skipped'; reason: string; attention: boolean }
  | { verdict: 'parked'; reason: string }
  | { verdict: 'failed'; reason: string }
  | { verdict: 'blocked'; hold: Hold }
)

/** Resolves every mapping to what it writes to; mappings that name the same addition share one target (4.9). */
export function resolveTargets(
  input: PlanInput,
  named: ReadonlySet<number>,
): { targets: Target[]; refused: NoTarget[] } {
  const targets = new Map<string, Target>()
  const refused: NoTarget[] = []
  for (const mapping of input.mappings) {
    const result = resolve(mapping, input, named)
    if ('verdict' in result) refused.push(result)
    else addTarget(targets, result)
  }
  for (const [key, target] of targets)
    if (target.addition === undefined) targets.set(key, { ...target, key: creationKey(target) })
  return { targets: [...targets.values()], refused }
}

function addTarget(targets: Map<string, Target>, target: Target): void {
  const same = targets.get(target.key)
  targets.set(target.key, same ? { ...same, mappings: [...same.mappings, ...target.mappings] } : target)
}

/** Additions that some mapping names, by agreement: they are nobody else's to adopt. */
export function namedAdditions(mappings: readonly Mapping[]): ReadonlySet<number> {
  return new Set(mappings.map((mapping) => mapping.additionId).filter((id) => id !== undefined))
}

/** A line's identity outlives its mapping row, so that a create whose outcome is unknown is never sent for a twin. */
const creationKey = ({ state, productId, mappings }: Target): string =>
  `agreement:${state.agreement.id}/product:${productId}/${lineKey(mappings)}`

function resolve(mapping: Mapping, input: PlanInput, named: ReadonlySet<number>): Target | NoTarget {
  if (!mapping.include) return { mapping, verdict: 'skipped', reason: 'excluded', attention: false }
  if (mapping.parkedReason !== undefined)
    return { mapping, verdict: 'skipped', reason: `parked: ${mapping.parkedReason}`, attention: true }
  const state = input.agreements.get(mapping.agreementId)
  const gone = goneReason(mapping, state, input)
  if (gone !== undefined) return { mapping, verdict: 'parked', reason: gone }
  if (!state) throw new Error('an agreement is either there or gone')
  if (state.problem !== undefined) return { mapping, verdict: 'failed', reason: state.problem }
  const closed = closedReason(state.agreement, input.today)
  if (closed !== undefined) return { mapping, verdict: 'blocked', hold: { guard: 'G21', text: closed, block: true } }
  return mapping.additionId === undefined
    ? byProduct(mapping, state, input, named)
    : byAddition(mapping, state, input, mapping.additionId)
}

function goneReason(mapping: Mapping, state: AgreementState | undefined, { companies }: PlanInput): string | undefined {
  if (companies.get(mapping.companyId)?.deleted) return `company ${mapping.companyId} was deleted in ConnectWise`
  if (!state && isToBeMade(mapping.agreementId)) return 'the agreement that was to be made is not wanted any more'
  if (!state) return `agreement ${mapping.agreementId} no longer exists in ConnectWise`
  const { agreement } = state
  if (agreement.companyId === mapping.companyId) return undefined
  return `agreement ${agreement.id} now belongs to company ${agreement.companyId}, not ${mapping.companyId}`
}

/** G21: why nothing may be written to an agreement. */
export function closedReason(agreement: Agreement, today: string): string | undefined {
  if (agreement.status !== 'Active') return `agreement ${agreement.id} is ${agreement.status}`
  if (agreement.endOn !== undefined && agreement.endOn < today)
    return `agreement ${agreement.id} ended on ${agreement.endOn}`
  return undefined
}

function byAddition(
  mapping: Mapping,
  state: AgreementState,
  { today, datedLines }: PlanInput,
  id: number,
): Target | NoTarget {
  const addition = state.additions.find((candidate) => candidate.id === id)
  const line = addition ? undefined : datedLines?.find(({ additionId }) => additionId === id)
  if (line) return { mapping, verdict: 'blocked', hold: isDatedLine(line) }
  if (!addition) return { mapping, verdict: 'parked', reason: `addition ${id} was deleted in ConnectWise` }
  if (!isOngoing(addition, today))
    return { mapping, verdict: 'parked', reason: `ended on ${addition.cancelledOn} in ConnectWise` }
  return { key: `addition:${id}`, mappings: [mapping], state, addition, productId: addition.productId }
}

function byProduct(
  mapping: Mapping,
  state: AgreementState,
  input: PlanInput,
  named: ReadonlySet<number>,
): Target | NoTarget {
  const { productId } = mapping
  if (productId === undefined) return { mapping, verdict: 'skipped', reason: 'unmapped', attention: false }
  const ongoing = state.additions.filter((a) => a.productId === productId && isOngoing(a, input.today))
  const free = ongoing.filter((a) => !named.has(a.id) && !mapping.leaveAlone.includes(a.id))
  const taken = ongoing.filter((a) => named.has(a.id))
  if (free.length > 1) return { mapping, verdict: 'blocked', hold: severalCandidates(free) }
  if (free.length === 0 && taken.length > 0) return { mapping, verdict: 'blocked', hold: takenByOthers(taken) }
  const [addition] = free
  const refusal = addition ? undefined : productRefusal(input.products.get(productId), productId)
  if (refusal !== undefined) return { mapping, verdict: 'blocked', hold: { guard: 'G21', text: refusal, block: true } }
  return {
    key: addition ? `addition:${addition.id}` : `agreement:${state.agreement.id}/product:${productId}`,
    mappings: [mapping],
    state,
    ...(addition ? { addition } : {}),
    productId,
  }
}

/** Ongoing additions of the target's product that nobody mapped: is one of them the same line made by hand? (4.15) */
export function unmappedTwins(target: Target, named: ReadonlySet<number>, today: string): Addition[] {
  const leftAlone = target.mappings.flatMap((mapping) => mapping.leaveAlone)
  const { additions, left = [] } = target.state
  return [...additions, ...left].filter(
    (other) =>
      other.id !== target.addition?.id &&
      other.productId === target.productId &&
      isOngoing(other, today) &&
      !named.has(other.id) &&
      !leftAlone.includes(other.id),
  )
}

/** G10: the row waits until somebody says which one is meant. */
export function severalCandidates(candidates: readonly Addition[]): Hold {
  const text = (list: string) =>
    `${candidates.length} ongoing additions of this product: ${list}. Map one, end the others, or leave them alone`
  return { guard: 'G10', text: text(listed(candidates)), withoutMoney: text(listed(candidates, false)), block: true }
}

const isDatedLine = ({ additionId, standingId }: DatedLine): Hold => ({
  guard: 'G10',
  text: `addition ${additionId} bills a part of a period beside ${standingId}: map that one`,
  block: true,
})

function takenByOthers(taken: readonly Addition[]): Hold {
  const text = (list: string) => `every ongoing addition of this product is mapped already: ${list}`
  return { guard: 'G10', text: text(listed(taken)), withoutMoney: text(listed(taken, false)), block: true }
}

/** Additions by their id, quantity, price and days. */
export const listed = (additions: readonly Addition[], money = true): string =>
  additions.map((addition) => describe(addition, money)).join('; ')

/** G21: why no addition of a product may be made or changed. */
export function productRefusal(product: Product | undefined, id: number): string | undefined {
  if (!product && isToBeMade(id)) return 'the product that was to be made is not wanted any more'
  if (!product) return `product ${id} does not exist in the catalogue`
  if (product.inactive) return `product ${product.identifier} is inactive`
  if (product.productClass === 'Bundle') return `product ${product.identifier} is a bundle, which no addition can hold`
  return undefined
}

function describe(addition: Addition, money: boolean): string {
  const price = addition.unitPrice === undefined || !money ? '' : ` at ${addition.unitPrice}`
  const from = addition.effectiveOn === undefined ? '' : ` from ${addition.effectiveOn}`
  const to = addition.cancelledOn === undefined ? '' : ` to ${addition.cancelledOn}`
  return `${addition.id} with ${addition.quantity}${price}${from}${to}`
}
