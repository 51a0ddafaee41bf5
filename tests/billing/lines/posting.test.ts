import { describe, expect, it } from 'vitest'
import type { Agreement } from '#billing/existing.ts'
import type { LinePlace } from '#billing/lines/line.ts'
import { plainLineSettings } from '#billing/lines/settings.ts'
import type { NewAgreement } from '#billing/record.ts'
import { countRows } from '#billing/summary.ts'
import { anAddition, anAgreement, guards, LineWorld, words } from './line-world.ts'

describe('a one-time line', () => {
  it('becomes an addition of its own with its days, values and description (P2, P3, P7, P11, P23)', () => {
    const world = new LineWorld()
    world.load({ invoice: 'INV-9' })
    const row = world.row()
    expect(row).toMatchObject({
      ...{ key: 'line:A-1/2026-11/L-1', change: 'create', outcome: 'pending', holds: [], amount: '20' },
      ...{ companyId: 250, agreementId: 87, productId: 512, effectiveOn: '2026-11-03', before: {} },
      after: { quantity: '5', cost: '2', price: '4', cancelledOn: '2026-11-30' },
      posting: { kind: 'one-time', period: '2026-11', description: 'Backup 365 - UsageFee', offer: 'BACKUP' },
    })
    expect(row.reason).toBe(
      'UsageFee of Backup 365, line L-1 on INV-9 of November 2026; lands on November 2026, next invoice 2026-11-01',
    )
  })

  it('is described by its custom charge name, or by that alone where its subscription has no name (P11, P24, S14)', () => {
    const world = new LineWorld()
    world.settings = { ...plainLineSettings, names: { UsageFee: 'Consumption' } }
    world.load()
    world.load({ id: 'L-2', subscriptionName: ' \n ' })
    world.load({ id: 'L-3', subscriptionName: 'Two\nlines' })
    expect(world.plan().map(({ posting }) => posting?.description)).toEqual([
      'Backup 365 - Consumption',
      'Consumption',
      'Two lines - Consumption',
    ])
  })

  it('never sends a cost or price its source does not state (4.7, C16)', () => {
    const world = new LineWorld()
    const { unitCost: _, unitPrice: __, ...said } = world.load().said
    world.lines = world.lines.map((line) => ({ ...line, said }))
    expect(world.row().after).toEqual({ quantity: '5', cancelledOn: '2026-11-30' })
    expect(world.row().amount).toBeUndefined()
  })

  it('of an older month is posted like any other, whatever months were posted since (P10)', () => {
    const world = new LineWorld({ prorate: true })
    world.load()
    world.apply()
    world.load({ id: 'L-0', invoicedOn: '2026-09-30', chargeStart: '2026-09-02' })
    expect(world.row()).toMatchObject({ change: 'create', effectiveOn: '2026-09-02', outcome: 'pending' })
  })

  it('is not posted twice: its id under another month is refused with the addition it became (Q4, G10)', () => {
    const world = new LineWorld()
    world.load({ invoicedOn: '2026-10-05' })
    world.apply()
    world.load({ quantity: '9' })
    const row = world.row()
    expect(row.change).toBeUndefined()
    expect(row.outcome).toBe('held')
    expect(row.holds).toEqual([
      { guard: 'G10', text: 'line L-1 was posted with October 2026 as addition 1000', block: true },
    ])
  })

  it('with one id in two months that are both not posted is guessed in neither (G10)', () => {
    const world = new LineWorld()
    world.load({ invoicedOn: '2026-10-05' })
    world.load()
    const row = world.row()
    expect(row).toMatchObject({ outcome: 'held', posting: { lines: ['A-1/2026-10/L-1', 'A-1/2026-11/L-1'] } })
    expect(words(row)).toBe(
      'lines L-1, L-1 of October 2026 and November 2026 have one id, and one of them may be the other: leave out all but one',
    )
  })

  it('of a custom invoice is a Correction that ends as its source says (P14)', () => {
    const world = new LineWorld()
    world.load({ chargeType: 'ItemFee', custom: true, chargeEnd: '2026-11-20' })
    expect(world.row()).toMatchObject({
      after: { cancelledOn: '2026-11-20' },
      posting: { kind: 'one-time', description: 'Backup 365 - Correction' },
    })
  })

  it('says on which invoice it lands when it starts later than the next one (V5)', () => {
    const world = new LineWorld()
    world.load({}, { start: '2027-01-15' })
    expect(world.row().reason).toContain('; lands on January 2027, next invoice 2026-11-01')
  })

  it('is written to the addition a mapping names for it instead of a new one (P10)', () => {
    const world = new LineWorld({}, [anAddition({ quantity: '1' })])
    world.load({}, { place: { additionId: 301 } })
    expect(world.row()).toMatchObject({ key: 'addition:301', change: 'update', posting: { kind: 'one-time' } })
  })
})

describe('lines that are not written', () => {
  it('are counted by their reasons and hold up nobody (X8, M8, M18, 4.6)', () => {
    const world = new LineWorld()
    world.load({ id: 'L-1' }, { place: { mapping: 'excluded' } })
    world.load({ id: 'L-2' }, { place: { mapping: 'excluded' } })
    world.load({ id: 'L-3' }, { place: { mapping: 'unmapped', lacks: 'offer BACKUP has no product' } })
    world.load({ id: 'L-4' }, { place: { mapping: 'response-error', lacks: 'since 2026-11-06 02:14' } })
    world.load({ id: 'L-5' }, { fields: { leftOut: true } })
    world.load({ id: 'L-6' }, { fields: { gone: true } })
    world.load({ id: 'L-7', chargeType: 'SetupFee' })
    world.load({ id: 'L-8' }, { place: { mapping: 'parked', lacks: 'agreement 87 was deleted' } })
    const rows = world.plan()
    expect(rows.every(({ outcome, change }) => outcome === 'skipped' && change === undefined)).toBe(true)
    expect(countRows(rows, 0)).toMatchObject({ skipped: 8 })
    expect(rows.map(({ reason, posting, attention }) => [reason, posting?.lines.length, attention])).toEqual([
      ['excluded', 2, false],
      ['unmapped: offer BACKUP has no product', 1, false],
      ['Response Error: since 2026-11-06 02:14', 1, false],
      ['left out by a person', 1, false],
      ['its source does not name it any more', 1, false],
      ['unknown charge type SetupFee: an admin says whether it is recurring or one-time', 1, false],
      ['parked: agreement 87 was deleted', 1, true],
    ])
  })

  it('say why their agreement takes nothing (G21, M22, M27, P17)', () => {
    const refusalOf = (agreement: Partial<Agreement>, place: Partial<LinePlace> = {}) => {
      const world = new LineWorld(agreement)
      world.load({}, { place })
      return world.row()
    }
    expect(words(refusalOf({ status: 'Cancelled' }))).toBe('agreement 87 is Cancelled')
    expect(words(refusalOf({ endOn: '2026-10-31' }))).toBe('agreement 87 ended on 2026-10-31')
    expect(words(refusalOf({ endOn: '2026-11-10' }))).toBe('')
    expect(words(refusalOf({ companyId: 251 }))).toBe('agreement 87 belongs to company 251, not 250')
    expect(words(refusalOf({}, { agreementId: 99 }))).toBe('agreement 99 no longer exists in ConnectWise')
    expect(words(refusalOf({}, { agreementId: -3 }))).toBe('the agreement that was to be made is not wanted any more')
    const late = new LineWorld({ endOn: '2026-11-10' })
    late.load({}, { start: '2026-12-01' })
    expect(words(late.row())).toBe('agreement 87 ends on 2026-11-10, before the line starts on 2026-12-01')
    expect(guards(late.row())).toEqual(['G21'])
  })

  it('fail together where ConnectWise did not answer for their agreement, and the others go on (V18)', () => {
    const world = new LineWorld()
    world.agreements.set(88, { agreement: anAgreement({ id: 88 }), additions: [], problem: 'no answer' })
    world.trust('A-1')
    world.load()
    world.load({ id: 'L-2' }, { place: { agreementId: 88 } })
    const rows = world.plan()
    expect(rows.map(({ outcome, reason }) => [outcome, reason === 'no answer'])).toEqual([
      ['pending', false],
      ['failed', true],
    ])
  })
})

describe('lines without an agreement', () => {
  const draft: NewAgreement = { record: 'agreement', name: 'Cloud', typeId: 4, companyId: 250, startOn: '2026-11-05' }

  function world(): LineWorld {
    const made = new LineWorld()
    const agreement = anAgreement({
      id: -3,
      billProducts: '',
      billingCycle: '',
      currency: undefined,
      nextInvoiceOn: undefined,
    })
    made.agreements.set(-3, { agreement, additions: [] })
    made.trust('A-1')
    made.more = { creations: new Map([[-3, { draft, known: { hasContact: true } }]]) }
    made.load({ chargeStart: '2026-11-05' }, { place: { agreementId: -3 } })
    made.load({ id: 'L-2', chargeType: 'CycleFee', chargeStart: '2026-11-05' }, { place: { agreementId: -3 } })
    return made
  }

  it('of one company are written to one new one, which is made first and waits for a person (P13, 4.3, G12)', () => {
    const [agreement, ...lines] = world().plan()
    expect(agreement).toMatchObject({ key: 'agreement:-3', record: 'agreement', change: 'create', accounts: ['A-1'] })
    expect(agreement && guards(agreement)).toEqual(['G12'])
    expect(lines.map(({ needs, holds, change }) => [needs, holds, change])).toEqual([
      [['agreement:-3'], [], 'create'],
      [['agreement:-3'], [], 'create'],
    ])
  })

  it('are billed in the tenant’s currency as far as anybody knows yet, and in no other (4.7)', () => {
    const other = world()
    other.currency = 'EUR'
    const [agreement, ...lines] = other.plan()
    expect(lines.map(guards)).toEqual([['G20'], ['G20']])
    expect(agreement && words(agreement)).toContain('nothing that needs it can be written')
  })
})
