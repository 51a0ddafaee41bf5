import { describe, expect, it } from 'vitest'
import { subscriptionKey } from '#billing/lines/line.ts'
import {
  accountKey,
  type LineMappingRow,
  type Places,
  placeOf,
  productKey,
  type Unplaced,
} from '#billing/lines/place.ts'

const line: Unplaced = {
  source: 'src',
  account: 'O-1',
  said: { offer: 'M365', chargeType: 'CycleFee', subscription: 'S-1', billingCycle: 'Monthly' },
  isRecurring: true,
}

const mapping: LineMappingRow = {
  offer: 'M365',
  chargeType: 'CycleFee',
  companyId: 250,
  agreementId: 88,
  productId: 600,
  leaveAlone: [],
  include: true,
}

/** Company 250, agreement 87, product 512 chosen and included, unless said otherwise. */
const places = (other: Partial<Places> = {}): Places => ({
  accounts: new Map([[accountKey('src', 'O-1'), { companyId: 250, agreementId: 87, include: true }]]),
  mappings: new Map(),
  shared: new Set(),
  products: new Map([[productKey('src', 'M365', ''), 512]]),
  agreements: new Map([
    [87, { companyId: 250 }],
    [88, { companyId: 250 }],
    [99, { companyId: 300 }],
  ]),
  deletedCompanies: new Set(),
  billed: new Map(),
  made: new Map(),
  ...other,
})

const accountOf = (place: { companyId?: number; agreementId?: number; include: boolean }) => ({
  accounts: new Map([[accountKey('src', 'O-1'), place]]),
})
const mapped = (...rows: LineMappingRow[]) => ({ mappings: new Map([[accountKey('src', 'O-1'), rows]]) })
const word = (place: ReturnType<typeof placeOf>) => [place.mapping, place.lacks]

describe('where an invoice line goes', () => {
  it('goes to the company and agreement of its account and the product of its offer', () => {
    expect(placeOf(line, places())).toEqual({ mapping: 'mapped', companyId: 250, agreementId: 87, productId: 512 })
  })

  it('is excluded until a person includes its account (M8)', () => {
    expect(word(placeOf(line, places(accountOf({ companyId: 250, include: false }))))).toEqual(['excluded', 'excluded'])
    expect(word(placeOf(line, places({ accounts: new Map() })))).toEqual(['excluded', 'excluded'])
  })

  it('says which earlier step it lacks (M15)', () => {
    const lacking = placeOf(line, places({ ...accountOf({ include: true }), products: new Map() }))
    expect(word(lacking)).toEqual(['unmapped', 'choose the company (Organizations); choose the product (Products)'])
  })

  it('takes the product of its billing cycle before the one of every cycle', () => {
    const products = new Map([
      [productKey('src', 'M365', ''), 512],
      [productKey('src', 'M365', 'Monthly'), 513],
    ])
    expect(placeOf(line, places({ products })).productId).toBe(513)
    const annual = { ...line, said: { ...line.said, billingCycle: 'Annual' } }
    expect(placeOf(annual, places({ products })).productId).toBe(512)
  })

  it('goes to the agreement chosen for it before any other (P12)', () => {
    const billed = new Map([[subscriptionKey(line), 88]])
    const chosen = { ...line, agreementId: 87 }
    expect(placeOf(chosen, places({ billed, ...mapped(mapping) })).agreementId).toBe(87)
    expect(placeOf(line, places({ billed, ...mapped({ ...mapping, agreementId: 87 }) })).agreementId).toBe(87)
  })

  it('stays with the addition its subscription has when the account is mapped anew (M19)', () => {
    const billed = new Map([[subscriptionKey(line), 88]])
    expect(placeOf(line, places({ billed })).agreementId).toBe(88)
    expect(placeOf({ ...line, isRecurring: false }, places({ billed })).agreementId).toBe(87)
  })

  it('must name its agreement where two accounts share the company (M9)', () => {
    const shared = new Set([250])
    const made = new Map([[250, 90]])
    const said = ['unmapped', 'two accounts share this company: choose the agreement']
    expect(word(placeOf(line, places({ shared })))).toEqual(said)
    expect(word(placeOf(line, places({ shared, made, ...accountOf({ companyId: 250, include: true }) })))).toEqual(said)
    expect(placeOf({ ...line, agreementId: 88 }, places({ shared }))).toMatchObject({
      mapping: 'mapped',
      agreementId: 88,
    })
    expect(placeOf(line, places({ shared, ...mapped(mapping) }))).toMatchObject({ mapping: 'mapped', agreementId: 88 })
    const billed = new Map([[subscriptionKey(line), 87]])
    expect(placeOf(line, places({ shared, billed }))).toMatchObject({ mapping: 'mapped', agreementId: 87 })
  })

  it('is mapped without an agreement where one is made for its company, and goes to that one (P13)', () => {
    const none = accountOf({ companyId: 250, include: true })
    expect(placeOf(line, places(none))).toEqual({ mapping: 'mapped', companyId: 250, productId: 512 })
    const made = new Map([[250, 90]])
    const agreements = new Map([[90, { companyId: 250 }]])
    expect(placeOf(line, places({ ...none, made, agreements }))).toMatchObject({ mapping: 'mapped', agreementId: 90 })
  })

  it('says why none is made: no default type, or Settings are against it (S10)', () => {
    const whyNotMade = 'choose the default agreement type (Settings › Configuration)'
    const none = places({ ...accountOf({ companyId: 250, include: true }), whyNotMade })
    expect(word(placeOf(line, none))).toEqual(['unmapped', whyNotMade])
    expect(placeOf(line, places({ whyNotMade })).mapping).toBe('mapped')
  })

  it('is parked when its agreement is of another company or gone, or its company deleted (M21, M22, M27)', () => {
    const foreign = placeOf({ ...line, agreementId: 99 }, places())
    expect(word(foreign)).toEqual(['parked', 'agreement 99 belongs to company 300, not 250'])
    const gone = places({ agreements: new Map([[87, { companyId: 250, gone: true }]]) })
    expect(word(placeOf(line, gone))).toEqual(['parked', 'agreement 87 no longer exists in ConnectWise'])
    const deleted = places({ deletedCompanies: new Set([250]) })
    expect(word(placeOf(line, deleted))).toEqual(['parked', 'company 250 was deleted in ConnectWise'])
    const ended = places(mapped({ ...mapping, parkedReason: 'addition 301 was deleted in ConnectWise' }))
    expect(word(placeOf(line, ended))).toEqual(['parked', 'addition 301 was deleted in ConnectWise'])
    const withdrawn = placeOf({ ...line, agreementId: -3 }, places())
    expect(word(withdrawn)).toEqual(['parked', 'the agreement that was to be made is not wanted any more'])
  })

  it('has a Response Error while its agreement cannot be read (M18)', () => {
    const problem = 'agreement 87, 2026-11-22 02:14: ConnectWise did not answer.'
    const agreements = new Map([[87, { companyId: 250, problem }]])
    expect(placeOf(line, places({ agreements }))).toMatchObject({
      ...{ mapping: 'response-error', lacks: problem },
      ...{ companyId: 250, agreementId: 87, productId: 512 },
    })
  })

  it('goes where a mapping of its offer, charge type and subscription says, to its addition, too', () => {
    const own = { ...mapping, subscription: 'S-1', agreementId: 87, additionId: 301, leaveAlone: [302] }
    expect(placeOf(line, places(mapped(mapping, own)))).toEqual({
      ...{ mapping: 'mapped', companyId: 250, agreementId: 87, productId: 600, additionId: 301, leaveAlone: [302] },
    })
    const other = { ...line, said: { ...line.said, subscription: 'S-2' } }
    expect(placeOf(other, places(mapped(mapping, own))).agreementId).toBe(88)
    const usage = { ...line, said: { ...line.said, chargeType: 'UsageFee' } }
    expect(placeOf(usage, places(mapped(mapping, own))).agreementId).toBe(87)
    expect(placeOf(line, places(mapped({ ...mapping, include: false }))).mapping).toBe('excluded')
  })
})
