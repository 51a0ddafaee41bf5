import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, decimal, multiply } from '#billing/decimal.ts'
import { sumOfProducts } from '#billing/lines/totals.ts'

const quantity = fc.tuple(fc.integer({ min: -1e11, max: 1e11 }), fc.integer({ min: 0, max: 4 })).map(scaled)
const money = fc.tuple(fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }), fc.integer({ min: 0, max: 10 })).map(scaled)

function scaled([whole, places]: [number | bigint, number]): string {
  const digits = String(whole)
    .replace('-', '')
    .padStart(places + 1, '0')
  const at = digits.length - places
  return decimal(`${whole < 0 ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}0`, 40)
}

describe('totals of lines', () => {
  it('add amounts up as a person with paper would', () => {
    expect(sumOfProducts('2×4.5 1×10 -1×0.0001')).toBe('18.9999')
    expect(sumOfProducts('0.1×0.1 0.2×0.1')).toBe('0.03')
    expect(sumOfProducts('0×5')).toBe('0')
  })

  it('are exact for any quantities and prices a source may state', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(quantity, money), { minLength: 1, maxLength: 40 }), (lines) => {
        const said = lines.map(([a, b]) => `${a}×${b}`).join(' ')
        expect(sumOfProducts(said)).toBe(lines.reduce((sum, [a, b]) => add(sum, multiply(a, b)), '0'))
      }),
      { numRuns: 1_000 },
    )
  })
})
