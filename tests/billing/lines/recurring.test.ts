import { describe, expect, it } from 'vitest'
import { anAddition, anAgreement, guards, LineWorld, words } from './line-world.ts'

const recurring = { chargeType: 'CycleFee' }
const october = { ...recurring, id: 'L-0', invoicedOn: '2026-10-05', chargeStart: '2026-10-03' }
const id = 1000

/** October is posted as an open addition 1000; November's line is loaded. */
function nextMonth(
  said: Parameters<LineWorld['load']>[0] = {},
  loading: Parameters<LineWorld['load']>[1] = {},
): LineWorld {
  const world = new LineWorld({ nextInvoiceOn: '2026-10-01' })
  world.load(october)
  world.apply()
  world.load({ ...recurring, ...said }, loading)
  return world
}

describe('a recurring charge', () => {
  it('becomes one addition without an end that bills every cycle (P8, P10)', () => {
    const world = new LineWorld()
    world.load(recurring)
    expect(world.row()).toMatchObject({
      ...{ change: 'create', outcome: 'pending', effectiveOn: '2026-11-03', amount: '20' },
      after: { quantity: '5', cost: '2', price: '4' },
      posting: { kind: 'persistent', description: 'Backup 365 - CycleFee' },
    })
    expect(world.row().key).toMatch(/^subscription:/)
  })

  it('keeps its addition and first day, and follows the newest month (P10)', () => {
    const world = nextMonth({ quantity: '6', unitPrice: '4.5', unitCost: '2.1' })
    expect(world.row()).toMatchObject({
      ...{ key: `addition:${id}`, change: 'update', additionId: id, amount: '7' },
      before: { quantity: '5', cost: '2', price: '4' },
      after: { quantity: '6', cost: '2.1', price: '4.5' },
      posting: { period: '2026-11', lines: ['A-1/2026-11/L-1'] },
    })
    world.apply()
    expect(world.addition(id)).toMatchObject({ quantity: '6', effectiveOn: '2026-10-03' })
  })

  it('is posted without a write when its addition holds all of it already (4.5)', () => {
    const world = nextMonth()
    const { rows, posted, unchanged } = world.propose()
    expect(rows).toEqual([])
    expect(unchanged).toBe(1)
    expect(posted).toMatchObject([{ additionId: id, agreementId: 87, posting: { period: '2026-11' } }])
  })

  it('follows each month’s end, and an end that is no more is cleared (P4, 4.2)', () => {
    const world = nextMonth({}, { fields: { dates: dates('2026-12-01') } })
    expect(world.row()).toMatchObject({ before: { cancelledOn: null }, after: { cancelledOn: '2026-12-01' } })
    expect(words(world.row())).toBe('ends on 2026-12-01')
    world.apply()
    world.load({ ...recurring, id: 'L-2', invoicedOn: '2026-12-05' }, { fields: { dates: dates('2027-01-01') } })
    expect(world.row()).toMatchObject({ after: { cancelledOn: '2027-01-01' }, holds: [], outcome: 'pending' })
    world.apply()
    world.load({ ...recurring, id: 'L-3', invoicedOn: '2027-01-05' })
    expect(world.row()).toMatchObject({ after: { cancelledOn: null }, holds: [], outcome: 'pending' })
    world.apply()
    expect(world.addition(id).cancelledOn).toBeUndefined()
  })

  it('keeps an end and takes a start that a person typed, until another is typed (P6)', () => {
    const world = nextMonth({}, { end: '2027-01-31', start: '2026-10-10' })
    expect(world.row()).toMatchObject({
      before: { effectiveOn: '2026-10-03', cancelledOn: null },
      after: { effectiveOn: '2026-10-10', cancelledOn: '2027-01-31' },
      posting: { isEndTyped: true },
    })
    world.apply()
    world.load({ ...recurring, id: 'L-2', invoicedOn: '2026-12-05' })
    expect(world.propose()).toMatchObject({ rows: [], posted: [{ additionId: id, posting: { isEndTyped: true } }] })
    world.apply()
    world.load({ ...recurring, id: 'L-3', invoicedOn: '2027-01-05' })
    expect(world.propose()).toMatchObject({ rows: [], posted: [{ additionId: id }] })
    world.lines = []
    world.load({ ...recurring, id: 'L-3', invoicedOn: '2027-01-05' }, { end: 'never' })
    expect(world.row().after).toEqual({ cancelledOn: null })
    expect(world.row().posting?.isEndTyped).toBeUndefined()
  })

  it('ends on its first day where it would end before it (4.2)', () => {
    const world = new LineWorld({}, [anAddition({ effectiveOn: '2026-12-01' })])
    world.load(recurring, { end: '2026-11-20', place: { additionId: 301 } })
    expect(world.row().after).toEqual({ cancelledOn: '2026-12-01' })
  })

  it('of an older month than was written changes nothing (P10)', () => {
    const world = nextMonth({ quantity: '6' })
    world.apply()
    world.load({ ...recurring, id: 'L-9', invoicedOn: '2026-09-05', quantity: '1' })
    expect(world.row()).toMatchObject({
      outcome: 'skipped',
      reason: 'its addition follows November 2026 already',
    })
  })

  it('of several months at once is written by the newest alone (P10)', () => {
    const world = new LineWorld()
    world.load(october)
    world.load({ ...recurring, quantity: '6' })
    const [written, skipped] = world.plan()
    expect(written).toMatchObject({ change: 'create', after: { quantity: '6' }, effectiveOn: '2026-11-03' })
    expect(skipped).toMatchObject({
      ...{ outcome: 'skipped', attention: true, posting: { lines: ['A-1/2026-10/L-0'] } },
      reason: 'its addition is to start on 2026-11-03, with November 2026: sync this line first to bill it, too',
    })
    world.load({ ...recurring, quantity: '6', chargeStart: '2026-10-03' })
    expect(world.plan()[1]).toMatchObject({ attention: false, reason: 'its addition follows November 2026 already' })
  })

  it('with two lines in one month is guessed in neither (G10)', () => {
    const world = nextMonth()
    world.load({ ...recurring, id: 'L-2' })
    const row = world.row()
    expect(row).toMatchObject({ outcome: 'held', posting: { lines: ['A-1/2026-11/L-1', 'A-1/2026-11/L-2'] } })
    expect(row.holds).toEqual([
      {
        guard: 'G10',
        text: 'lines L-1, L-2 of November 2026 are of one charge of one subscription: leave out all but one',
        block: true,
      },
    ])
    world.lines = []
    world.load({ ...recurring, id: 'L-3', invoicedOn: '2026-10-20' })
    expect(words(world.row())).toBe('another one of lines L-3 of October 2026 is posted as addition 1000')
  })

  it('with another term, charge type or subscription has an addition of its own (V19, P10)', () => {
    const world = new LineWorld()
    world.load(recurring)
    world.load({ ...recurring, id: 'L-2', billingCycle: 'Annual' })
    world.load({ ...recurring, id: 'L-3', chargeType: 'PurchaseFee' })
    world.load({ ...recurring, id: 'L-4', subscription: 'S-2' })
    const rows = world.plan()
    expect(rows.map(({ change }) => change)).toEqual(['create', 'create', 'create', 'create'])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(4)
  })

  it('stays on its agreement: a line that goes elsewhere waits until it was moved (M19, V21)', () => {
    const world = nextMonth({}, { place: { agreementId: 88 } })
    world.agreements.set(88, { agreement: anAgreement({ id: 88 }), additions: [] })
    expect(words(world.row())).toBe(
      'addition 1000 on agreement 87 bills this already, and the line goes to agreement 88: move the addition, or choose agreement 87',
    )
    expect(world.row().change).toBeUndefined()
  })

  it('stays of its product: another one of its offer is asked about first (M19, G8)', () => {
    const world = nextMonth({ quantity: '6' }, { place: { productId: 513 } })
    expect(world.row()).toMatchObject({ change: 'update', productId: 512, outcome: 'held' })
    expect(guards(world.row())).toEqual(['G8'])
  })
})

describe('what is there already', () => {
  it('of the product, that nobody mapped and no line made, is asked about before a recurring line (4.15, V6, G10)', () => {
    const world = new LineWorld({}, [anAddition()])
    world.load(recurring)
    world.load({ id: 'L-2' })
    const [held, oneTime] = world.plan().toSorted((a, b) => (guards(a).length < guards(b).length ? 1 : -1))
    expect(held?.holds).toEqual([
      {
        guard: 'G10',
        text: 'no line made what is there of this product: 301 with 5 at 4 from 2026-10-03. Map one, end it, leave it alone, or approve another beside it',
        withoutMoney:
          'no line made what is there of this product: 301 with 5 from 2026-10-03. Map one, end it, leave it alone, or approve another beside it',
      },
    ])
    expect(oneTime).toMatchObject({ holds: [], change: 'create' })
    world.lines = []
    world.load(recurring, { place: { leaveAlone: [301] } })
    expect(world.row().holds).toEqual([])
    world.edit(301, { cancelledOn: '2026-10-31' })
    world.lines = []
    world.load(recurring)
    expect(world.row().holds).toEqual([])
  })

  it('is taken as the persistent addition where a mapping names it, with its own first day (V6)', () => {
    const world = new LineWorld({}, [anAddition({ quantity: '3' })])
    world.load(recurring, { place: { additionId: 301 } })
    expect(world.row()).toMatchObject({
      ...{ key: 'addition:301', change: 'update', before: { quantity: '3' }, after: { quantity: '5' } },
      posting: { kind: 'persistent' },
    })
    expect(world.propose().adopt).toMatchObject([{ additionId: 301, quantity: '3' }])
    world.apply()
    expect(world.addition(301)).toMatchObject({ quantity: '5', effectiveOn: '2026-10-03' })
    expect(world.remembered).toMatchObject([{ additionId: 301, kind: 'persistent' }])
  })

  it('and named for two charges, or standing for another one, is written for neither (G10)', () => {
    const world = new LineWorld({}, [anAddition()])
    world.load(recurring, { place: { additionId: 301 } })
    world.load({ ...recurring, id: 'L-2', subscription: 'S-2' }, { place: { additionId: 301 } })
    expect(world.plan().map(words)).toEqual([
      'addition 301 is named for several charges: an addition holds one',
      'addition 301 is named for several charges: an addition holds one',
    ])
    const taken = nextMonth({ subscription: 'S-2' }, { place: { additionId: id } })
    expect(words(taken.row())).toBe('addition 1000, which a mapping names, stands for other lines already')
    const other = nextMonth({}, { place: { additionId: 301 } })
    expect(words(other.row())).toBe(
      'addition 1000 bills this already, and a mapping names addition 301: end one of them',
    )
  })
})

describe('what a person changed in ConnectWise', () => {
  it('waits, with all three values named (4.11, X10, G9, V4)', () => {
    const world = nextMonth({ quantity: '6' })
    world.edit(id, { quantity: '4' })
    expect(guards(world.row())).toEqual(['G9'])
    expect(words(world.row())).toBe('TrueUp last wrote quantity 5, ConnectWise holds 4, the source says 6')
  })

  it('is kept while the source says what it said then, and asked about again when it says something else (V4)', () => {
    const world = nextMonth({ quantity: '6' })
    world.edit(id, { quantity: '4' })
    const kept = { additionId: id, choice: 'keep' as const, desired: { quantity: '6' }, member: 'jsmith', at: 0 }
    world.lastValues.set(id, { additionId: id, agreementId: 87, quantity: '4', cost: '2', price: '4' })
    world.more = { choices: new Map([[id, kept]]) }
    expect(world.row()).toMatchObject({
      outcome: 'skipped',
      reason: 'kept by jsmith: ConnectWise keeps quantity 4, the source says 6',
    })
    world.lines = []
    world.load({ ...recurring, quantity: '7' })
    expect(world.row()).toMatchObject({ change: 'update', after: { quantity: '7' } })
    expect(world.propose().choices).toMatchObject([{ additionId: id, desired: {} }])
  })

  it('is not written to until the last day of a pin, days included (V4)', () => {
    const world = nextMonth({ quantity: '6' }, { end: '2027-01-31' })
    const pin = { choice: 'pin' as const, until: '2026-12-31', desired: {}, member: 'jsmith', at: 0 }
    world.more = { choices: new Map([[id, { additionId: id, ...pin }]]) }
    expect(world.row()).toMatchObject({ outcome: 'skipped' })
    expect(world.row().change).toBeUndefined()
    expect(world.row().reason).toBe(
      'pinned until 2026-12-31 by jsmith: ConnectWise keeps quantity 5, the source says 6; ConnectWise keeps end none, the source says 2027-01-31',
    )
    world.today = '2027-01-01'
    expect(world.row()).toMatchObject({ after: { quantity: '6', cancelledOn: '2027-01-31' } })
  })

  it('is left alone where it is the end: the addition is parked (4.11, M21)', () => {
    const world = nextMonth({ quantity: '6' })
    world.edit(id, { cancelledOn: '2026-11-15' })
    expect(world.row()).toMatchObject({
      ...{ outcome: 'skipped', attention: true, reason: 'parked: ended on 2026-11-15 in ConnectWise' },
      after: {},
    })
    world.edit(id, { cancelledOn: undefined })
    expect(world.row()).toMatchObject({ change: 'update', outcome: 'pending' })
  })

  it('waits where an end that TrueUp wrote was cleared (G9)', () => {
    const world = nextMonth({}, { end: '2027-01-31' })
    world.apply()
    world.edit(id, { cancelledOn: undefined })
    world.load({ ...recurring, id: 'L-2', invoicedOn: '2026-12-05' }, { end: '2027-01-31' })
    expect(guards(world.row())).toEqual(['G9', 'G3'])
    expect(words(world.row())).toContain('TrueUp ended it on 2027-01-31, and ConnectWise holds no end any more')
    const kept = { additionId: id, choice: 'keep' as const, desired: world.row().after, member: 'jsmith', at: 0 }
    world.more = { choices: new Map([[id, kept]]) }
    expect(world.row()).toMatchObject({ outcome: 'skipped' })
    expect(world.row().reason).toBe('kept by jsmith: ConnectWise keeps end none, the source says 2027-01-31')
  })

  it('is not made again where it was deleted (4.11, C1, M21)', () => {
    const world = nextMonth()
    world.agreements.set(87, { agreement: anAgreement(), additions: [] })
    expect(world.row()).toMatchObject({
      ...{ outcome: 'skipped', attention: true, reason: 'parked: addition 1000 was deleted in ConnectWise' },
    })
    expect(world.row().change).toBeUndefined()
  })
})

const dates = (cancelledOn: string) => ({
  ...{ effectiveOn: '2026-11-03', effectiveBadge: 'none' as const, cancelledOn, cancelledBadge: 'system' as const },
})
