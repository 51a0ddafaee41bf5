import { describe, expect, it } from 'vitest'
import { ProratedWorld } from './prorated-world.ts'

const open = { nextInvoiceOn: '2026-11-01' }
const quarterly = { billingCycle: 'Quarterly', billingOption: 'Quarterly', nextInvoiceOn: '2027-01-01' } as const
const fromThe15th = { invoicingCycle: 'ContractYear', billStartOn: '2026-01-15', nextInvoiceOn: '2026-12-15' } as const
const fromThe31st = { invoicingCycle: 'ContractYear', billStartOn: '2027-01-31', nextInvoiceOn: '2027-02-28' } as const
const february = (year: number, day: number) =>
  new ProratedWorld({ nextInvoiceOn: `${year}-03-01` }).counts(`${year}-02-${day}`, 11).invoice()

describe('proration, as its worked examples', () => {
  it('bills a rise in an invoiced period from its day, and raises the line at once (PR1, E4, R2)', () => {
    const world = new ProratedWorld().counts('2026-11-17', 12)
    expect(world.lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('129.33')
    expect(world.counts('2026-12-02', 12).invoice().billed).toBe('120.00')
  })

  it('bills a rise in an open period beside the line, which stays as it began (PR2, E5)', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12)
    expect(world.lines).toEqual(['standing 10', 'dated 2, 2026-11-17 → empty'])
    expect(world.invoice().billed).toBe('109.33')
  })

  it('ends the dated line after invoicing and raises the line, the closing first (PR3, E5, R3)', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12).invoice()
    world.counts('2026-12-01', 12)
    expect(world.rows.map(({ key, change, needs }) => ({ key, change, needs }))).toEqual([
      { key: 'addition:401', change: 'cancel', needs: undefined },
      { key: 'addition:301', change: 'update', needs: ['addition:401'] },
    ])
    expect(world.holds).toEqual([])
    expect(world.lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('120.00')
    expect(world.total.toFixed(2)).toBe('229.33')
  })

  it('makes no dated line for who joins on the first day of an open period (PR4)', () => {
    const world = new ProratedWorld(open).counts('2026-10-31', 10).counts('2026-11-01', 12)
    expect(world.lines).toEqual(['standing 12'])
    expect(world.invoice().billed).toBe('120.00')
  })

  it('bills the whole of a period that was invoiced before it began (PR5)', () => {
    const world = new ProratedWorld().counts('2026-11-27', 10).invoice().counts('2026-12-01', 12)
    expect(world.lines).toEqual(['standing 12', 'dated 2, 2026-12-01 → 2026-12-31'])
    expect(world.invoice().billed).toBe('140.00')
  })

  it('bills one day of who joins on the last day (PR6)', () => {
    const world = new ProratedWorld().counts('2026-11-30', 12)
    expect(world.lines).toEqual(['standing 12', 'dated 2, 2026-11-30 → 2026-11-30'])
    expect(world.invoice().billed).toBe('120.67')
  })

  it('bills one of 31 days (PR7)', () => {
    const world = new ProratedWorld({ nextInvoiceOn: '2027-02-01' }).counts('2027-01-31', 11)
    expect(world.lines).toEqual(['standing 11', 'dated 1, 2027-01-31 → 2027-01-31'])
    expect(world.invoice().billed).toBe('110.32')
  })

  it('knows how long February is (PR8)', () => {
    expect(february(2028, 29).billed).toBe('110.34')
    expect(february(2028, 10).billed).toBe('116.90')
    expect(february(2027, 10).billed).toBe('116.79')
  })

  it('gives no credit for a period that was invoiced (PR9)', () => {
    const world = new ProratedWorld(open).counts('2026-11-01', 10).invoice()
    expect(world.billed).toBe('100.00')
    expect(world.counts('2026-11-10', 8).holds).toEqual([])
    expect(world.lines).toEqual(['standing 8'])
    expect(world.invoice().billed).toBe('80.00')
  })

  it('lowers an open period’s line only when that is invoiced (PR10)', () => {
    const world = new ProratedWorld(open).counts('2026-11-10', 8)
    expect(world.lines).toEqual(['standing 10'])
    expect(world.invoice().billed).toBe('100.00')
    expect(world.counts('2026-12-01', 8).lines).toEqual(['standing 8'])
    expect(world.invoice().billed).toBe('80.00')
  })

  it('bills each of several joins from its own day (PR11)', () => {
    const world = new ProratedWorld()
    const standing = (
      [
        [5, 12],
        [12, 13],
        [20, 11],
        [25, 14],
      ] as const
    ).map(([day, users]) => world.counts(`2026-11-${String(day).padStart(2, '0')}`, users).lines[0])
    expect(standing).toEqual(['standing 12', 'standing 13', 'standing 11', 'standing 14'])
    expect(world.lines.slice(1)).toEqual([
      'dated 2, 2026-11-05 → 2026-11-30',
      'dated 1, 2026-11-12 → 2026-11-30',
      'dated 1, 2026-11-25 → 2026-11-30',
    ])
    expect(world.invoice().billed).toBe('165.66')
    expect(world.counts('2026-12-02', 14).invoice().billed).toBe('140.00')
  })

  it('does not bill a replacement twice (PR12)', () => {
    const world = new ProratedWorld(open).invoice()
    expect(world.counts('2026-11-10', 9).lines).toEqual(['standing 9'])
    expect(world.counts('2026-11-12', 10).lines).toEqual(['standing 10'])
    expect(world.invoice().billed).toBe('100.00')
  })

  it('holds the first dated line of another cycle than monthly, then bills days of that cycle (PR13, R5, U20, G14)', () => {
    const world = new ProratedWorld(quarterly, { unitPrice: '30' })
    world.approving = false
    expect(world.counts('2026-11-17', 12).lines).toEqual(['standing 10'])
    expect(world.holds).toEqual(['G14'])
    world.approving = true
    expect(world.counts('2026-11-17', 12).lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-12-31'])
    expect(world.invoice().billed).toBe('389.35')
    expect(world.counts('2027-01-05', 13).holds).toEqual([])
  })

  it('counts periods from the contract’s day (PR14)', () => {
    const world = new ProratedWorld(fromThe15th).counts('2026-12-03', 11)
    expect(world.lines).toEqual(['standing 11', 'dated 1, 2026-12-03 → 2026-12-14'])
    expect(world.invoice().billed).toBe('114.00')
  })

  it('does not drift from the 31st (PR15)', () => {
    const first = new ProratedWorld(fromThe31st).counts('2027-02-28', 11)
    expect(first.lines).toEqual(['standing 11'])
    expect(first.invoice().billed).toBe('110.00')
    const later = new ProratedWorld(fromThe31st).counts('2027-03-15', 11)
    expect(later.lines).toEqual(['standing 10', 'dated 1, 2027-03-15 → empty'])
    expect(later.invoice().billed).toBe('105.16')
    expect(later.next).toEqual({ from: '2027-03-31', to: '2027-04-29' })
  })

  it('bills a rise in every period that was invoiced ahead (PR16)', () => {
    const world = new ProratedWorld({ nextInvoiceOn: '2027-05-01' }).counts('2027-03-17', 12)
    expect(world.lines).toEqual(['standing 12', 'dated 2, 2027-03-17 → 2027-03-31', 'dated 2, 2027-04-01 → 2027-04-30'])
    expect(world.invoice().billed).toBe('149.68')
  })

  it('bills whole periods where the agreement does not prorate, and lists what was missed (PR17, R4)', () => {
    const world = new ProratedWorld({ ...open, prorate: false }).counts('2026-11-17', 12)
    expect(world.lines).toEqual(['standing 12'])
    expect(world.rows[0]?.reason).toContain('no dated line: the agreement does not prorate')
    expect(world.invoice().billed).toBe('120.00')

    const late = new ProratedWorld({ prorate: false })
    late.approving = false
    late.counts('2026-11-17', 12)
    expect(late.lines).toEqual(['standing 12'])
    expect(late.rows.map(({ holds, amount }) => [holds.map(({ guard }) => guard), amount])).toEqual([
      [['G11'], '9.33'],
      [[], '20'],
    ])
    expect(late.invoice().billed).toBe('120.00')
  })

  it('bills whole periods where proration is off, and lists nothing (PR18, R1)', () => {
    const world = new ProratedWorld()
    world.rule = { write: ['quantity'] }
    expect(world.counts('2026-11-17', 12).lines).toEqual(['standing 12'])
    expect(world.rows).toHaveLength(1)
    expect(world.state).toBeUndefined()
    expect(world.invoice().billed).toBe('120.00')
  })

  it('revises a day’s line with a later reading of that day only (PR19)', () => {
    const world = new ProratedWorld().counts('2026-11-17', 12)
    expect(world.counts('2026-11-17', 12).rows).toEqual([])
    expect(world.counts('2026-11-17', 13).lines).toEqual(['standing 13', 'dated 3, 2026-11-17 → 2026-11-30'])
    expect(world.counts('2026-11-18', 12).lines).toEqual(['standing 12', 'dated 3, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('134.00')
  })

  it('keeps the day of a held rise (PR20)', () => {
    const world = new ProratedWorld()
    world.approving = false
    expect(world.counts('2026-11-17', 19).counts('2026-11-19', 19).lines).toEqual(['standing 10'])
    expect(world.holds).toEqual(['G1'])
    world.approving = true
    expect(world.counts('2026-11-20', 19).lines).toEqual(['standing 19', 'dated 9, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('232.00')
  })

  it('holds what a removed invoice asks for, and the dated line stays (PR21, G11)', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12).invoice().counts('2026-12-01', 12)
    world.removeInvoice().approving = false
    expect(world.counts('2026-12-02', 12).lines[0]).toBe('standing 12')
    expect(world.holds).toEqual(['G11'])
    expect(world.rows[0]?.holds[0]?.text).toContain('the November 2026 invoice was removed')
    world.approving = true
    expect(world.counts('2026-12-02', 12).lines).toEqual(['standing 10', 'dated 2, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('109.33')
  })

  it('keeps open periods apart (PR22)', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12).counts('2026-12-01', 12).counts('2026-12-02', 13)
    expect(world.lines).toEqual(['standing 10', 'dated 2, 2026-11-17 → empty', 'dated 1, 2026-12-02 → empty'])
    expect(world.invoice().billed).toBe('109.33')
    world.counts('2026-12-03', 13)
    expect(world.lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30', 'dated 1, 2026-12-02 → empty'])
    expect(world.invoice().billed).toBe('129.68')
  })

  it('makes no dated line before billing starts (PR23, R5)', () => {
    const world = new ProratedWorld({ billStartOn: '2026-12-01' }).counts('2026-11-17', 12)
    expect(world.lines).toEqual(['standing 12'])
    expect(world.rows[0]?.reason).toContain('its billing starts on 2026-12-01')
    expect(world.invoice().billed).toBe('120.00')
  })

  it('offers what was missed as a catch-up line on the next invoice (E9)', () => {
    const world = new ProratedWorld({ prorate: false }, { quantity: '15' })
    world.plan({ day: '2026-11-20', users: 16 })
    const [late, standing] = world.rows
    expect(standing?.reason).toContain('lands on December 2026, next invoice 2026-12-01')
    expect(standing?.after).toEqual({ quantity: '16' })
    expect(late?.after).toEqual({ quantity: '1', price: '3.67', cancelledOn: '2026-12-31' })
    expect(late?.effectiveOn).toBe('2026-12-01')
    expect(late?.reason).toContain('11 of the 30 days of November 2026')
    world.write(world.rows)
    expect(world.counts('2026-11-21', 16).rows).toEqual([])
  })
})
