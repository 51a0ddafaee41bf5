import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BillingOption } from '#billing/existing.ts'
import { daysIn, type Grid, gridOf, nextPeriod, periodAt, periodName } from '#billing/grid.ts'
import { addDays } from '#billing/period.ts'
import { ProratedWorld } from './prorated-world.ts'

const gridFor = (fields: ConstructorParameters<typeof ProratedWorld>[0]): Grid | undefined =>
  gridOf(new ProratedWorld(fields).agreement)

const contract = { invoicingCycle: 'ContractYear' } as const

/** The first days of some periods from the one that holds a day. */
function starts(grid: Grid | undefined, day: string, count: number): string[] {
  if (!grid) return []
  const periods = [periodAt(grid, day)]
  while (periods.length < count) periods.push(nextPeriod(grid, periods.at(-1) ?? periodAt(grid, day)))
  return periods.map(({ from }) => from)
}

describe('the period grid', () => {
  it('counts each start from the anchor, so that the 31st and a leap day do not drift (PR15)', () => {
    expect(starts(gridFor({ ...contract, billStartOn: '2027-01-31' }), '2027-01-31', 5)).toEqual([
      '2027-01-31',
      '2027-02-28',
      '2027-03-31',
      '2027-04-30',
      '2027-05-31',
    ])
    const yearly = gridFor({ ...contract, billStartOn: '2028-02-29', billingOption: 'Yearly' })
    expect(starts(yearly, '2028-02-29', 5)).toEqual([
      '2028-02-29',
      '2029-02-28',
      '2030-02-28',
      '2031-02-28',
      '2032-02-29',
    ])
  })

  it('begins with the calendar or with the contract; weeks always with the contract', () => {
    const billStartOn = '2026-02-15'
    const quarterly = { billingOption: 'Quarterly', billStartOn } as const
    expect(starts(gridFor(quarterly), '2026-11-17', 2)).toEqual(['2026-10-01', '2027-01-01'])
    expect(starts(gridFor({ ...quarterly, ...contract }), '2026-11-17', 2)).toEqual(['2026-11-15', '2027-02-15'])
    expect(starts(gridFor({ billingOption: 'BiWeekly', billStartOn }), '2026-03-01', 2)).toEqual([
      '2026-03-01',
      '2026-03-15',
    ])
    expect(starts(gridFor({ ...contract, startOn: '2026-01-10' }), '2026-11-17', 1)).toEqual(['2026-11-10'])
  })

  it('is not known without a cycle that recurs, a way to count, or an anchor (R5)', () => {
    expect(gridFor({ billingOption: undefined })).toBeUndefined()
    expect(gridFor({ billingOption: 'NotRecurring' })).toBeUndefined()
    expect(gridFor({ invoicingCycle: undefined })).toBeUndefined()
    expect(gridFor({ ...contract, startOn: undefined })).toBeUndefined()
  })

  it('calls a calendar month by its name, and other periods by their days', () => {
    expect(periodName({ from: '2026-11-01', to: '2026-11-30' })).toBe('November 2026')
    expect(periodName({ from: '2026-11-15', to: '2026-12-14' })).toBe('2026-11-15 to 2026-12-14')
    expect(periodName({ from: '2026-10-01', to: '2026-12-31' })).toBe('2026-10-01 to 2026-12-31')
  })

  it('holds every day in exactly one period, whatever the cycle and the anchor', () => {
    const options: BillingOption[] = ['Weekly', 'BiWeekly', 'Monthly', 'BiMonthly', 'Quarterly', 'SemiAnnual', 'Yearly']
    const days = fc.integer({ min: -1500, max: 4000 }).map((n) => addDays('2026-01-01', n))
    const cycles = fc.constantFrom('ContractYear' as const, 'CalendarYear' as const)
    fc.assert(
      fc.property(
        fc.constantFrom(...options),
        cycles,
        days,
        days,
        (billingOption, invoicingCycle, billStartOn, day) => {
          const grid = gridFor({ billingOption, invoicingCycle, billStartOn })
          if (!grid) throw new Error('no grid')
          const period = periodAt(grid, day)
          expect(period.from <= day && day <= period.to).toBe(true)
          expect(periodAt(grid, period.from)).toEqual(period)
          expect(periodAt(grid, period.to)).toEqual(period)
          expect(nextPeriod(grid, period).from).toBe(addDays(period.to, 1))
          expect(daysIn(period)).toBeLessThanOrEqual(366)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
