import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datesOf } from '#billing/lines/charge-dates.ts'
import { chargeOf } from '#billing/lines/charge-types.ts'
import { chargeTypes, type InvoiceLine } from '#billing/lines/line.ts'
import { type EndRule, type LineSettings, plainLineSettings, type StartRule } from '#billing/lines/settings.ts'
import { addDays, type Day } from '#billing/period.ts'

const runs = { numRuns: 2000 }

/** Days from 2024 to 2036, ends of months and leap days more often than by chance. */
const day: fc.Arbitrary<Day> = fc.oneof(
  fc.constantFrom('2024-02-29', '2028-02-29', '2027-02-28', '2026-12-31', '2027-01-31', '2026-11-30', '2026-11-01'),
  fc.integer({ min: 0, max: 4500 }).map((days) => addDays('2024-01-01', days)),
)
const cycle = fc.constantFrom('Monthly', 'quarterly', 'ANNUAL', 'P1M', '')
const endRule = fc.constantFrom<EndRule>(
  'source',
  'last-of-start-month',
  'last-of-invoice-month',
  'first-of-following-month',
  'never',
)
const startRule = fc.constantFrom<StartRule>(
  'first-of-start-month',
  'first-of-invoice-month',
  'first-of-following-month',
  'invoice-date',
)

const line: fc.Arbitrary<InvoiceLine> = fc.record(
  {
    id: fc.constant('L-1'),
    offer: fc.constant('SEC-USER'),
    quantity: fc.constant('1'),
    chargeType: fc.constantFrom(...chargeTypes, 'SeatFee', 'SetupFee', 'Surprise'),
    chargeStart: day,
    chargeEnd: day,
    invoicedOn: day,
    billingCycle: cycle,
    custom: fc.boolean(),
  },
  { requiredKeys: ['id', 'offer', 'quantity', 'chargeType'] },
)

const settings: fc.Arbitrary<LineSettings> = fc
  .record({
    ends: fc.dictionary(
      fc.constantFrom('CycleFee', 'PurchaseFee', 'UsageFee', 'ItemFee', 'OneTimeFee', 'Correction'),
      endRule,
    ),
    starts: fc.dictionary(fc.constantFrom('monthly', 'quarterly', 'annual', 'p1m', ''), startRule),
  })
  .map((fields) => ({ ...plainLineSettings, ...fields, kinds: { SeatFee: 'recurring', SetupFee: 'one-time' } }))

const typed = fc.record({ typedStart: fc.option(day), typedEnd: fc.option(fc.oneof(day, fc.constant('never'))) })
const period = fc.constantFrom('2026-11', '2028-02', '2026-12')

const holds = (says: (said: InvoiceLine, settings: LineSettings, known: Known) => void) =>
  fc.assert(
    fc.property(line, settings, period, typed, (said, rules, month, days) =>
      says(said, rules, { period: month, ...days }),
    ),
    runs,
  )
type Known = Parameters<typeof datesOf>[2]

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Counted on knuckles, not with a calendar's code. */
function lastOf(on: Day): Day {
  const [year = 0, month = 0] = on.split('-').map(Number)
  const last = month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return `${on.slice(0, 8)}${last}`
}
const firstOf = (on: Day): Day => `${on.slice(0, 8)}01`
function firstOfNext(on: Day): Day {
  const [year = 0, month = 0] = on.split('-').map(Number)
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`
}

/** The row of the settings a line goes by. */
const rowOf = ({ chargeType, custom }: InvoiceLine): string =>
  custom || chargeType === 'UserCorrection' ? 'Correction' : chargeType

const endRuleOf = (said: InvoiceLine, { ends }: LineSettings): string | undefined =>
  Object.entries(ends).find(([charge]) => charge === rowOf(said))?.[1]
const startRuleOf = ({ billingCycle = '' }: InvoiceLine, { starts }: LineSettings) => starts[billingCycle.toLowerCase()]

describe('Whatever a line says and whatever the rules are (4.2)', () => {
  it('no end is before its start, and one that would be is warned about', () => {
    holds((said, rules, known) => {
      const { effectiveOn, cancelledOn, warning } = datesOf(said, rules, known)
      if (cancelledOn !== null) expect(cancelledOn >= effectiveOn).toBe(true)
      if (warning !== undefined) expect(cancelledOn).toBe(effectiveOn)
    })
  })

  it('a typed day beats every rule and survives them all (P6)', () => {
    holds((said, rules, known) => {
      const { effectiveOn, effectiveBadge, cancelledOn, cancelledBadge } = datesOf(said, rules, known)
      expect(effectiveBadge === 'user').toBe(known.typedStart !== null)
      expect(cancelledBadge === 'user').toBe(known.typedEnd !== null)
      if (known.typedStart) expect(effectiveOn).toBe(known.typedStart)
      if (known.typedEnd === 'never') expect(cancelledOn).toBeNull()
      else if (known.typedEnd) expect(cancelledOn).toBe(known.typedEnd < effectiveOn ? effectiveOn : known.typedEnd)
    })
  })

  it('a badge stands wherever a rule is set, and nowhere else (P6)', () => {
    holds((said, rules, { period }) => {
      const { effectiveBadge, cancelledBadge } = datesOf(said, rules, { period })
      expect(effectiveBadge).toBe(startRuleOf(said, rules) ? 'system' : 'none')
      expect(cancelledBadge).toBe(endRuleOf(said, rules) ? 'system' : 'none')
    })
  })

  it('the same line under the same rules gets the same days and name again (P9)', () => {
    holds((said, rules, known) => {
      const again = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))
      expect(datesOf(again(said), again(rules), again(known))).toEqual(datesOf(said, rules, known))
      expect(chargeOf(again(said), again(rules))).toEqual(chargeOf(said, rules))
    })
  })

  it('the last day of a month is that month’s, in leap years too', () => {
    holds((said, rules, { period }) => {
      const start = said.chargeStart ?? said.invoicedOn ?? firstOf(`${period}-01`)
      const oneTime = { ...said, chargeType: 'UsageFee', custom: false }
      const { effectiveOn, cancelledOn } = datesOf(oneTime, { ...rules, ends: {} }, { period })
      expect(cancelledOn).toBe(lastOf(effectiveOn))
      const ruled = datesOf(oneTime, { ...rules, starts: {}, ends: { UsageFee: 'last-of-start-month' } }, { period })
      expect(ruled.cancelledOn).toBe(lastOf(start))
    })
  })

  it('no day appears that neither the line, nor a rule, nor a person names', () => {
    holds((said, rules, known) => {
      const { effectiveOn, cancelledOn } = datesOf(said, rules, known)
      const invoiced = said.invoicedOn ?? `${known.period}-01`
      const start = said.chargeStart ?? invoiced
      const starts = [known.typedStart, start, firstOf(start), firstOf(invoiced), firstOfNext(invoiced), invoiced]
      expect(starts).toContain(effectiveOn)
      const ends = [known.typedEnd, said.chargeEnd, lastOf(start), lastOf(invoiced), firstOfNext(invoiced)]
      expect([null, effectiveOn, lastOf(effectiveOn), ...ends]).toContain(cancelledOn)
    })
  })

  it('a rule of another charge type or billing cycle changes nothing (P4, P5)', () => {
    holds((said, rules, known) => {
      const end = endRuleOf(said, rules)
      const start = startRuleOf(said, rules)
      const own = {
        ...rules,
        ends: end ? { [rowOf(said)]: end } : {},
        starts: start ? { [(said.billingCycle ?? '').toLowerCase()]: start } : {},
      }
      expect(datesOf(said, own, known)).toEqual(datesOf(said, rules, known))
    })
  })
})
