import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arithmetic, plainRule, type Rule } from '#billing/rule.ts'
import { stepsOf } from '#billing/steps.ts'

const amount = fc.option(fc.nat({ max: 40 }).map(String), { nil: undefined })
const rules = fc
  .record({
    above: amount,
    included: amount,
    minimum: amount,
    maximum: amount,
    packSize: fc.option(fc.integer({ min: 1, max: 9 }).map(String), { nil: undefined }),
    rounding: fc.option(fc.constantFrom('up' as const, 'down' as const, 'nearest' as const, 'none' as const), {
      nil: undefined,
    }),
  })
  .map((given) => {
    const set = Object.entries(given).filter(([, value]) => value !== undefined)
    return { ...plainRule, ...Object.fromEntries(set) } as Rule
  })

describe('the arithmetic step by step (4.9)', () => {
  it('ends with the quantity that is written, whatever the rule', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.nat({ max: 400 }).map((n) => String(n / 4)),
          { minLength: 1, maxLength: 3 },
        ),
        rules,
        (readings, rule) => {
          expect(stepsOf(readings, rule).at(-1)?.value).toBe(arithmetic(readings, rule))
        },
      ),
    )
  })

  it('names each step: 12, included 5, minimum 10, packs of 5', () => {
    expect(stepsOf(['12'], { ...plainRule, included: '5', minimum: '10', packSize: '5' })).toEqual([
      { text: 'read', value: '12' },
      { text: 'less 5 included', value: '7' },
      { text: 'at least 10', value: '10' },
      { text: 'in packs of 5, rounded up', value: '2' },
    ])
  })
})
