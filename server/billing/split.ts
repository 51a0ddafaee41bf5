import { add, compare, type Decimal, subtract } from './decimal.ts'
import type { Rule } from './rule.ts'

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
export function splitProblem({ minimum, maximum }: Rule, here: Decimal): string | undefined {
  if (compare(here, '0') <= 0) return 'must be above 0'
  if (minimum !== undefined && compare(here, minimum) < 0) return `must not be below the minimum ${minimum}`
  if (maximum !== undefined && compare(here, maximum) >= 0) return `must be below the maximum ${maximum}`
  return undefined
}
