import { abs, compare, type Decimal, max, multiply, subtract } from './decimal.ts'
import type { Limits } from './limits.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'

export function quantityHolds(was: Decimal, will: Decimal, limits: Limits): Hold[] {
  if (compare(will, '0') === 0) return [{ guard: 'G3', text: `${was} would become 0` }]
  return compare(will, was) > 0 ? riseHold(was, will, limits) : fallHold(was, will, limits)
}

export function riseHold(was: Decimal, will: Decimal, { rise }: Limits): Hold[] {
  const by = subtract(will, was)
  const limit = max(String(rise.units), percentOf(was, rise.percent))
  return compare(by, limit) > 0 ? [{ guard: 'G1', text: `rises by ${by} from ${was}, above ${limit}` }] : []
}

function fallHold(was: Decimal, will: Decimal, { fall }: Limits): Hold[] {
  const by = subtract(was, will)
  const limit = max(String(fall.units), percentOf(was, fall.percent))
  return compare(by, limit) > 0 ? [{ guard: 'G2', text: `falls by ${by} from ${was}, above ${limit}` }] : []
}

export function moneyHolds(row: PlanRow, input: PlanInput, limits: Limits): Hold[] {
  const { before, after } = row
  const { price, cost } = after
  const holds: Hold[] = []
  const isNew = row.change === 'create'
  if (price !== undefined && !isNew)
    holds.push({
      guard: 'G13',
      text: `the price changes from ${before.price ?? 'none'} to ${price}`,
      withoutMoney: 'the price changes',
    })
  for (const [name, value] of [
    ['price', price],
    ['cost', cost],
  ] as const)
    if (value !== undefined && compare(value, '0') === 0)
      holds.push({
        guard: 'G13',
        text: `the source states a ${name} of 0`,
        withoutMoney: `the source states an unusual ${name}`,
      })
  if (cost !== undefined && !isNew && (before.cost === undefined || beyond(before.cost, cost, limits.costPercent)))
    holds.push({
      guard: 'G13',
      text: `the cost changes from ${before.cost ?? 'none'} to ${cost}, more than ${limits.costPercent} %`,
      withoutMoney: 'the cost changes by more than may without approval',
    })
  return [...holds, ...belowCost(row, input)]
}

/** A row holds only the fields that change; the other one is what ConnectWise has. */
function belowCost({ after, agreementId, additionId }: PlanRow, { agreements }: PlanInput): Hold[] {
  if (after.price === undefined && after.cost === undefined) return []
  const existing = agreements.get(agreementId ?? 0)?.additions.find((addition) => addition.id === additionId)
  const price = after.price ?? existing?.unitPrice
  const cost = after.cost ?? existing?.unitCost
  if (price === undefined || cost === undefined || compare(price, cost) >= 0) return []
  const withoutMoney = 'the price is below the cost'
  return [{ guard: 'G13', text: `the price ${price} is below the cost ${cost}`, withoutMoney }]
}

const beyond = (was: Decimal, will: Decimal, percent: number): boolean =>
  compare(abs(subtract(will, was)), percentOf(was, percent)) > 0

function percentOf(value: Decimal, percent: number): Decimal {
  return multiply(abs(value), multiply(String(percent), '0.01'))
}
