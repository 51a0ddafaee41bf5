import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import { type Compared, type ComparedField, differencesOf, whyAbsent } from '#billing/lines/differences.ts'
import type { LoadedLine } from '#billing/lines/line.ts'

const addition: Addition = {
  ...{ id: 301, agreementId: 87, productId: 512, description: 'Seats', quantity: '12', lessIncluded: '0' },
  ...{ unitCost: '4', unitPrice: '10', billCustomer: 'Billable', effectiveOn: '2026-11-03', cancelledOn: '2026-11-30' },
  ...{ serialNumber: '', updatedBy: 'jsmith', updatedAt: '2026-11-20T10:00:00Z' },
}

const posted: LoadedLine = {
  ...{ id: 'l', source: 'src', account: 'A-17', period: '2026-11', chargeName: 'UsageFee', nameBadge: 'none' },
  said: { id: 'L-1', offer: 'SEC', chargeType: 'UsageFee', quantity: '12', unitCost: '4', unitPrice: '10' },
  kind: 'one-time',
  dates: {
    ...{ effectiveOn: '2026-11-03', effectiveBadge: 'none', cancelledOn: '2026-11-30', cancelledBadge: 'none' },
  },
  place: { mapping: 'mapped', companyId: 250, agreementId: 87, productId: 512 },
  ...{ status: 'synced', leftOut: false, gone: false, additionId: 301 },
} as LoadedLine

const memory = {
  ...{ additionId: 301, agreementId: 87, source: 'src', account: 'A-17', kind: 'one-time' as const, identity: 'x' },
  ...{ period: '2026-11', cancelledOn: '2026-11-30', isEndTyped: false, isClosed: false },
}

const last = { additionId: 301, agreementId: 87, quantity: '12', cost: '4', price: '10' }

const told = (more: Partial<Compared>) =>
  differencesOf({ line: posted, addition, memory, last, description: 'UsageFee', ...more }).map(
    ({ field, line, addition: held, cause, fix }) =>
      `${field} ${line ?? 'none'} ≠ ${held ?? 'none'}: ${cause} [${fix}]`,
  )

describe('a line beside its addition', () => {
  it('says nothing where both sides are the same (Q1)', () => {
    expect(told({})).toEqual([])
    expect(whyAbsent({ line: posted, addition })).toBeUndefined()
  })

  it('names each differing field with its cause and what to do (Q2, P21)', () => {
    const by = ', last changed by jsmith at 2026-11-20T10:00:00Z'
    expect(told({ addition: { ...addition, quantity: '11' } })).toEqual([
      `quantity 12 ≠ 11: changed in ConnectWise${by}: TrueUp last wrote 12 [choose]`,
    ])
    expect(told({ changed: { ...posted.said, quantity: '14' } })).toEqual([
      'quantity 14 ≠ 12: changed at the source since it was posted with 12 [source]',
    ])
    expect(told({ addition: { ...addition, cancelledOn: '2026-11-20' } })).toEqual([
      `end 2026-11-30 ≠ 2026-11-20: ended on 2026-11-20 in ConnectWise${by} [by-hand]`,
    ])
    expect(told({ addition: { ...addition, effectiveOn: '2026-11-01' } })).toEqual([
      `start 2026-11-03 ≠ 2026-11-01: changed in ConnectWise${by} [by-hand]`,
    ])
    expect(told({ line: { ...posted, place: { ...posted.place, agreementId: 88 } } })).toEqual([
      'agreement 88 ≠ 87: the line goes to agreement 88 now, and what is posted stays where it is (M19) [move]',
    ])
    expect(told({ line: { ...posted, place: { ...posted.place, productId: 513 } } })).toEqual([
      'product 513 ≠ 512: the offer is mapped to another product now, or somebody changed it in ConnectWise [by-hand]',
    ])
    expect(told({ line: { ...posted, chargeName: 'Usage', nameBadge: 'system' } })[0]).toContain('a custom name')
    const typed = { ...posted.dates, effectiveOn: '2026-12-15', effectiveBadge: 'user' as const }
    const open = { ...posted, status: 'not-synced' as const, dates: typed }
    expect(told({ line: open })).toEqual([
      'start 2026-12-15 ≠ 2026-11-03: not posted yet, and somebody typed this day [sync]',
    ])
    const ruled = { ...posted.dates, cancelledOn: '2026-12-31', cancelledBadge: 'system' as const }
    expect(told({ line: { ...open, dates: ruled } })[0]).toContain('a rule of Configuration sets this day [sync]')
  })

  it('keeps the first day of a subscription, and the end TrueUp wrote when it was cancelled', () => {
    const recurring = { ...posted, kind: 'recurring' as const, dates: { ...posted.dates, cancelledOn: null } }
    const ended = { ...memory, cancelledOn: '2026-10-31', isClosed: true }
    const held = { ...addition, effectiveOn: '2026-03-01', cancelledOn: '2026-10-31' }
    expect(told({ line: recurring, memory: ended, addition: held })).toEqual([])
  })

  it('says why a line has no addition (Q2)', () => {
    const open = { ...posted, status: 'not-synced' as const }
    const unmapped = { ...open, place: { mapping: 'unmapped' as const, lacks: 'choose the company' } }
    expect(whyAbsent({ line: posted })).toMatchObject({ fix: 'by-hand', cause: expect.stringContaining('deleted it') })
    expect(whyAbsent({ line: open })).toEqual({ cause: 'not posted yet', fix: 'sync' })
    expect(whyAbsent({ line: { ...open, status: 'error' }, reason: 'refused' })).toEqual({
      ...{ cause: 'not posted, the last try failed: refused', fix: 'sync' },
    })
    expect(whyAbsent({ line: unmapped })).toEqual({ cause: 'not posted: unmapped: choose the company', fix: 'map' })
    expect(whyAbsent({ line: { ...open, status: 'held' } })).toMatchObject({ cause: 'waits for a person' })
    expect(whyAbsent({ line: { ...open, leftOut: true } })).toMatchObject({ fix: 'map' })
    expect(differencesOf({ line: posted })).toEqual([])
  })

  const decimal = fc.integer({ min: 0, max: 400 }).map((n) => String(n / 4))
  const day = fc.constantFrom('2026-11-01', '2026-11-03', '2026-11-30', '2026-12-31')
  const id = fc.constantFrom(87, 88)
  const sides = fc.record({ quantity: decimal, cost: decimal, price: decimal, start: day, end: day, agreement: id })

  it('names every differing field once, and no other', () => {
    fc.assert(
      fc.property(
        sides,
        sides,
        fc.constantFrom('synced', 'not-synced', 'error', 'held'),
        fc.boolean(),
        (a, b, status, isRemembered) => {
          const line = {
            ...{ ...posted, status: status as LoadedLine['status'] },
            said: { ...posted.said, quantity: a.quantity, unitCost: a.cost, unitPrice: a.price },
            dates: { ...posted.dates, effectiveOn: a.start, cancelledOn: a.end },
            place: { ...posted.place, agreementId: a.agreement },
          }
          const held = {
            ...{ ...addition, quantity: b.quantity, unitCost: b.cost, unitPrice: b.price, agreementId: b.agreement },
            ...{ effectiveOn: b.start, cancelledOn: b.end },
          }
          const found = differencesOf({ line, addition: held, ...(isRemembered ? { memory, last } : {}) })
          const differ = (['agreement', 'start', 'end', 'quantity', 'cost', 'price'] as const).filter((field) =>
            ['quantity', 'cost', 'price'].includes(field)
              ? compare(String(a[field]), String(b[field])) !== 0
              : a[field] !== b[field],
          )
          expect(found.map(({ field }) => field)).toEqual(differ satisfies ComparedField[])
          for (const { cause } of found) expect(cause).not.toBe('')
        },
      ),
    )
  })
})
