import { abs, compare, type Decimal, multiply, subtract } from '#billing/decimal.ts'
import type { InvoiceLine } from './line.ts'

/** What a correction bills: quantity × price, and quantity × cost. */
type Difference = Pick<InvoiceLine, 'quantity' | 'unitPrice' | 'unitCost'>

/**
 * The Correction line for what its source says of a posted line now; `now` undefined: it says nothing of it any more
 * (FEATURES 4.5). Its quantity × price is exactly what now says minus what was posted, its quantity × cost likewise: the
 * units that came or went at their price, or the same units at the difference of prices, or where both changed one unit
 * at the difference of the amounts. Less is a positive quantity at a negative price. Undefined when there is no
 * difference in money, or none that can be told: another currency, or money that only one of the two states.
 */
export function correctionOf(posted: InvoiceLine, now: InvoiceLine | undefined, id: string): InvoiceLine | undefined {
  const difference = now ? differenceOf(posted, now) : negativeOf(posted)
  if (difference === undefined || isNothing(difference)) return undefined
  const { quantity: _, unitPrice: __, unitCost: ___, custom: ____, ...same } = now ?? posted
  return { ...same, id, chargeType: 'Correction', ...difference }
}

function differenceOf(posted: InvoiceLine, now: InvoiceLine): Difference | undefined {
  if (posted.currency !== now.currency || !statesSame(posted, now)) return undefined
  if (compare(posted.quantity, now.quantity) === 0) return byPrice(posted, now)
  const isSamePrice = isEqual(posted.unitPrice, now.unitPrice) && isEqual(posted.unitCost, now.unitCost)
  if (isSamePrice) return unitsAt(subtract(now.quantity, posted.quantity), now)
  return { quantity: '1', ...money((field) => subtract(amountOf(now, field), amountOf(posted, field))) }
}

const negativeOf = (posted: InvoiceLine): Difference => unitsAt(subtract('0', posted.quantity), posted)

const byPrice = (posted: InvoiceLine, now: InvoiceLine): Difference => {
  const sign = compare(now.quantity, '0') < 0 ? '-1' : '1'
  const apart = money((field) => multiply(sign, subtract(now[field] ?? '0', posted[field] ?? '0')))
  return { quantity: abs(now.quantity), ...apart }
}

/** Fewer units at a price are as many at its negative; without a price only the quantity can say so. */
function unitsAt(quantity: Decimal, { unitPrice, unitCost }: InvoiceLine): Difference {
  const isLess = compare(quantity, '0') < 0
  if (unitPrice === undefined || !isLess)
    return {
      quantity,
      ...(unitPrice === undefined ? {} : { unitPrice }),
      ...(unitCost === undefined ? {} : { unitCost }),
    }
  return { quantity: abs(quantity), unitPrice: negate(unitPrice), unitCost: negate(unitCost ?? '0') }
}

const money = (of: (field: 'unitPrice' | 'unitCost') => Decimal) => ({
  unitPrice: of('unitPrice'),
  unitCost: of('unitCost'),
})

const negate = (value: Decimal): Decimal => subtract('0', value)

const amountOf = (line: InvoiceLine, field: 'unitPrice' | 'unitCost'): Decimal =>
  multiply(line.quantity, line[field] ?? '0')

const isEqual = (a: Decimal | undefined, b: Decimal | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && compare(a, b) === 0)

const statesSame = (a: InvoiceLine, b: InvoiceLine): boolean =>
  (['unitPrice', 'unitCost'] as const).every((field) => (a[field] === undefined) === (b[field] === undefined))

/** Units without a price are billed at the catalogue's. */
const isNothing = ({ quantity, unitPrice, unitCost }: Difference): boolean =>
  compare(quantity, '0') === 0 ||
  (unitPrice !== undefined && compare(unitPrice, '0') === 0 && compare(unitCost ?? '0', '0') === 0)
