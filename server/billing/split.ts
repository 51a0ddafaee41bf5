import { add, compare, type Decimal, divide, multiply, subtract } from './decimal.ts'
import { type Rule, roundingOf } from './rule.ts'

/**
 * One count on two additions: the first takes at most `here` of it, the other what is above (FEATURES 4.9, E1). What is
 * taken off before stays taken off once; a minimum stays with the first, a maximum is that of both together.
 */
export function splitRule(rule: Rule, here: Decimal): { first: Rule; rest: Rule } {
  const { above = '0', minimum: _, maximum, ...same } = rule
  return {
    first: { ...rule, maximum: here },
    rest: {
      ...same,
      above: add(above, here),
      ...(maximum === undefined ? {} : { maximum: subtract(maximum, here) }),
    },
  }
}

/** Why a rule cannot be split there, in words; undefined when it can. */
export function splitProblem(rule: Rule, here: Decimal): string | undefined {
  const { minimum, maximum, packSize = '1' } = rule
  if (compare(here, '0') <= 0) return 'must be above 0'
  if (minimum !== undefined && compare(here, minimum) < 0) return `must not be below the minimum ${minimum}`
  if (maximum !== undefined && compare(here, maximum) >= 0) return `must be below the maximum ${maximum}`
  // Rounded apart, two parts of one pack would be billed as two.
  if (roundingOf(rule) !== 'none' && multiply(divide(here, packSize, 'down'), packSize) !== here)
    return packSize === '1' ? 'must be whole, as the rule rounds' : `must be whole packs of ${packSize}`
  return undefined
}
