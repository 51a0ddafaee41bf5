import { patternProblems } from './counted.ts'
import { add, compare, type Decimal, decimal, divide, max, min, subtract } from './decimal.ts'

/** What may be written of an addition, in the order in which people read it. */
export const writableFields = ['quantity', 'cost', 'price'] as const

export type WritableField = (typeof writableFields)[number]

/** What a mapping may write and the arithmetic from readings to a quantity (FEATURES 4.9). */
export interface Rule {
  write: readonly WritableField[]
  above?: Decimal
  included?: Decimal
  minimum?: Decimal
  maximum?: Decimal
  packSize?: Decimal
  rounding?: 'up' | 'down' | 'nearest' | 'none'
  /** Parts of a period are billed by dated lines (4.1). */
  prorate?: boolean
  /** People whose name or e-mail fits one of these are not counted; `*` stands for anything (V12). */
  exclude?: readonly string[]
}

export const plainRule: Rule = { write: ['quantity'] }

/** The quantity a rule makes of the readings of one addition, in packs when the rule has a pack size (FEATURES 4.9). */
export function arithmetic(readings: readonly Decimal[], rule: Rule): Decimal {
  let x = readings.reduce(add, '0')
  if (rule.above !== undefined) x = max('0', subtract(x, rule.above))
  if (rule.included !== undefined) x = max('0', subtract(x, rule.included))
  if (rule.minimum !== undefined) x = max(x, rule.minimum)
  if (rule.maximum !== undefined) x = min(x, rule.maximum)
  return divide(x, rule.packSize ?? '1', roundingOf(rule))
}

/** Packs are bought whole, unless the rule says otherwise. */
export const roundingOf = ({ rounding, packSize }: Rule): NonNullable<Rule['rounding']> =>
  rounding ?? (packSize === undefined ? 'none' : 'up')

/** What is wrong with a rule, in words; empty when it can be used (FEATURES 4.9). */
export function ruleProblems(rule: Rule): string[] {
  const problems: string[] = []
  for (const field of ['above', 'included', 'minimum', 'maximum'] as const) {
    const value = rule[field]
    if (value !== undefined && compare(value, '0') < 0) problems.push(`${field} is ${value}: it must not be negative`)
  }
  if (rule.packSize !== undefined && compare(rule.packSize, '0') <= 0)
    problems.push(`packSize is ${rule.packSize}: it must be above 0`)
  if (rule.minimum !== undefined && rule.maximum !== undefined && compare(rule.minimum, rule.maximum) > 0)
    problems.push(`minimum ${rule.minimum} is greater than maximum ${rule.maximum}`)
  return [...problems, ...patternProblems(rule.exclude ?? [])]
}

/** One text for equal rules, whatever order and spelling their fields came in. */
export function ruleText(rule: Rule): string {
  const { above, included, minimum, maximum, packSize, rounding } = rule
  const numbers = { above, included, minimum, maximum, packSize }
  const canonical = Object.entries(numbers).map(([k, v]) => [k, v === undefined ? null : decimal(v)])
  const counting = [...(rule.prorate ? ['prorate'] : []), ...[...(rule.exclude ?? [])].sort()]
  return JSON.stringify([[...rule.write].sort(), canonical, rounding ?? null, ...(counting.length ? [counting] : [])])
}
