import { compare, type Decimal, decimalsOf } from './decimal.ts'
import { desiredOf } from './desired.ts'
import type { Mapping } from './mapping.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'
import { isToBeMade } from './record.ts'
import type { Target } from './target.ts'

/** What one included account's readings say a product costs. */
interface Stated {
  target: Target
  cost: Decimal
  currency: string | undefined
}

/**
 * The catalogue costs that follow what sources state, where their switch says so; each waits for a person (FEATURES S6, G13).
 * None where nobody states a cost, accounts state different ones, or it is in another currency than the tenant's.
 */
export function catalogueCosts(targets: readonly Target[], input: PlanInput): PlanRow[] {
  const following = input.catalogueCosts ?? new Set()
  if (following.size === 0) return []
  const isFollowing = ({ source }: Mapping) => following.has(source)
  const isAsked = (mapping: Mapping) => isFollowing(mapping) && (input.inScope?.(mapping) ?? true)
  const byProduct = new Map<number, Target[]>()
  for (const target of targets)
    if (!isToBeMade(target.productId) && target.mappings.some(isFollowing))
      byProduct.set(target.productId, [...(byProduct.get(target.productId) ?? []), target])
  return [...byProduct].flatMap(([productId, all]) => {
    const stated = all.map((target) => costOf(target, input))
    if (stated.includes('mixed') || !all.some(({ mappings }) => mappings.some(isAsked))) return []
    const known = stated.filter((one) => one !== undefined && one !== 'mixed')
    return rowOf(productId, known, input)
  })
}

/** Undefined: nothing is stated. */
function costOf(target: Target, { books }: PlanInput): Stated | 'mixed' | undefined {
  const desired = desiredOf(target.mappings, books)
  if (!('quantity' in desired) || desired.state !== 'known') return undefined
  const { unitCost, currency, mixed } = desired.money
  if (mixed) return 'mixed'
  return unitCost === undefined ? undefined : { target, cost: unitCost, currency }
}

function rowOf(productId: number, stated: readonly Stated[], input: PlanInput): PlanRow[] {
  const [first] = stated
  const product = input.products.get(productId)
  if (!first || !product || product.inactive) return []
  if (stated.some(({ cost, currency }) => compare(cost, first.cost) !== 0 || currency !== input.currency)) return []
  if (product.cost !== undefined && compare(product.cost, first.cost) === 0) return []
  const mappings = stated.flatMap(({ target }) => target.mappings)
  const accounts = new Set(mappings.map(({ source, account }) => `${source}/${account}`)).size
  return [
    {
      ...{ key: `product:${productId}/cost`, record: 'product', change: 'update', productId },
      ...{ source: mappings[0]?.source ?? '', accounts: [], mappings: mappings.map(({ id }) => id) },
      before: product.cost === undefined ? {} : { cost: product.cost },
      after: { cost: first.cost },
      holds: holdsOf(first, product.cost),
      reason: `the catalogue cost, as stated for ${accounts} ${accounts === 1 ? 'account' : 'accounts'}`,
      ...{ outcome: 'pending', attention: false },
    },
  ]
}

function holdsOf({ cost, target }: Stated, was: Decimal | undefined): Hold[] {
  const { currencyDecimals } = target.state.agreement
  const withoutMoney = 'the cost in the catalogue changes'
  const held = { guard: 'G13', text: `the catalogue cost changes from ${was ?? 'none'} to ${cost}`, withoutMoney }
  if (decimalsOf(cost) <= currencyDecimals) return [held]
  const text = `${cost} has more decimals than the currency (${currencyDecimals})`
  return [held, { guard: 'G20', text, withoutMoney: 'a cost has more decimals than the currency', block: true }]
}
