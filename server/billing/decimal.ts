import Big from 'big.js'

/** An exact decimal as text in its shortest form: `12`, `12.5`, `-0.0001`. Equal numbers are equal texts (I10). */
export type Decimal = string

export const zero: Decimal = '0'

/** Reads a number or decimal text; rounds away binary noise beyond `places`. Throws on NaN, infinity and other text. */
export function decimal(value: number | string, places = 10): Decimal {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value === 0 ? 0 : value)
  return shortest(new Big(value).round(places, Big.roundHalfUp))
}

export const add = (a: Decimal, b: Decimal): Decimal => shortest(new Big(a).plus(b))
export const subtract = (a: Decimal, b: Decimal): Decimal => shortest(new Big(a).minus(b))
export const multiply = (a: Decimal, b: Decimal): Decimal => shortest(new Big(a).times(b))
export const compare = (a: Decimal, b: Decimal): number => (a === b ? 0 : new Big(a).cmp(b))
export const max = (a: Decimal, b: Decimal): Decimal => (compare(a, b) >= 0 ? a : b)
export const min = (a: Decimal, b: Decimal): Decimal => (compare(a, b) <= 0 ? a : b)
export const abs = (a: Decimal): Decimal => (a.startsWith('-') ? a.slice(1) : a)

/** Half up to `places` decimals, the rounding FEATURES section 4 means by "rounded". */
export const round = (a: Decimal, places: number): Decimal => shortest(new Big(a).round(places, Big.roundHalfUp))

/** Divides and rounds in one step, so that no repeating decimal is ever stored. */
export function divide(a: Decimal, by: Decimal, rounding: 'up' | 'down' | 'nearest' | 'none'): Decimal {
  const remainderFree = { up: Big.roundUp, down: Big.roundDown, nearest: Big.roundHalfUp }
  const quotient = new Big(a).div(by)
  return shortest(rounding === 'none' ? quotient.round(4, Big.roundHalfUp) : quotient.round(0, remainderFree[rounding]))
}

/** The number of digits behind the point. */
export const decimalsOf = (a: Decimal): number => a.split('.')[1]?.length ?? 0

function shortest(value: Big): Decimal {
  return value.eq(0) ? '0' : value.toFixed()
}
