import { describe, expect, it } from 'vitest'
import type { Agreement } from '#billing/existing.ts'
import type { InvoiceLine } from '#billing/lines/line.ts'
import { monthKey } from '#billing/lines/posting.ts'
import type { PlanRow } from '#billing/plan.ts'
import { anAddition, guards, LineWorld, words } from './line-world.ts'

const rowOf = (said: Partial<InvoiceLine>, agreement: Partial<Agreement> = {}): PlanRow => {
  const world = new LineWorld(agreement)
  world.load(said)
  return world.row()
}

describe('currencies (P16, E10, V14, G20)', () => {
  it('block a line in another one than its agreement, both named, stated money or not', () => {
    const row = rowOf({ currency: 'EUR' })
    expect(row.holds).toContainEqual({
      guard: 'G20',
      text: 'The source bills in EUR, the agreement in USD.',
      withoutMoney: 'The source bills in EUR, the agreement in USD.',
      block: true,
    })
    const world = new LineWorld()
    const { unitCost: _, unitPrice: __, ...said } = world.load({ currency: 'EUR' }).said
    world.lines = world.lines.map((line) => ({ ...line, said }))
    expect(guards(world.row())).toEqual(['G20'])
  })

  it('block money without one, an agreement without one, and amounts finer than it', () => {
    const world = new LineWorld()
    const { currency: _, ...said } = world.load().said
    world.lines = world.lines.map((line) => ({ ...line, said }))
    expect(words(world.row())).toBe('the source states money without a currency')
    expect(words(rowOf({ unitPrice: '4.123456789012' }))).toBe('4.123456789012 has more decimals than USD (2)')
    const nowhere = new LineWorld({ currency: undefined })
    nowhere.load()
    expect(nowhere.row().holds).toEqual([])
    nowhere.currency = undefined
    expect(words(nowhere.row())).toBe('the agreement has no currency, and neither has the tenant')
  })

  it('block what would be written to an addition that is there, and what is there already', () => {
    const world = new LineWorld()
    world.load({ chargeType: 'CycleFee' })
    world.apply()
    world.load({ chargeType: 'CycleFee', id: 'L-2', invoicedOn: '2026-12-05', currency: 'EUR' })
    expect(world.row()).toMatchObject({ outcome: 'held' })
    expect(guards(world.row())).toEqual(['G20'])
  })
})

describe('the day a line starts (G11, 4.2)', () => {
  it('may not be in an invoiced period of an agreement that does not prorate, and the row says from when on it may', () => {
    const [hold] = rowOf({}, { nextInvoiceOn: '2026-12-01' }).holds
    expect(hold).toEqual({
      guard: 'G11',
      text: 'starts on 2026-11-03, in a period that is invoiced already, and agreement 87 does not prorate; it can start on 2026-12-01',
      startOn: '2026-12-01',
      block: true,
    })
    expect(rowOf({}, { nextInvoiceOn: '2026-12-01', prorate: true }).holds).toEqual([])
    expect(rowOf({ chargeStart: '2026-12-01' }, { nextInvoiceOn: '2026-12-01' }).holds).toEqual([])
  })

  it('may not be before billing begins', () => {
    const [hold] = rowOf({}, { billStartOn: '2026-11-15', prorate: true }).holds
    expect(hold).toMatchObject({ guard: 'G11', startOn: '2026-11-15', block: true })
    expect(hold?.text).toBe('starts on 2026-11-03, before billing of agreement 87 starts on 2026-11-15')
    const [later] = rowOf({}, { billStartOn: '2026-11-15', nextInvoiceOn: '2026-12-01' }).holds
    expect(later).toMatchObject({ startOn: '2026-12-01' })
  })
})

describe('odd numbers are a question (4.7, G3, G13)', () => {
  const questions: [string, Partial<InvoiceLine>, string[], string][] = [
    ['no units', { quantity: '0' }, ['G3'], 'the line states a quantity of 0'],
    ['fewer than no units', { quantity: '-2' }, ['G3'], 'the line states a quantity of -2'],
    ['a price of 0', { unitPrice: '0', unitCost: '0' }, ['G13', 'G13'], 'the source states a price of 0'],
    ['a negative price', { unitPrice: '-4' }, ['G13', 'G13'], 'the line states a price of -4'],
    ['a negative cost', { unitCost: '-2' }, ['G13'], 'the line states a cost of -2'],
    ['a price below the cost', { unitCost: '5' }, ['G13'], 'the price 4 is below the cost 5'],
  ]
  it.each(questions)('%s', (_, said, wanted, text) => {
    const row = rowOf(said)
    expect(guards(row)).toEqual(wanted)
    expect(words(row)).toContain(text)
    expect(row.holds.every(({ block }) => block === undefined)).toBe(true)
    expect(row.holds.every(({ guard, withoutMoney }) => guard === 'G3' || !/\d/.test(withoutMoney ?? '1'))).toBe(true)
  })

  it('and a correction made by TrueUp always is (4.5)', () => {
    const world = new LineWorld()
    world.load({ chargeType: 'Correction' }, { fields: { correctionOf: 'A-1/2026-10/L-1' } })
    expect(words(world.row())).toBe('a correction that TrueUp was told to make')
  })
})

describe('products (M30, G21, G22)', () => {
  it('that are inactive, a bundle or missing get no line', () => {
    const world = new LineWorld()
    world.load()
    const product = { id: 512, identifier: 'SKU-512', description: '', productClass: 'NonInventory', inactive: false }
    world.products.set(512, { ...product, inactive: true })
    expect(words(world.row())).toBe('product SKU-512 is inactive')
    world.products.set(512, { ...product, productClass: 'Bundle' })
    expect(words(world.row())).toBe('product SKU-512 is a bundle, which no addition can hold')
    world.products.delete(512)
    expect(words(world.row())).toBe('product 512 does not exist in the catalogue')
    expect(guards(world.row())).toEqual(['G21'])
  })

  it('get no part of a unit where ConnectWise rounds it away', () => {
    const world = new LineWorld()
    world.load({ quantity: '1.5' })
    expect(world.row().holds).toEqual([])
    world.more = { wholeQuantities: true }
    expect(words(world.row())).toBe('ConnectWise keeps whole quantities here; 1.5 cannot be written')
  })
})

describe('what is looked at once', () => {
  it('is an account’s company and agreement and an offer’s product (G6, G8, P17)', () => {
    const world = new LineWorld({ billProducts: 'DoNotBill', billingCycle: 'Quarterly', billingOption: 'Quarterly' })
    world.confirmed.clear()
    world.load()
    expect(world.row().holds).toEqual([
      { guard: 'G6', text: 'the first write of account A-1 to this company' },
      { guard: 'G6', text: 'Bill Products of agreement 87 is DoNotBill, so additions are not invoiced' },
      { guard: 'G6', text: 'the line is billed Monthly, agreement 87 Quarterly' },
      { guard: 'G8', text: 'the first lines of offer BACKUP as this product' },
    ])
    world.trust('A-1')
    expect(world.row().holds).toEqual([])
  })

  it('is a cadence in whatever words it is stated, and one that is not known is no other', () => {
    const cycleHolds = (billingCycle: string, agreement: Partial<Agreement>) => {
      const world = new LineWorld(agreement)
      world.confirmed.clear()
      world.load({ billingCycle })
      return world.row().holds.filter(({ text }) => text.startsWith('the line is billed')).length
    }
    expect(cycleHolds('P1M', {})).toBe(0)
    expect(cycleHolds('Annual', { billingOption: 'Yearly', billingCycle: 'Yearly' })).toBe(0)
    expect(cycleHolds('annually', {})).toBe(1)
    expect(cycleHolds('Triennial', {})).toBe(0)
    expect(cycleHolds('Monthly', { billingOption: undefined, billingCycle: 'Yearly' })).toBe(1)
  })

  it('is whatever carries days once the rules for them were changed (G8, P9)', () => {
    const world = new LineWorld()
    world.load()
    world.areRulesConfirmed = false
    expect(words(world.row())).toBe('the first plan since the rules for charge dates were changed')
  })
})

describe('the guard of lines', () => {
  const recurring = { chargeType: 'CycleFee' }

  it('sees no rise in a new line, and rises, falls and prices in one that is there (G1, G2, G13)', () => {
    const world = new LineWorld()
    world.load({ ...recurring, quantity: '40' })
    expect(world.row().holds).toEqual([])
    world.apply()
    const holdsFor = (said: Partial<InvoiceLine>) => {
      world.lines = []
      world.load({ ...recurring, quantity: '40', id: 'L-2', invoicedOn: '2026-12-05', ...said })
      return guards(world.row())
    }
    expect(holdsFor({ quantity: '49' })).toEqual(['G1'])
    expect(holdsFor({ quantity: '35' })).toEqual(['G2'])
    expect(holdsFor({ quantity: '0' })).toEqual(['G3'])
    expect(holdsFor({ unitPrice: '4.1' })).toEqual(['G13'])
    expect(holdsFor({ unitCost: '2.1' })).toEqual([])
    expect(holdsFor({ unitCost: '2.5' })).toEqual(['G13'])
  })

  it('asks about an agreement whose money changes by much, new lines included (G5)', () => {
    const world = new LineWorld()
    world.load({ quantity: '100' })
    world.load({ id: 'L-2', quantity: '100' })
    expect(world.plan().map(guards)).toEqual([['G5'], ['G5']])
  })

  it('counts changes of persistent additions, not new lines nor the ends that follow each month (G4)', () => {
    const world = new LineWorld()
    const load = (month: string, of: (n: number) => Parameters<LineWorld['load']>[0], end?: string) => {
      world.lines = []
      for (let n = 0; n < 10; n++)
        world.load(
          { ...recurring, id: `${month}-${n}`, subscription: `S-${n}`, invoicedOn: `${month}-05`, ...of(n) },
          end === undefined ? {} : { end },
        )
    }
    load('2026-11', () => ({}))
    expect(world.plan().flatMap(guards)).toEqual([])
    world.apply()
    load('2026-12', () => ({}), '2027-12-31')
    expect(world.plan().flatMap(guards)).not.toContain('G4')
    load('2026-12', (n) => (n < 3 ? { quantity: '6' } : {}))
    expect(world.plan().flatMap(guards)).toEqual([])
    load('2026-12', (n) => (n < 4 ? { quantity: '6' } : {}))
    expect(world.plan().map(guards)).toEqual([['G4'], ['G4'], ['G4'], ['G4']])
    expect(world.propose().mapped).toBe(10)
  })

  it('compares a month with what was said of the same month (G7)', () => {
    const world = new LineWorld()
    world.load()
    world.moreLines = { shrunk: new Map([[monthKey('src', '2026-10'), 'October lists 40 lines instead of 60']]) }
    expect(world.row().holds).toEqual([])
    world.moreLines = { shrunk: new Map([[monthKey('src', '2026-11'), 'November lists 40 lines instead of 60']]) }
    expect(world.row().holds).toEqual([{ guard: 'G7', text: 'November lists 40 lines instead of 60' }])
  })

  it('holds within the freeze before an invoice (G15)', () => {
    const world = new LineWorld({ nextInvoiceOn: '2026-11-08', prorate: true }, [anAddition()])
    world.limits = { ...world.limits, freezeHours: 72 }
    world.load()
    expect(guards(world.row())).toEqual(['G15'])
  })
})
