import { type Decimal, multiply, subtract } from './decimal.ts'
import type { Fields } from './plan.ts'

/** What a change of an addition changes per billing cycle; nothing where the price is not known. */
export function amountOf(before: Fields, after: Fields): { amount?: Decimal } {
  const price = after.price ?? before.price
  if (price === undefined) return {}
  const was = multiply(before.quantity ?? '0', before.price ?? price)
  return { amount: subtract(multiply(after.quantity ?? before.quantity ?? '0', price), was) }
}
