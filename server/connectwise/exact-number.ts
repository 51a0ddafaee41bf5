import { compare, type Decimal } from '#billing/decimal.ts'
import { Problem } from '#server/problem.ts'

/** JSON numbers are doubles: a decimal that one cannot hold is not sent (I10). */
export function exactNumber(name: string, value: Decimal): number {
  const number = Number(value)
  if (!Number.isFinite(number) || compare(String(number), value) !== 0) {
    throw new Problem('invalid', `The ${name} ${value} cannot be sent to ConnectWise exactly.`)
  }
  return number
}
