import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Addition, Agreement } from '#billing/existing.ts'
import { makePlan } from '#billing/make-plan.ts'
import { addDays, type Day, firstOf, monthOf, shiftMonth } from '#billing/period.ts'
import type { AgreementState, PlanInput, PlanRow } from '#billing/plan.ts'
import { stoodOf, type Wish } from '#billing/wish.ts'

const today = '2026-11-17'

const agreementOf = (id: number, fields: Partial<Agreement> = {}): Agreement => ({
  ...{ id, name: `Agreement ${id}`, companyId: 250, companyName: 'Contoso', typeName: 'Cloud', status: 'Active' },
  ...{ startOn: '2026-01-01', endOn: undefined, billStartOn: '2026-01-01', nextInvoiceOn: '2026-12-01' },
  ...{ billProducts: 'Billable', billingCycle: 'Monthly', billingOption: 'Monthly', invoicingCycle: 'CalendarYear' },
  ...{ prorate: false, currency: 'USD', currencyDecimals: 2, parentId: undefined },
  ...fields,
})

const additionOf = (fields: Partial<Addition> = {}): Addition => ({
  ...{ id: 301, agreementId: 87, productId: 512, description: 'Seats', quantity: '5', lessIncluded: '0' },
  ...{ unitCost: '4', unitPrice: '10', billCustomer: 'Billable', effectiveOn: '2026-03-01', cancelledOn: undefined },
  ...{ serialNumber: '', updatedBy: undefined, updatedAt: undefined },
  ...fields,
})

const wishOf = (addition: Addition, fields: Partial<Wish> = {}): Wish => ({
  ...{ additionId: 301, agreementId: 87, wish: 'move', lastOn: '2026-11-30', toAgreementId: 88, reason: 'wrong one' },
  stood: stoodOf(addition),
  ...fields,
})

const line = {
  ...{ additionId: 301, agreementId: 87, source: 'src', account: 'A-17', kind: 'persistent' as const },
  ...{ identity: 'seats', period: '2026-11', cancelledOn: null, isEndTyped: false },
}

interface World {
  addition?: Addition
  from?: Partial<Agreement>
  to?: Partial<Agreement>
  wish?: Partial<Wish>
}

function inputOf({ addition = additionOf(), from = {}, to = {}, wish = {} }: World): PlanInput {
  const state = (agreement: Agreement, additions: Addition[]): AgreementState => ({ agreement, additions })
  const wished = wishOf(addition, wish)
  return {
    ...{ today, mappings: [], accounts: [], books: new Map(), companies: new Map(), products: new Map() },
    ...{ lastValues: new Map(), currency: 'USD', wholeQuantities: false, wishes: [wished], heeded: [wished] },
    agreements: new Map([
      [87, state(agreementOf(87, from), [addition])],
      [88, state(agreementOf(88, to), [])],
    ]),
  }
}

const planned = (world: World): PlanRow[] => makePlan(inputOf(world)).rows
const refusal = (world: World): string | undefined => planned(world).find(({ change }) => change === undefined)?.reason

describe('moving an addition to the right agreement', () => {
  it('is one plan of two rows, the second after the first, and both always wait (V21, Q3)', () => {
    const [end, start, ...rest] = planned({ wish: { line } })
    expect(rest).toEqual([])
    expect(end).toMatchObject({ key: 'addition:301', change: 'cancel', agreementId: 87, additionId: 301 })
    expect(end?.after).toEqual({ cancelledOn: '2026-11-30' })
    expect(end?.posting).toMatchObject({ identity: 'seats', closes: true })
    expect(start).toMatchObject({ key: 'move:301', change: 'create', agreementId: 88, productId: 512 })
    expect(start).toMatchObject({ effectiveOn: '2026-12-01', needs: ['addition:301'] })
    expect(start?.after).toEqual({ quantity: '5', price: '10', cost: '4' })
    expect(start?.posting).toMatchObject({ identity: 'seats', kind: 'persistent', lines: [] })
    for (const row of [end, start]) expect(row?.holds).toMatchObject([{ guard: 'G3' }])
  })

  it('moves what was never billed as a whole: quantity 0 here, the same days there', () => {
    const addition = additionOf({ effectiveOn: '2026-12-05', cancelledOn: '2026-12-31' })
    const [end, start] = planned({ addition, wish: { lastOn: '2026-12-04', line: { ...line, kind: 'one-time' } } })
    expect(end?.after).toEqual({ quantity: '0', cancelledOn: '2026-12-05' })
    expect(start?.effectiveOn).toBe('2026-12-05')
    expect(start?.after).toEqual({ quantity: '5', price: '10', cost: '4', cancelledOn: '2026-12-31' })
  })

  it('plans only the second row once the first is done', () => {
    const input = inputOf({})
    const [state] = [...input.agreements.values()]
    const ended = { ...additionOf(), cancelledOn: '2026-11-30' }
    const agreements = new Map([...input.agreements, [87, { agreement: agreementOf(87), additions: [ended] }]] as const)
    expect(state).toBeDefined()
    const { rows } = makePlan({ ...input, agreements: new Map(agreements) })
    expect(rows.map(({ key, needs }) => [key, needs])).toEqual([['move:301', undefined]])
  })

  it('refuses in words what cannot be billed on exactly one of the two', () => {
    expect(refusal({ wish: { lastOn: '2026-11-16' } })).toContain('already on the invoice of November 2026')
    expect(refusal({ wish: { lastOn: '2026-12-10' } })).toContain('does not prorate and bills all of December 2026')
    expect(refusal({ to: { companyId: 251, companyName: 'Fabrikam' } })).toContain('belongs to Fabrikam')
    expect(refusal({ to: { currency: 'EUR' } })).toContain('bills in USD, agreement 88 in EUR')
    expect(refusal({ to: { status: 'Cancelled' } })).toContain('agreement 88 is Cancelled')
    expect(refusal({ to: { billingOption: 'Yearly', billingCycle: 'Annual' } })).toContain('per billing cycle')
    expect(refusal({ to: { nextInvoiceOn: '2027-01-01' } })).toContain('2026-12-01 would not be billed')
    expect(refusal({ to: { nextInvoiceOn: undefined } })).toContain('has no next invoice date')
    expect(refusal({ wish: { line: { ...line, kind: 'one-time' } } })).toContain('moves as a whole')
    expect(refusal({ to: { billProducts: 'DoNotBill' } })).toContain('would not be billed there')
    expect(refusal({ wish: { line, lastOn: '2027-03-31' } })).toContain('choose 2026-11-30, or wait')
    expect(refusal({ addition: additionOf({ cancelledOn: '2026-11-30' }) })).toContain('ends on 2026-11-30 already')
  })

  it('refuses what was changed since it was asked for', () => {
    const stood = { ...stoodOf(additionOf()), quantity: '4' }
    expect(refusal({ wish: { stood } })).toContain('was changed since this was asked for')
  })

  it('lets nothing else be written to the addition meanwhile, nor posted for its subscription', () => {
    const input = inputOf({ wish: { line } })
    const mapping = { ...{ id: 'm', source: 'src', account: 'A-17', reads: [{ metric: 'users' }] }, companyId: 250 }
    const mapped = { ...mapping, agreementId: 87, additionId: 301, targetKey: 'addition:301', leaveAlone: [] }
    const { rows } = makePlan({
      ...input,
      wishes: [],
      mappings: [{ ...mapped, include: true, rule: { write: ['quantity'] } }],
    })
    expect(rows.filter(({ change }) => change !== undefined)).toEqual([])
  })

  it('bills every day on exactly one of the two agreements, whatever the days and invoices (V21)', () => {
    const day = fc.integer({ min: 0, max: 220 }).map((n) => addDays('2026-08-01', n))
    const next = fc.integer({ min: 9, max: 14 }).map((n) => firstOf(shiftMonth('2026-01', n)))
    const sides = fc.record({ prorate: fc.boolean(), nextInvoiceOn: next })
    const addition = fc.record({ effectiveOn: day, cancelledOn: fc.option(day, { nil: undefined }) }).map((days) =>
      additionOf({
        ...days,
        ...(days.cancelledOn && days.cancelledOn < days.effectiveOn ? { cancelledOn: days.effectiveOn } : {}),
      }),
    )
    let moved = 0
    fc.assert(
      fc.property(addition, sides, sides, day, fc.boolean(), (one, from, to, x, isWhole) => {
        const lastOn = isWhole ? addDays(one.effectiveOn ?? '', -1) : x
        const rows = planned({ addition: one, from, to, wish: { lastOn } })
        const [end, start] = rows
        if (!end?.change || !start) return
        moved++
        const old = {
          ...one,
          quantity: end.after.quantity ?? one.quantity,
          cancelledOn: end.after.cancelledOn ?? undefined,
        }
        const created = { ...one, effectiveOn: start.effectiveOn, cancelledOn: start.after.cancelledOn ?? undefined }
        const control = billed(one, from, { before: one })
        const both = [...billed(old, from, { before: one }), ...billed(created, to, { isNew: true })]
        expect(new Set(both).size, 'no day is billed twice').toBe(both.length)
        for (const d of control)
          if (d >= (one.effectiveOn ?? '') && d <= (one.cancelledOn ?? '9')) expect(both, d).toContain(d)
      }),
      { numRuns: 2000 },
    )
    expect(moved).toBeGreaterThan(200)
  })
})

/** The days an addition is billed for until 2027-12: a month is billed whole unless its agreement prorates. */
function billed(
  one: Addition,
  { prorate, nextInvoiceOn }: { prorate: boolean; nextInvoiceOn: Day },
  { before, isNew }: { before?: Addition; isNew?: true },
): Day[] {
  const days: Day[] = []
  for (let month = '2026-01'; month <= '2027-12'; month = shiftMonth(month, 1)) {
    const isInvoiced = firstOf(month) < nextInvoiceOn
    if (isInvoiced && isNew && !prorate) continue
    const billedAs = isInvoiced && before ? before : one
    const all = daysOf(month)
    const own = all.filter((d) => d >= (billedAs.effectiveOn ?? '') && d <= (billedAs.cancelledOn ?? '9'))
    if (billedAs.quantity !== '0') days.push(...(prorate || own.length === 0 ? own : all))
  }
  return days
}

const everyDay = Array.from({ length: 730 }, (_, n) => addDays('2026-01-01', n))
const months = new Map(everyDay.map((day) => [monthOf(day), everyDay.filter((d) => monthOf(d) === monthOf(day))]))
const daysOf = (month: string): readonly Day[] => months.get(month) ?? []
