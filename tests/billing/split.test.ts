import fc from 'fast-check'
import { expect, it } from 'vitest'
import { add } from '#billing/decimal.ts'
import { arithmetic, type Rule, ruleProblems } from '#billing/rule.ts'
import { splitProblem, splitRule } from '#billing/split.ts'

const rule = (fields: Partial<Rule>): Rule => ({ write: ['quantity'], ...fields })

it('E1 V12: 16 split at 10 is 10 and 6', () => {
  const { first, rest } = splitRule(rule({}), '10')
  expect([first, rest]).toEqual([rule({ maximum: '10' }), rule({ above: '10' })])
  expect([arithmetic(['16'], first), arithmetic(['16'], rest)]).toEqual(['10', '6'])
})

it('M25: what two additions get adds up to what one would have got, whatever the rule and the reading', () => {
  const n = fc.integer({ min: 0, max: 60 }).map(String)
  const packSize = fc.constantFrom('1', '2', '5', '2.5')
  const rounding = fc.constantFrom('up', 'down', 'nearest', 'none')
  const rules = fc.record({ above: n, included: n, maximum: n, packSize, rounding }, { requiredKeys: [] })
  const here = fc.integer({ min: 1, max: 60 }).map(String)
  fc.assert(
    fc.property(n, rules, here, (reading, fields, at) => {
      const whole = rule(fields)
      fc.pre(splitProblem(whole, at) === undefined)
      const { first, rest } = splitRule(whole, at)
      expect(add(arithmetic([reading], first), arithmetic([reading], rest))).toBe(arithmetic([reading], whole))
      expect([...ruleProblems(first), ...ruleProblems(rest)]).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

it('a split is refused where it contradicts the rule (4.9)', () => {
  expect(splitProblem(rule({}), '0')).toBe('must be above 0')
  expect(splitProblem(rule({ minimum: '10' }), '5')).toBe('must not be below the minimum 10')
  expect(splitProblem(rule({ maximum: '10' }), '10')).toBe('must be below the maximum 10')
  expect(splitProblem(rule({ minimum: '5', maximum: '20' }), '10')).toBeUndefined()
  expect(splitProblem(rule({ rounding: 'nearest' }), '10.5')).toBe('must be whole, as the rule rounds')
})

it('M25: no pack is cut in two, which would be billed as two packs', () => {
  const packs = rule({ packSize: '5' })
  expect(splitProblem(packs, '6')).toBe('must be whole packs of 5')
  expect(splitProblem(packs, '10')).toBeUndefined()
  const { first, rest } = splitRule(packs, '10')
  expect([arithmetic(['12'], packs), arithmetic(['12'], first), arithmetic(['12'], rest)]).toEqual(['3', '2', '1'])
})
