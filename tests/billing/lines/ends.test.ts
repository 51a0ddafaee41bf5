import { describe, expect, it } from 'vitest'
import { anAddition, LineWorld, words } from './line-world.ts'

const cycle = { chargeType: 'CycleFee' }
const november = { ...cycle, id: 'L-1' }
const december = { ...cycle, id: 'L-2', invoicedOn: '2026-12-05', chargeStart: '2026-12-01' }

/** November's line is posted as addition 1000; it is December. */
function afterNovember(end?: string): LineWorld {
  const world = new LineWorld({ prorate: true })
  world.load(november, end === undefined ? {} : { end })
  world.apply()
  world.today = '2026-12-06'
  return world
}

describe('an end that a person typed', () => {
  it('before the next month parks that month’s line instead of posting what bills nothing (P6, 4.2)', () => {
    const world = afterNovember('2026-11-30')
    world.load(december)
    expect(world.propose().posted).toEqual([])
    expect(world.row()).toMatchObject({
      outcome: 'skipped',
      attention: true,
      reason:
        'parked: a person typed 2026-11-30 as its end, which is before this line: type another end for it, or leave it out',
    })
    world.lines = []
    world.load(december, { end: 'never' })
    expect(world.row()).toMatchObject({ change: 'update', after: { cancelledOn: null } })
  })

  it('is no end of a line for days before it, whatever month it is invoiced with', () => {
    const world = afterNovember('2026-11-30')
    world.load({ ...december, chargeStart: '2026-11-03', chargeEnd: '2026-11-30' })
    expect(world.propose()).toMatchObject({ rows: [], posted: [{ additionId: 1000 }] })
  })
})

describe('an end in ConnectWise', () => {
  it('of an addition that a mapping names is cleared or moved only with a yes (4.11, I7)', () => {
    const world = new LineWorld({}, [anAddition({ cancelledOn: '2026-12-31' })])
    world.load(november, { place: { additionId: 301 } })
    expect(world.row()).toMatchObject({ outcome: 'held', after: { cancelledOn: null } })
    expect(words(world.row())).toBe('it was to end on 2026-12-31, and would have no end')
    world.lines = []
    world.load(november, { place: { additionId: 301 }, end: '2027-01-31' })
    expect(words(world.row())).toBe('it was to end on 2026-12-31, and would end on 2027-01-31')
  })
})

describe('an addition whose subscription was gone', () => {
  /** It was ended with October, and November’s line is a new one. */
  function back(cancelledOn: string | undefined, said: Parameters<LineWorld['load']>[0] = {}): LineWorld {
    const world = afterNovember()
    const [closed] = world.remembered
    world.remembered = []
    world.moreLines = { closed: closed ? [closed] : [] }
    world.edit(1000, { cancelledOn })
    world.load({ ...december, ...said })
    return world
  }

  it('and that bills on in ConnectWise is asked about before another one is made (V6, U22)', () => {
    expect(words(back(undefined).row())).toBe(
      'billed this subscription before, and would beside the new one: 1000 with 5 at 4 from 2026-11-03. End it before 2026-12-01, or approve both',
    )
    expect(back('2026-12-01').row().holds).toHaveLength(1)
    expect(back('2026-11-30').row().holds).toEqual([])
    expect(back('2026-11-30', { chargeStart: '2026-11-03' }).row().holds).toHaveLength(1)
  })

  it('is no twin of another subscription', () => {
    expect(back(undefined, { subscription: 'S-2' }).row().holds).toEqual([])
  })
})

describe('an addition that a rule ended', () => {
  const ends = { CycleFee: 'last-of-invoice-month' as const }

  function afterRule(): LineWorld {
    const world = new LineWorld({ prorate: true })
    world.settings = { ...world.settings, ends }
    world.load(november)
    world.apply()
    return world
  }

  it('follows the next month, and is left alone when months passed without a line: a new one starts (4.4, U22)', () => {
    const world = afterRule()
    world.load(december)
    expect(world.row()).toMatchObject({ change: 'update', additionId: 1000, after: { cancelledOn: '2026-12-31' } })
    world.lines = []
    world.today = '2027-02-06'
    const february = { ...cycle, id: 'L-4', invoicedOn: '2027-02-05', chargeStart: '2027-02-03' }
    world.load(february)
    expect(world.row()).toMatchObject({
      ...{ change: 'create', effectiveOn: '2027-02-03', holds: [] },
      after: { cancelledOn: '2027-02-28' },
    })
    world.lines = []
    world.load({ ...february, chargeStart: '2026-11-03' })
    expect(world.row()).toMatchObject({ change: 'update', additionId: 1000 })
  })

  it('and is billed each quarter goes on with the next quarter', () => {
    const world = new LineWorld({ prorate: true })
    world.settings = { ...world.settings, ends }
    world.load({ ...november, billingCycle: 'Quarterly' })
    world.apply()
    world.load({ ...november, billingCycle: 'Quarterly', invoicedOn: '2027-02-05', chargeStart: '2027-02-03' })
    expect(world.row()).toMatchObject({ change: 'update', additionId: 1000 })
  })
})

describe('an agreement that is to be made', () => {
  it('takes as many decimals as its currency has until ConnectWise says how many (4.7)', () => {
    const priced = (currency: string, unitPrice: string) => {
      const world = new LineWorld({ id: -1, currency: undefined, nextInvoiceOn: undefined })
      world.currency = currency
      world.load({ ...november, currency, unitPrice }, { place: { agreementId: -1 } })
      return words(world.row())
    }
    expect(priced('KWD', '4.125')).toBe('')
    expect(priced('JPY', '4.5')).toBe('4.5 has more decimals than JPY (0)')
    expect(priced('USD', '4.125')).toBe('4.125 has more decimals than USD (2)')
  })
})
