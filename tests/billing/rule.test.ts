import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, compare, decimal, subtract } from '#billing/decimal.ts'
import { arithmetic, type Rule, ruleProblems, ruleText } from '#billing/rule.ts'

const rule = (fields: Partial<Rule>): Rule => ({ write: ['quantity'], ...fields })

describe('V7 P1: quantity arithmetic (4.9)', () => {
  it.each<[string[], Partial<Rule>, string]>([
    [['12'], {}, '12'],
    [['12.5'], { rounding: 'none' }, '12.5'],
    [['12.5'], { rounding: 'up' }, '13'],
    [['12.5'], { rounding: 'down' }, '12'],
    [['12.5'], { rounding: 'nearest' }, '13'],
    [['7'], { minimum: '10' }, '10'],
    [['0'], { minimum: '10' }, '10'],
    [['120'], { maximum: '100' }, '100'],
    [['12'], { included: '5' }, '7'],
    [['3'], { included: '5' }, '0'],
    [['250'], { packSize: '100' }, '3'],
    [['250'], { packSize: '100', rounding: 'down' }, '2'],
    [['12'], { included: '5', minimum: '10', packSize: '5' }, '2'],
    [['16'], { maximum: '10' }, '10'],
    [['16'], { above: '10' }, '6'],
    [['7', '5', '0.5'], {}, '12.5'],
  ])('%j under %j is %s', (readings, fields, quantity) => {
    expect(arithmetic(readings, rule(fields))).toBe(quantity)
  })

  it('refuses a rule that contradicts itself, in words', () => {
    expect(ruleProblems(rule({ minimum: '10', maximum: '5' }))).toEqual(['minimum 10 is greater than maximum 5'])
    expect(ruleProblems(rule({ included: '-1' }))).toEqual(['included is -1: it must not be negative'])
    expect(ruleProblems(rule({ packSize: '0' }))).toEqual(['packSize is 0: it must be above 0'])
    expect(ruleProblems(rule({ minimum: '1', maximum: '1' }))).toEqual([])
  })

  it('equal rules have one text, whatever their spelling', () => {
    expect(ruleText(rule({ minimum: '1.0' }))).toBe(ruleText(rule({ minimum: '1' })))
    expect(ruleText({ write: ['price', 'quantity'] })).toBe(ruleText({ write: ['quantity', 'price'] }))
    expect(ruleText(rule({ minimum: '1' }))).not.toBe(ruleText(rule({ maximum: '1' })))
  })
})

const quantity = fc.integer({ min: 0, max: 10_000_000 * 10_000 }).map((units) => decimal(`${units}e-4`, 4))
const whole = fc.integer({ min: 0, max: 10_000 }).map(String)

describe('properties of the arithmetic', () => {
  it('a maximum and the rest above it add up to the whole (E1)', () => {
    fc.assert(
      fc.property(quantity, whole, (reading, at) => {
        const first = arithmetic([reading], rule({ maximum: at }))
        const rest = arithmetic([reading], rule({ above: at }))
        expect(add(first, rest)).toBe(reading)
      }),
      { numRuns: 1000 },
    )
  })

  it('never lowers the quantity when a reading rises', () => {
    const rules = fc.record(
      {
        above: whole,
        included: whole,
        packSize: fc.integer({ min: 1, max: 100 }).map(String),
        rounding: fc.constantFrom('up', 'down', 'nearest', 'none'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(quantity, quantity, rules, (a, b, fields) => {
        const [low, high] = compare(a, b) < 0 ? [a, b] : [b, a]
        const [before, after] = [low, high].map((reading) => arithmetic([reading], rule(fields as Partial<Rule>)))
        expect(compare(after ?? '', before ?? '')).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })

  it('packs cover the reading when rounded up, and no pack is empty', () => {
    fc.assert(
      fc.property(quantity, fc.integer({ min: 1, max: 1000 }), (reading, size) => {
        const packs = Number(arithmetic([reading], rule({ packSize: String(size) })))
        expect(packs * size).toBeGreaterThanOrEqual(Number(reading))
        expect(Math.max(0, packs - 1) * size).toBeLessThanOrEqual(Number(reading))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('decimals (I10)', () => {
  it('parse, store and read are identity, and sums are exact', () => {
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        expect(decimal(a)).toBe(a)
        expect(decimal(Number(a), 4)).toBe(a)
        expect(subtract(add(a, b), b)).toBe(a)
      }),
      { numRuns: 1000 },
    )
  })

  it('takes binary noise out of what an API answers', () => {
    expect(decimal(10.000000000000002, 4)).toBe('10')
    expect(decimal(0.1 + 0.2, 4)).toBe('0.3')
    expect(() => decimal(Number.NaN)).toThrow()
    expect(() => decimal(Number.POSITIVE_INFINITY)).toThrow()
  })
})
