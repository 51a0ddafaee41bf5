import { add, type Decimal } from './decimal.ts'
import { arithmetic, type Rule, roundingOf } from './rule.ts'

/** One step from readings to a quantity, and what it made of the number (FEATURES 4.9). */
export interface Step {
  text: string
  value: Decimal
}

/** The rule's parts in the order they are applied. */
const order = ['above', 'included', 'minimum', 'maximum'] as const

const texts: Record<(typeof order)[number], (n: Decimal) => string> = {
  above: (n) => `only what is above ${n}`,
  included: (n) => `less ${n} included`,
  minimum: (n) => `at least ${n}`,
  maximum: (n) => `at most ${n}`,
}

/** The arithmetic of a rule step by step; the last value is what `arithmetic` makes. Steps the rule does not name are left out. */
export function stepsOf(readings: readonly Decimal[], rule: Rule): Step[] {
  const steps: Step[] = [
    { text: readings.length === 1 ? 'read' : 'sum of what is read', value: readings.reduce(add, '0') },
  ]
  let so: Rule = { write: rule.write }
  for (const part of order) {
    const n = rule[part]
    if (n === undefined) continue
    so = { ...so, [part]: n }
    steps.push({ text: texts[part](n), value: arithmetic(readings, { ...so, rounding: 'none' }) })
  }
  const rounding = roundingText(rule)
  return rounding === undefined ? steps : [...steps, { text: rounding, value: arithmetic(readings, rule) }]
}

function roundingText(rule: Rule): string | undefined {
  const { packSize } = rule
  const packs = packSize === undefined ? [] : [`in packs of ${packSize}`]
  const way = roundingOf(rule)
  const rounded = way === 'none' ? [] : [`rounded ${way === 'nearest' ? 'to the nearest' : way}`]
  const parts = [...packs, ...rounded]
  return parts.length === 0 ? undefined : parts.join(', ')
}
