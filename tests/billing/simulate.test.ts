import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '#billing/period.ts'
import { simulate } from '#billing/simulate.ts'
import { ProratedWorld } from './prorated-world.ts'

const open = { nextInvoiceOn: '2026-11-01' }
const sayings = (world: ProratedWorld, day: string, users: number) =>
  simulate(world.input({ day, users }), 'm').invoices.map(({ on, lines, total }) => [
    on,
    ...lines.map(
      ({ kind, quantity, days, ofDays, amount }) => `${kind} ${quantity}, ${days} of ${ofDays} days: ${amount}`,
    ),
    total,
  ])

describe('the next two invoices (V22)', () => {
  it('show a rise in an invoiced period (PR1)', () => {
    expect(sayings(new ProratedWorld(), '2026-11-17', 12)).toEqual([
      ['2026-12-01', 'standing 12, 31 of 31 days: 120', 'dated 2, 14 of 30 days: 9.33', '129.33'],
      ['2027-01-01', 'standing 12, 31 of 31 days: 120', '120'],
    ])
  })

  it('show a rise in an open period (PR2, PR3)', () => {
    expect(sayings(new ProratedWorld(open), '2026-11-17', 12)).toEqual([
      ['2026-11-01', 'standing 10, 30 of 30 days: 100', 'dated 2, 14 of 30 days: 9.33', '109.33'],
      ['2026-12-01', 'standing 12, 31 of 31 days: 120', '120'],
    ])
  })

  it('show whole periods and why, where the agreement does not prorate (PR17)', () => {
    const world = new ProratedWorld({ ...open, prorate: false })
    expect(simulate(world.input({ day: '2026-11-17', users: 12 }), 'm').refusal).toBe('the agreement does not prorate')
    expect(sayings(world, '2026-11-17', 12)).toEqual([
      ['2026-11-01', 'standing 12, 30 of 30 days: 120', '120'],
      ['2026-12-01', 'standing 12, 31 of 31 days: 120', '120'],
    ])
  })

  it('say what would wait, and that nothing can be foreseen without a cycle (PR13, R5)', () => {
    const quarterly = new ProratedWorld({
      billingOption: 'Quarterly',
      billingCycle: 'Quarterly',
      nextInvoiceOn: '2027-01-01',
    })
    expect(simulate(quarterly.input({ day: '2026-11-17', users: 12 }), 'm').waits).toBe(
      'the first dated line of an agreement billed Quarterly',
    )
    const none = new ProratedWorld({ billingOption: undefined })
    expect(simulate(none.input({ day: '2026-11-17', users: 12 }), 'm')).toEqual({
      refusal: 'its billing cycle is not known',
      invoices: [],
    })
  })

  it('equal what is then written and invoiced', () => {
    const night = fc.record({
      days: fc.integer({ min: 0, max: 12 }),
      users: fc.integer({ min: 5, max: 16 }),
      invoiced: fc.boolean(),
    })
    const nights = fc.array(night, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(nights, fc.constantFrom('2026-11-01', '2026-12-01', '2027-01-01'), (told, next) => {
        const world = new ProratedWorld({ nextInvoiceOn: next })
        let day = '2026-11-01'
        for (const { days, users, invoiced } of told.slice(0, -1)) {
          day = addDays(day, days + 1)
          world.counts(day, users)
          if (invoiced) world.invoice()
        }
        const users = told.at(-1)?.users ?? 10
        day = addDays(day, 1)
        const foreseen = simulate(world.input({ day, users }), 'm').invoices.map(({ total }) => Number(total))
        const first = Number(world.counts(day, users).invoice().billed)
        const second = Number(world.counts(day, users).invoice().billed)
        expect(foreseen).toEqual([first, second])
      }),
      { numRuns: 1000 },
    )
  }, 180_000)
})
