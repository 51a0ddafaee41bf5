import { describe, expect, it } from 'vitest'
import { addDays } from '#billing/period.ts'
import { ProratedWorld } from './prorated-world.ts'

const open = { nextInvoiceOn: '2026-11-01' }
const reasons = ({ rows }: ProratedWorld) => rows.map(({ reason }) => reason).join('\n')

describe('no dated line, and why', () => {
  it.each([
    ['its billing cycle is not known', { billingOption: undefined }],
    ['its billing cycle does not recur', { billingOption: 'NotRecurring' }],
    ['the agreement is billed once', { billsOnce: true }],
    ['calendar or the contract', { invoicingCycle: undefined }],
    ['has no billing start', { invoicingCycle: 'ContractYear', startOn: undefined }],
    ['the agreement is a child of 86', { parentId: 86 }],
    ['2026-12-05 begins no billing period', { nextInvoiceOn: '2026-12-05' }],
    ['has no next invoice date', { nextInvoiceOn: undefined }],
    ['more than two years away', { nextInvoiceOn: '2031-01-01' }],
  ] as const)('%s (R5, U17, U28)', (why, agreement) => {
    const world = new ProratedWorld(agreement).counts('2026-11-17', 12)
    expect(world.lines).toEqual(['standing 12'])
    expect(reasons(world)).toContain(`no dated line: `)
    expect(reasons(world)).toContain(why)
    expect(world.counts('2026-11-18', 12).rows).toEqual([])
  })

  it('where reports or recaps contradict the next invoice date (U16)', () => {
    const world = new ProratedWorld()
    world.invoicing = { through: '2026-10-31' }
    expect(reasons(world.counts('2026-11-17', 12))).toContain('is invoiced through 2026-10-31')
    world.invoicing = { through: '2026-11-30', nextOn: '2027-01-01' }
    expect(reasons(world.counts('2026-11-18', 13))).toContain('in the recap of invoices 2027-01-01')
    expect(world.lines).toEqual(['standing 13'])
    world.invoicing = { through: '2026-11-30', nextOn: '2026-12-01' }
    expect(world.counts('2026-11-19', 14).lines).toEqual(['standing 14', 'dated 1, 2026-11-19 → 2026-11-30'])
  })

  it('for the first write of a mapping, which is charged as it is written', () => {
    const world = new ProratedWorld()
    world.confirmed = false
    expect(world.counts('2026-11-17', 12).lines).toEqual(['standing 12'])
    expect(world.holds).toEqual(['G6'])
    world.confirmed = true
    expect(world.counts('2026-11-17', 12).rows).toEqual([])
    expect(world.counts('2026-11-18', 13).lines).toEqual(['standing 13', 'dated 1, 2026-11-18 → 2026-11-30'])
  })

  it('for an imported mapping whose addition is seen for the first time', () => {
    const world = new ProratedWorld()
    world.last.clear()
    expect(world.counts('2026-11-17', 12).lines).toEqual(['standing 12'])
    expect(world.counts('2026-11-18', 12).rows).toEqual([])
    expect(world.counts('2026-11-19', 13).lines).toEqual(['standing 13', 'dated 1, 2026-11-19 → 2026-11-30'])
  })

  it('after the agreement’s end, and none beyond it', () => {
    const world = new ProratedWorld({ ...open, endOn: '2026-11-20' }).counts('2026-11-17', 12)
    expect(world.lines).toEqual(['standing 10', 'dated 2, 2026-11-17 → 2026-11-20'])
    const ahead = new ProratedWorld({ nextInvoiceOn: '2027-01-01', endOn: '2026-11-20' }).counts('2026-11-17', 12)
    expect(ahead.lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-20'])
  })
})

describe('what waits for a person', () => {
  it('dated lines of an agreement that invoices them at once (U19, G14)', () => {
    const world = new ProratedWorld({ invoiceProratedAdditions: true }).counts('2026-11-17', 12)
    expect(world.holds).toEqual(['G14'])
    expect(world.counts('2026-11-18', 13).holds).toEqual(['G14'])
  })

  it('dated lines beside a line that a person changed, or keeps', () => {
    const world = new ProratedWorld(open)
    world.additions = world.additions.map((addition) => ({ ...addition, quantity: '11' }))
    const [dated, standing] = world.plan({ day: '2026-11-17', users: 12 })
    expect([dated?.holds[0]?.guard, standing?.holds[0]?.guard]).toEqual(['G9', 'G9'])
    const pin = { additionId: 301, choice: 'pin' as const, desired: {}, until: '2026-12-31', member: 'Fay', at: 1 }
    world.choices = [pin]
    const [waiting] = world.plan({ day: '2026-11-17', users: 12 })
    expect(waiting?.holds.map(({ text }) => text)[0]).toContain('pinned until 2026-12-31 by Fay')
  })

  it('a closing, while the rise that takes its units over waits', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 19).invoice()
    world.approving = false
    expect(world.counts('2026-12-01', 19).lines).toEqual(['standing 10', 'dated 9, 2026-11-17 → empty'])
    expect(world.rows.map(({ change, holds }) => [change, holds.map(({ guard }) => guard)])).toEqual([
      ['cancel', ['G1']],
      ['update', ['G1']],
    ])
    expect(world.invoice().billed).toBe('190.00')
    world.approving = true
    world.counts('2027-01-01', 19)
    expect(world.lines).toEqual(['standing 19', 'dated 9, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('190.00')
  })

  it('a rise that waited past its invoice: its period is billed for it nevertheless', () => {
    const world = new ProratedWorld({ nextInvoiceOn: '2026-12-01' }).counts('2026-11-30', 10)
    world.approving = false
    expect(world.counts('2026-12-01', 19).invoice().billed).toBe('100.00')
    world.approving = true
    expect(world.counts('2026-12-04', 19).lines).toEqual(['standing 19', 'dated 9, 2026-12-01 → 2026-12-31'])
    expect(world.invoice().billed).toBe('280.00')
  })

  it('nothing of a same-day correction to nothing', () => {
    const world = new ProratedWorld().counts('2026-11-17', 12).counts('2026-11-17', 10)
    expect(world.holds).toEqual([])
    expect(world.lines).toEqual(['standing 10', 'dated 0, 2026-11-17 → 2026-11-17'])
    expect(world.counts('2026-11-17', 11).lines).toEqual(['standing 11', 'dated 1, 2026-11-17 → 2026-11-30'])
  })
})

describe('what a source does not know', () => {
  it('writes nothing, not even closings: the lines bill on as they are', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12).invoice()
    expect(world.counts('2026-12-01', 0, { silent: true }).rows).toEqual([])
    expect(world.invoice().billed).toBe('120.00')
    expect(world.counts('2027-01-02', 12).lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('120.00')
  })

  it('a partial reading raises from its day, and never lowers', () => {
    const world = new ProratedWorld().counts('2026-11-17', 12).counts('2026-11-18', 5, { partial: true })
    expect(world.lines[0]).toBe('standing 12')
    world.counts('2026-11-19', 14, { partial: true }).counts('2026-11-20', 14)
    expect(world.lines).toEqual(['standing 14', 'dated 2, 2026-11-17 → 2026-11-30', 'dated 2, 2026-11-19 → 2026-11-30'])
  })
})

describe('what changes midway', () => {
  it('proration that is switched off lets its lines bill their part, and nothing twice', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12)
    world.rule = { write: ['quantity'] }
    expect(world.counts('2026-11-18', 12).lines).toEqual(['standing 10', 'dated 2, 2026-11-17 → empty'])
    expect(world.invoice().billed).toBe('109.33')
    expect(world.counts('2026-12-02', 12).lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30'])
  })

  it.each([
    ['switched off and on', (world: ProratedWorld) => world.switched(false).counts('2026-11-18', 12).switched(true)],
    ['mapped anew', (world: ProratedWorld) => world.mappedAnew().counts('2026-11-18', 12).mappedAnew(true)],
  ])('what is %s while a line is open bills no unit of it again', (_, change) => {
    const world = change(new ProratedWorld(open).counts('2026-11-17', 12)).invoice()
    expect(world.billed).toBe('109.33')
    expect(world.counts('2026-11-19', 12).lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30'])
    expect(world.counts('2026-11-20', 13).lines.slice(2)).toEqual(['dated 1, 2026-11-20 → 2026-11-30'])
  })

  it('proration that is switched on begins with what is written', () => {
    const world = new ProratedWorld()
    world.rule = { write: ['quantity'] }
    world.counts('2026-11-10', 12)
    world.rule = { write: ['quantity'], prorate: true }
    expect(world.counts('2026-11-17', 12).lines).toEqual(['standing 12'])
    expect(world.counts('2026-11-18', 13).lines).toEqual(['standing 13', 'dated 1, 2026-11-18 → 2026-11-30'])
  })

  it('an agreement that comes to prorate keeps offering what it missed, and bills what comes then', () => {
    const world = new ProratedWorld({ prorate: false })
    world.approving = false
    world.counts('2026-11-10', 11)
    world.agreement = { ...world.agreement, prorate: true }
    world.counts('2026-11-17', 12)
    expect(world.lines).toEqual(['standing 12', 'dated 1, 2026-11-17 → 2026-11-30'])
    expect(world.rows.map(({ reason }) => reason.slice(0, 26))).toContain('missed: 1 from 2026-11-10 ')
    world.approving = true
    expect(world.counts('2026-11-18', 12).lines).toContain('catch-up 1, 2026-12-01 → 2026-12-31')
    expect(world.counts('2026-11-19', 12).rows).toEqual([])
  })

  it('two invoices without a night between them bill the open line twice, and it is not billed again', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12).invoice().invoice()
    expect(world.total.toFixed(2)).toBe('229.33')
    expect(world.counts('2026-12-20', 12).lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30'])
    expect(world.invoice().billed).toBe('120.00')
  })

  it('a report that tells what was invoiced counts more than what was written', () => {
    const world = new ProratedWorld(open).counts('2026-11-10', 10).invoice()
    world.invoicing = { quantities: { '2026-12-01': { 301: '12' } } }
    world.agreement = { ...world.agreement, nextInvoiceOn: '2027-01-01' }
    expect(world.counts('2026-12-10', 12).lines).toEqual(['standing 12'])
    expect(world.counts('2026-12-11', 13).lines).toEqual(['standing 13', 'dated 1, 2026-12-11 → 2026-12-31'])
  })

  it('a billing cycle that changed begins anew with what is written', () => {
    const world = new ProratedWorld().counts('2026-11-17', 12)
    world.agreement = { ...world.agreement, billingOption: 'Quarterly', nextInvoiceOn: '2027-01-01' }
    expect(world.counts('2026-11-18', 12).rows).toEqual([])
  })

  it('a year and a half later the lines of old periods are as they were', () => {
    const world = new ProratedWorld().counts('2026-11-17', 12).invoice()
    for (let month = 1; month <= 20; month++) {
      world.counts(addDays(world.next.from, -3), 12).invoice()
      expect(world.lines).toEqual(['standing 12', 'dated 2, 2026-11-17 → 2026-11-30'])
    }
    expect(Object.keys(world.state?.charged ?? {})).toHaveLength(16)
    expect(world.state?.history.length).toBeLessThan(4)
  })

  it('a line that a person ended, lowered or deleted stays so', () => {
    const world = new ProratedWorld().counts('2026-11-17', 12).counts('2026-11-18', 13)
    world.additions = world.additions
      .filter(({ id }) => id !== 402)
      .map((addition) => (addition.id === 401 ? { ...addition, quantity: '1', cancelledOn: '2026-11-20' } : addition))
    expect(world.counts('2026-11-19', 13).rows).toEqual([])
    expect(world.counts('2026-11-20', 14).lines.at(-1)).toBe('dated 1, 2026-11-20 → 2026-11-30')
  })
})

describe('what ConnectWise holds beside what was written', () => {
  const byHand = (world: ProratedWorld, quantity: string) => {
    world.additions = world.additions.map((addition) => (addition.id === 301 ? { ...addition, quantity } : addition))
    return world
  }

  it('bills no unit again that a person added before the invoice', () => {
    const world = byHand(new ProratedWorld(open).counts('2026-11-16', 10), '12').invoice()
    expect(world.billed).toBe('120.00')
    expect(world.counts('2026-11-18', 12).lines).toEqual(['standing 12'])
    expect(world.counts('2026-11-19', 13).lines).toEqual(['standing 13', 'dated 1, 2026-11-19 → 2026-11-30'])
  })

  it('leaves a dated line as it is when a person raised the line beside it', () => {
    const world = byHand(new ProratedWorld(open).counts('2026-11-10', 11), '11').invoice()
    expect(world.counts('2026-11-18', 11).lines).toEqual(['standing 11', 'dated 1, 2026-11-10 → 2026-11-30'])
    expect(world.counts('2026-11-19', 13).lines.slice(2)).toEqual(['dated 1, 2026-11-19 → 2026-11-30'])
  })

  it('bills no part of units that Less Included takes off', () => {
    const world = new ProratedWorld({}, { quantity: '3', lessIncluded: '5' }).counts('2026-11-10', 4)
    expect(world.lines).toEqual(['standing 4'])
    expect(world.counts('2026-11-17', 7).lines).toEqual(['standing 7', 'dated 2, 2026-11-17 → 2026-11-30'])
    expect(world.counts('2026-11-18', 8).lines.slice(2)).toEqual(['dated 1, 2026-11-18 → 2026-11-30'])
    for (const lessIncluded of ['0', '20']) {
      world.additions = world.additions.map((addition) => ({ ...addition, lessIncluded }))
      expect(world.counts('2026-11-19', 8).rows).toEqual([])
    }
    const full = new ProratedWorld().counts('2026-11-10', 12)
    full.additions = full.additions.map((addition) => ({ ...addition, lessIncluded: '20' }))
    expect(full.counts('2026-11-19', 12).rows).toEqual([])
  })

  it('offers no catch-up line beyond the agreement’s end', () => {
    const ends = (endOn: string) =>
      new ProratedWorld({ prorate: false, endOn })
        .counts('2026-11-17', 12)
        .lines.filter((line) => line.includes('catch'))
    expect(ends('2026-11-30')).toEqual([])
    expect(ends('2026-12-10')).toEqual(['catch-up 1, 2026-12-01 → 2026-12-10'])
  })

  it('names an open dated line whose standing line is gone before another bills its units', () => {
    const world = new ProratedWorld(open).counts('2026-11-17', 12)
    world.additions = world.additions.map((addition) =>
      addition.id === 301 ? { ...addition, id: 303, quantity: '5' } : addition,
    )
    world.target = 303
    const [row] = world.plan({ day: '2026-11-18', users: 12 })
    expect(row?.holds[0]).toMatchObject({ guard: 'G10', block: true, text: expect.stringContaining('401 with 2') })
    world.additions = world.additions.map((addition) =>
      addition.id === 401 ? { ...addition, cancelledOn: '2026-11-30' } : addition,
    )
    expect(world.plan({ day: '2026-11-18', users: 12 })[0]?.holds.map(({ guard }) => guard)).not.toContain('G10')
  })
})
