import Big from 'big.js'

/** An exact decimal as text in its shortest form: `12`, `12.5`, `-0.0001`. Equal numbers are equal texts (I10). */
export type Decimal = string

/** Reads a number or decimal text; rounds away binary noise beyond `places`. Throws on NaN, infinity and other text. */
export function decimal(value: number | string, places = 10): Decimal {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value === 0 ? 0 : value)
  return shortest(new Big(value).round(places, Big.roundHalfUp))
}

export const add = (a: Decimal, b: Decimal): Decimal =>
  areSmall(a, b) ? String(Number(a) + Number(b)) : shortest(new Big(a).plus(b))
export const subtract = (a: Decimal, b: Decimal): Decimal =>
  areSmall(a, b) ? String(Number(a) - Number(b)) : shortest(new Big(a).minus(b))
export const multiply = (a: Decimal, b: Decimal): Decimal => shortest(new Big(a).times(b))
export const compare = (a: Decimal, b: Decimal): number => {
  if (a === b) return 0
  return areSmall(a, b) ? Math.sign(Number(a) - Number(b)) : new Big(a).cmp(b)
}
export const max = (a: Decimal, b: Decimal): Decimal => (compare(a, b) >= 0 ? a : b)
export const min = (a: Decimal, b: Decimal): Decimal => (compare(a, b) <= 0 ? a : b)
export const abs = (a: Decimal): Decimal => (a.startsWith('-') ? a.slice(1) : a)

/** Divides and rounds in one step, so that no repeating decimal is ever stored. */
export function divide(a: Decimal, by: Decimal, rounding: 'up' | 'down' | 'nearest' | 'none'): Decimal {
  if (by === '1' && decimalsOf(a) === 0) return a
  const remainderFree = { up: Big.roundUp, down: Big.roundDown, nearest: Big.roundHalfUp }
  const quotient = new Big(a).div(by)
  return shortest(rounding === 'none' ? quotient.round(4, Big.roundHalfUp) : quotient.round(0, remainderFree[rounding]))
}

/** `part` of `whole` shares of an amount, rounded half up in one step. */
export const share = (amount: Decimal, part: number, whole: number, places: number): Decimal =>
  shortest(new Big(amount).times(part).div(whole).round(places, Big.roundHalfUp))

/** The number of digits behind the point. */
export function decimalsOf(a: Decimal): number {
  const point = a.indexOf('.')
  return point < 0 ? 0 : a.length - point - 1
}

/** Whole numbers whose sum and difference a double holds exactly, as nearly all quantities are: a plan has many. */
const areSmall = (a: Decimal, b: Decimal): boolean => smallWhole.test(a) && smallWhole.test(b)
const smallWhole = /^-?\d{1,14}$/

function shortest(value: Big): Decimal {
  return value.eq(0) ? '0' : value.toFixed()
}
