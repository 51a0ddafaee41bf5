import { compare, type Decimal, decimalsOf } from './decimal.ts'
import type { Desired } from './desired.ts'
import type { Addition } from './existing.ts'
import { moneyBlock, moneyBlocks } from './money-blocks.ts'
import type { Fields, Hold, PlanInput } from './plan.ts'
import { type WritableField, writableFields } from './rule.ts'
import { productRefusal, type Target } from './target.ts'

export type Wanted = Extract<Desired, { quantity: string }>

/** What an addition holds now, by the names that rules write. */
export const existingFields = (addition: Addition): Fields => ({
  quantity: addition.quantity,
  ...(addition.unitCost === undefined ? {} : { cost: addition.unitCost }),
  ...(addition.unitPrice === undefined ? {} : { price: addition.unitPrice }),
})

/** The values the rule allows to be written and the source stated, with the blocks of FEATURES 4.7 and 4.9. */
export function wantedFields(
  target: Target,
  desired: Wanted,
  existing: Fields,
  input: PlanInput,
): { wanted: Fields; holds: Hold[] } {
  const writes = (field: WritableField) => target.mappings.some((mapping) => mapping.rule.write.includes(field))
  const { unitCost, unitPrice } = desired.money
  const wanted: Fields = {
    ...(writes('quantity') ? { quantity: desired.quantity } : {}),
    ...(writes('cost') && unitCost !== undefined ? { cost: unitCost } : {}),
    ...(writes('price') && unitPrice !== undefined ? { price: unitPrice } : {}),
  }
  const changed = (field: WritableField) => wanted[field] !== undefined && wanted[field] !== existing[field]
  const money = writes('cost') || writes('price')
  return {
    wanted,
    holds: [
      ...(money ? currencyBlocks(target, desired, wanted, input) : []),
      ...(changed('quantity') ? quantityBlocks(target, desired.quantity, input) : []),
      ...(writableFields.some(changed) ? productBlocks(target, input) : []),
    ],
  }
}

function currencyBlocks(target: Target, desired: Wanted, wanted: Fields, input: PlanInput): Hold[] {
  if (desired.money.mixed) return [moneyBlock('the readings that are summed state different costs or prices')]
  if (wanted.cost === undefined && wanted.price === undefined) return []
  return moneyBlocks({ ...wanted, currency: desired.money.currency }, target.state.agreement, input.currency)
}

function quantityBlocks(target: Target, quantity: Decimal, input: PlanInput): Hold[] {
  const holds: Hold[] = []
  const lessIncluded = target.addition?.lessIncluded ?? '0'
  const included = target.mappings.some((mapping) => compare(mapping.rule.included ?? '0', '0') > 0)
  if (included && compare(lessIncluded, '0') > 0)
    holds.push({
      guard: 'G22',
      text: `included units taken off twice: Less Included is ${lessIncluded} in ConnectWise`,
      block: true,
    })
  return [...holds, ...wholeBlocks(quantity, input, ' needs a rounding in the rule')]
}

/** G22: a part of one cannot be written where ConnectWise rounds it away; `so` is what follows, in words. */
export const wholeBlocks = (quantity: Decimal, { wholeQuantities }: PlanInput, so: string): Hold[] =>
  wholeQuantities && decimalsOf(quantity) > 0
    ? [{ guard: 'G22', text: `ConnectWise keeps whole quantities here; ${quantity}${so}`, block: true }]
    : []

/** The blocks of a line that is made beside a standing one. */
export const lineBlocks = (target: Target, quantity: Decimal, input: PlanInput): Hold[] => [
  ...quantityBlocks(target, quantity, input),
  ...productBlocks(target, input),
]

/** An addition that exists may be of a product our copy of the catalogue does not know; what it knows counts. */
export function productBlocks({ productId }: Pick<Target, 'productId'>, { products }: PlanInput): Hold[] {
  const refusal = products.has(productId) ? productRefusal(products.get(productId), productId) : undefined
  return refusal === undefined ? [] : [{ guard: 'G21', text: refusal, block: true }]
}
