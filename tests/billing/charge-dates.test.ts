import { describe, expect, it } from 'vitest'
import { datesOf } from '#billing/lines/charge-dates.ts'
import { chargeOf, isUnknownCharge } from '#billing/lines/charge-types.ts'
import type { InvoiceLine } from '#billing/lines/line.ts'
import { type LineSettings, plainLineSettings } from '#billing/lines/settings.ts'

const lineOf = (fields: Partial<InvoiceLine>): InvoiceLine => ({
  ...{ id: 'L-1', offer: 'SEC-USER', quantity: '2', chargeType: 'UsageFee', invoicedOn: '2026-11-05' },
  ...fields,
})

const rules = (fields: Partial<LineSettings>): LineSettings => ({ ...plainLineSettings, ...fields })
const november = { period: '2026-11' }

/** `2026-11-01 S → 2026-12-01 S`, as the examples are written. */
function sent(fields: Partial<InvoiceLine>, settings: Partial<LineSettings>, typed: { start?: string; end?: string }) {
  const { effectiveOn, effectiveBadge, cancelledOn, cancelledBadge, warning } = datesOf(
    lineOf(fields),
    rules(settings),
    { ...november, typedStart: typed.start ?? null, typedEnd: typed.end ?? null },
  )
  const marks = { none: '', system: ' S', user: ' U' }
  const end = `${cancelledOn ?? 'empty'}${marks[cancelledBadge]}`
  return `${effectiveOn}${marks[effectiveBadge]} → ${end}${warning ? ', WARNING' : ''}`
}

describe('What ConnectWise gets of a line’s days (P3, P4, P5, P6, 4.2)', () => {
  it.each<[string, Partial<InvoiceLine>, Partial<LineSettings>, { start?: string; end?: string }, string]>([
    ['CD1, P8', { chargeType: 'CycleFee', chargeStart: '2026-11-03' }, {}, {}, '2026-11-03 → empty'],
    ['CD2, P7', { chargeStart: '2026-11-03' }, {}, {}, '2026-11-03 → 2026-11-30'],
    [
      'CD3, P4',
      { chargeStart: '2026-10-12' },
      { ends: { UsageFee: 'last-of-invoice-month' } },
      {},
      '2026-10-12 → 2026-11-30 S',
    ],
    [
      'CD4, P5',
      { chargeType: 'CycleFee', billingCycle: 'Monthly', chargeStart: '2026-11-03' },
      { starts: { monthly: 'first-of-invoice-month' }, ends: { CycleFee: 'first-of-following-month' } },
      {},
      '2026-11-01 S → 2026-12-01 S',
    ],
    [
      'CD5, P6',
      { chargeType: 'OneTimeFee', chargeStart: '2026-11-03' },
      {},
      { start: '2026-12-15' },
      '2026-12-15 U → 2026-12-31',
    ],
    [
      'CD6',
      { chargeType: 'Correction', chargeStart: '2026-11-03', chargeEnd: '2026-11-20' },
      {},
      {},
      '2026-11-03 → 2026-11-20',
    ],
    ['CD7, P14', { chargeType: 'ItemFee', custom: true, chargeStart: '2026-11-03' }, {}, {}, '2026-11-03 → 2026-11-30'],
    ['CD8', { chargeStart: '2028-02-10', invoicedOn: '2028-02-28' }, {}, {}, '2028-02-10 → 2028-02-29'],
    [
      'CD9',
      { billingCycle: 'Monthly', chargeStart: '2026-11-03' },
      { starts: { monthly: 'first-of-following-month' }, ends: { UsageFee: 'last-of-invoice-month' } },
      {},
      '2026-12-01 S → 2026-12-01 S, WARNING',
    ],
    ['CD10, once it is loaded again', { chargeStart: '2026-10-12' }, {}, {}, '2026-10-12 → 2026-10-31'],
  ])('%s: %j under %j, typed %j', (_, fields, settings, typed, wanted) => {
    expect(sent(fields, settings, typed)).toBe(wanted)
  })

  it.each<[string, Partial<InvoiceLine>, Partial<LineSettings>, { start?: string; end?: string }, string]>([
    [
      'a typed end beats its rule',
      { chargeStart: '2026-11-03' },
      { ends: { UsageFee: 'never' } },
      { end: '2026-11-09' },
      '2026-11-03 → 2026-11-09 U',
    ],
    [
      'a typed “never” is the end of a one-time charge, too',
      { chargeStart: '2026-11-03' },
      { ends: { UsageFee: 'last-of-start-month' } },
      { end: 'never' },
      '2026-11-03 → empty U',
    ],
    [
      'a typed end before a ruled start becomes that start',
      { billingCycle: 'Monthly', chargeStart: '2026-11-03' },
      { starts: { monthly: 'first-of-following-month' } },
      { end: '2026-11-09' },
      '2026-12-01 S → 2026-12-01 U, WARNING',
    ],
    [
      'a correction whose source ends it before it starts',
      { chargeType: 'Correction', chargeStart: '2026-11-20', chargeEnd: '2026-11-03' },
      {},
      {},
      '2026-11-20 → 2026-11-20, WARNING',
    ],
    [
      'a custom invoice of a recurring charge ends as a correction does',
      { chargeType: 'CycleFee', custom: true, chargeStart: '2026-11-03', chargeEnd: '2026-11-20' },
      { ends: { CycleFee: 'never' } },
      {},
      '2026-11-03 → 2026-11-20',
    ],
    [
      'a UserCorrection goes by the rule of Correction',
      { chargeType: 'UserCorrection', chargeStart: '2026-11-03', chargeEnd: '2026-11-20' },
      { ends: { Correction: 'last-of-start-month' } },
      {},
      '2026-11-03 → 2026-11-30 S',
    ],
    ['a line without a start starts when it is invoiced', { chargeType: 'CycleFee' }, {}, {}, '2026-11-05 → empty'],
  ])('%s (4.2)', (_, fields, settings, typed, wanted) => {
    expect(sent(fields, settings, typed)).toBe(wanted)
  })

  it('takes the first of the invoice month where no day of an invoice is stated', () => {
    const { invoicedOn, ...bare } = lineOf({ chargeType: 'CycleFee', billingCycle: 'Monthly' })
    expect(datesOf(bare, rules({}), november)).toMatchObject({ effectiveOn: '2026-11-01', effectiveBadge: 'none' })
    const settings = rules({
      starts: { monthly: 'first-of-following-month' },
      ends: { CycleFee: 'last-of-invoice-month' },
    })
    expect(datesOf({ ...bare, chargeStart: '2026-10-12' }, settings, november)).toMatchObject({
      ...{ effectiveOn: '2026-12-01', effectiveBadge: 'system' },
      ...{ cancelledOn: '2026-12-01', cancelledBadge: 'system' },
    })
  })

  it('finds the rule of a billing cycle however it is written, and none for a name that no table holds', () => {
    const settings = rules({ starts: { monthly: 'invoice-date', '': 'first-of-start-month' } })
    const startOf = (billingCycle?: string) =>
      datesOf(
        lineOf({ chargeStart: '2026-11-03', ...(billingCycle === undefined ? {} : { billingCycle }) }),
        settings,
        november,
      )
    expect(startOf('MONTHLY').effectiveOn).toBe('2026-11-05')
    expect(startOf(' Monthly ').effectiveOn).toBe('2026-11-05')
    expect(startOf().effectiveOn).toBe('2026-11-01')
    expect(startOf('Annual')).toMatchObject({ effectiveOn: '2026-11-03', effectiveBadge: 'none' })
    expect(startOf('constructor')).toMatchObject({ effectiveOn: '2026-11-03', effectiveBadge: 'none' })
  })
})

describe('What a charge is called and how it is billed (S14, P24)', () => {
  it.each([
    ['CycleFee', 'recurring'],
    ['PurchaseFee', 'recurring'],
    ['UsageFee', 'one-time'],
    ['ItemFee', 'one-time'],
    ['OneTimeFee', 'one-time'],
    ['Correction', 'one-time'],
  ])('calls a %s by its own name, and takes it for %s', (chargeType, kind) => {
    expect(chargeOf({ chargeType }, rules({}))).toEqual({ kind, chargeName: chargeType, nameBadge: 'none' })
  })

  it('shows a custom name with the badge of a rule, on user corrections and custom invoices that of Correction (P14, P24)', () => {
    const settings = rules({ names: { Correction: 'Credit', UsageFee: 'Metered' } })
    const credit = { kind: 'one-time', chargeName: 'Credit', nameBadge: 'system' }
    expect(chargeOf({ chargeType: 'UsageFee' }, settings)).toMatchObject({ chargeName: 'Metered', nameBadge: 'system' })
    expect(chargeOf({ chargeType: 'UserCorrection' }, settings)).toEqual(credit)
    expect(chargeOf({ chargeType: 'CycleFee', custom: true }, settings)).toEqual(credit)
    expect(chargeOf({ chargeType: 'SurpriseFee', custom: true }, settings)).toEqual(credit)
    expect(chargeOf({ chargeType: 'ItemFee', custom: true }, rules({})).chargeName).toBe('Correction')
  })

  it('does not say how an unknown charge type is billed before an admin does (4.2)', () => {
    expect(chargeOf({ chargeType: 'SetupFee' }, rules({}))).toEqual({ chargeName: 'SetupFee', nameBadge: 'none' })
    expect(chargeOf({ chargeType: 'toString' }, rules({})).kind).toBeUndefined()
    const settings = rules({ kinds: { SetupFee: 'one-time', SeatFee: 'recurring' } })
    expect(chargeOf({ chargeType: 'SetupFee' }, settings).kind).toBe('one-time')
    expect(sent({ chargeType: 'SetupFee', chargeStart: '2026-11-03' }, settings, {})).toBe('2026-11-03 → 2026-11-30')
    expect(sent({ chargeType: 'SeatFee', chargeStart: '2026-11-03' }, settings, {})).toBe('2026-11-03 → empty')
    expect(isUnknownCharge('SetupFee')).toBe(true)
    expect(isUnknownCharge('UserCorrection')).toBe(false)
  })
})
