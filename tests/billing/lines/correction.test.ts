import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, multiply, subtract } from '#billing/decimal.ts'
import { correctionOf } from '#billing/lines/correction.ts'
import { aLine } from './line-world.ts'

const quantity = fc.integer({ min: -400, max: 400 }).map((n) => String(n / 4))
const money = fc.integer({ min: -2000, max: 2000 }).map((cents) => String(cents / 100))
const said = fc.record({ quantity, unitPrice: money, unitCost: money }).map(aLine)

describe('a correction of a posted line (4.5)', () => {
  it.each([
    ['units that came', { quantity: '7' }, { quantity: '2', unitPrice: '4', unitCost: '2' }],
    ['units that went', { quantity: '3' }, { quantity: '2', unitPrice: '-4', unitCost: '-2' }],
    ['another price', { unitPrice: '4.5' }, { quantity: '5', unitPrice: '0.5', unitCost: '0' }],
    ['both', { quantity: '7', unitPrice: '3' }, { quantity: '1', unitPrice: '1', unitCost: '4' }],
  ])('bills the difference: %s', (_, now, difference) => {
    expect(correctionOf(aLine(), aLine(now), 'L-1/1')).toEqual({
      ...{ ...aLine(), id: 'L-1/1', chargeType: 'Correction' },
      ...difference,
    })
  })

  it('takes back all of a line its source does not name any more', () => {
    const line = correctionOf(aLine({ custom: true }), undefined, 'L-1/1')
    expect(line).toEqual({
      ...{ ...aLine(), id: 'L-1/1', chargeType: 'Correction' },
      ...{ quantity: '5', unitPrice: '-4', unitCost: '-2' },
    })
  })

  it('is none where no money changes, or nobody can tell by how much', () => {
    const { unitPrice: _, ...unpriced } = aLine()
    expect(correctionOf(aLine(), aLine({ subscriptionName: 'Renamed' }), 'x')).toBeUndefined()
    expect(correctionOf(aLine(), aLine({ currency: 'EUR' }), 'x')).toBeUndefined()
    expect(correctionOf(unpriced, aLine(), 'x')).toBeUndefined()
    expect(correctionOf(unpriced, { ...unpriced, quantity: '3' }, 'x')?.quantity).toBe('-2')
  })

  it('bills exactly what now says minus what was posted, cost likewise', () => {
    fc.assert(
      fc.property(said, fc.option(said, { nil: undefined }), (posted, now) => {
        const line = correctionOf(posted, now, 'x')
        for (const field of ['unitPrice', 'unitCost'] as const) {
          const wanted = subtract(
            now ? multiply(now.quantity, now[field] ?? '0') : '0',
            multiply(posted.quantity, posted[field] ?? '0'),
          )
          const billed = line ? multiply(line.quantity, line[field] ?? '0') : '0'
          expect(billed).toBe(wanted)
        }
        expect(line === undefined || compare(line.quantity, '0') !== 0).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
