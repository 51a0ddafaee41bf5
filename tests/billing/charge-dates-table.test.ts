import { describe, expect, it } from 'vitest'
import { datesOf } from '#billing/lines/charge-dates.ts'
import type { ChargeKind, InvoiceLine } from '#billing/lines/line.ts'
import { type EndRule, type LineSettings, plainLineSettings, type StartRule } from '#billing/lines/settings.ts'

/** A charge as sources state it; `row` is the row of the settings it goes by. */
interface Charge {
  stated: Pick<InvoiceLine, 'chargeType' | 'custom'>
  row?: keyof LineSettings['ends']
  plain: 'empty' | 'source' | 'month'
}

const charges: Record<string, Charge> = {
  CycleFee: { stated: { chargeType: 'CycleFee' }, row: 'CycleFee', plain: 'empty' },
  PurchaseFee: { stated: { chargeType: 'PurchaseFee' }, row: 'PurchaseFee', plain: 'empty' },
  UsageFee: { stated: { chargeType: 'UsageFee' }, row: 'UsageFee', plain: 'month' },
  ItemFee: { stated: { chargeType: 'ItemFee' }, row: 'ItemFee', plain: 'month' },
  OneTimeFee: { stated: { chargeType: 'OneTimeFee' }, row: 'OneTimeFee', plain: 'month' },
  Correction: { stated: { chargeType: 'Correction' }, row: 'Correction', plain: 'source' },
  UserCorrection: { stated: { chargeType: 'UserCorrection' }, row: 'Correction', plain: 'source' },
  'a custom invoice': { stated: { chargeType: 'CycleFee', custom: true }, row: 'Correction', plain: 'source' },
  'an unknown recurring charge': { stated: { chargeType: 'SeatFee' }, plain: 'empty' },
  'an unknown one-time charge': { stated: { chargeType: 'SetupFee' }, plain: 'month' },
}
const kinds: Record<string, ChargeKind> = { SeatFee: 'recurring', SetupFee: 'one-time' }

const cycles = ['Monthly', 'Quarterly', 'Annual', 'P1M', undefined]
const startRules: (StartRule | 'none')[] = [
  'none',
  'first-of-start-month',
  'first-of-invoice-month',
  'first-of-following-month',
  'invoice-date',
]
const endRules: (EndRule | 'none')[] = [
  'none',
  'source',
  'last-of-start-month',
  'last-of-invoice-month',
  'first-of-following-month',
  'never',
]

/** Months as a calendar on the wall shows them, so that nothing here is worked out. */
const calendar: Record<string, { first: string; last: string; next: string }> = {
  '2026-10': { first: '2026-10-01', last: '2026-10-31', next: '2026-11-01' },
  '2026-11': { first: '2026-11-01', last: '2026-11-30', next: '2026-12-01' },
  '2026-12': { first: '2026-12-01', last: '2026-12-31', next: '2027-01-01' },
  '2027-01': { first: '2027-01-01', last: '2027-01-31', next: '2027-02-01' },
  '2027-02': { first: '2027-02-01', last: '2027-02-28', next: '2027-03-01' },
  '2027-03': { first: '2027-03-01', last: '2027-03-31', next: '2027-04-01' },
  '2027-04': { first: '2027-04-01', last: '2027-04-30', next: '2027-05-01' },
  '2028-01': { first: '2028-01-01', last: '2028-01-31', next: '2028-02-01' },
  '2028-02': { first: '2028-02-01', last: '2028-02-29', next: '2028-03-01' },
  '2028-03': { first: '2028-03-01', last: '2028-03-31', next: '2028-04-01' },
  '2028-04': { first: '2028-04-01', last: '2028-04-30', next: '2028-05-01' },
  '2100-02': { first: '2100-02-01', last: '2100-02-28', next: '2100-03-01' },
  '2100-03': { first: '2100-03-01', last: '2100-03-31', next: '2100-04-01' },
}
function monthOf(day: string) {
  const month = calendar[day.slice(0, 7)]
  if (!month) throw new Error(`the calendar does not show ${day}`)
  return month
}

/** Charge start, charge end, day of the invoice: around every kind of month end. */
const days: [string, string | undefined, string][] = [
  ['2026-11-03', '2026-11-20', '2026-11-05'],
  ['2026-11-03', undefined, '2026-11-05'],
  ['2026-10-12', '2026-11-11', '2026-11-05'],
  ['2026-11-30', '2026-11-30', '2026-11-30'],
  ['2026-12-31', '2027-01-30', '2026-12-31'],
  ['2026-12-31', undefined, '2027-01-01'],
  ['2027-01-31', '2027-02-28', '2027-01-31'],
  ['2027-02-28', undefined, '2027-02-28'],
  ['2027-02-01', '2027-02-28', '2027-03-01'],
  ['2028-02-29', '2028-03-28', '2028-02-29'],
  ['2028-01-31', '2028-02-29', '2028-02-29'],
  ['2028-02-28', undefined, '2028-03-01'],
  ['2100-02-28', undefined, '2100-02-28'],
  ['2027-01-15', '2026-12-31', '2027-01-31'],
]

interface Case {
  charge: Charge
  cycle: string | undefined
  start: StartRule | 'none'
  end: EndRule | 'none'
  days: (typeof days)[number]
}

/** What the table of rules says, word by word. */
function wanted({ charge, start, end, days: [s, e, i] }: Case) {
  const effective: Record<Case['start'], string> = {
    none: s,
    'first-of-start-month': monthOf(s).first,
    'first-of-invoice-month': monthOf(i).first,
    'first-of-following-month': monthOf(i).next,
    'invoice-date': i,
  }
  const effectiveOn = effective[start]
  const endOfIts = monthOf(effectiveOn).last
  const plain = { empty: null, source: e ?? endOfIts, month: endOfIts }[charge.plain]
  const cancelled: Record<Case['end'], string | null> = {
    none: plain,
    source: e ?? plain,
    'last-of-start-month': monthOf(s).last,
    'last-of-invoice-month': monthOf(i).last,
    'first-of-following-month': monthOf(i).next,
    never: null,
  }
  const rule = charge.row ? end : 'none'
  const isBefore = (cancelled[rule] ?? '9999') < effectiveOn
  return {
    effectiveOn,
    effectiveBadge: start === 'none' ? 'none' : 'system',
    cancelledOn: isBefore ? effectiveOn : cancelled[rule],
    cancelledBadge: rule === 'none' ? 'none' : 'system',
    warned: isBefore,
  }
}

/** Every other charge and cycle has another rule, which must not matter. */
function settingsOf({ charge: { row }, cycle, start, end }: Case): LineSettings {
  const otherEnds = { CycleFee: 'source', UsageFee: 'never', ItemFee: 'last-of-invoice-month' } as const
  const ends: LineSettings['ends'] = { ...otherEnds, OneTimeFee: 'never', PurchaseFee: 'source', Correction: 'never' }
  if (row && end === 'none') delete ends[row]
  if (row && end !== 'none') ends[row] = end
  const key = (cycle ?? '').toLowerCase()
  const others = ['monthly', 'quarterly', 'annual', 'p1m', ''].filter((one) => one !== key)
  const starts = { ...Object.fromEntries(others.map((one) => [one, otherRule(start)])) }
  return { ...plainLineSettings, kinds, ends, starts: start === 'none' ? starts : { ...starts, [key]: start } }
}

const otherRule = (rule: Case['start']): StartRule =>
  rule === 'invoice-date' ? 'first-of-start-month' : 'invoice-date'

function computed(one: Case) {
  const [chargeStart, chargeEnd, invoicedOn] = one.days
  const said: InvoiceLine = {
    ...{ id: 'L-1', offer: 'SEC-USER', quantity: '1', chargeStart, invoicedOn, ...one.charge.stated },
    ...(chargeEnd === undefined ? {} : { chargeEnd }),
    ...(one.cycle === undefined ? {} : { billingCycle: one.cycle }),
  }
  const { warning, ...dates } = datesOf(said, settingsOf(one), { period: invoicedOn.slice(0, 7) })
  return { ...dates, warned: warning !== undefined }
}

describe('Every charge type × billing cycle × start rule × end rule × month end (P4, P5, P6, P7, P8, P14, 4.2)', () => {
  const rows = Object.entries(charges).flatMap(([name, charge]) =>
    startRules.flatMap((start) => endRules.map((end) => ({ name, charge, start, end }))),
  )

  it.each(rows)('$name, start rule $start, end rule $end', ({ charge, start, end }) => {
    for (const cycle of cycles)
      for (const around of days) {
        const one: Case = { charge, cycle, start, end, days: around }
        expect(computed(one), `${cycle} ${around}`).toEqual(wanted(one))
      }
  })
})
