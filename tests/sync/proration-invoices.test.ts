import { afterEach, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { tenants } from '#db/schema.ts'
import { forbidden403 } from '../sandbox/manage/faults.ts'
import { openMemory } from '../stores.ts'
import { givenProrated } from './prorated.ts'

type Options = Parameters<typeof givenProrated>[1]

/** What the sandbox's own invoices come to: 120.00 and so on are the numbers of FEATURES 4.1. */
let app: Awaited<ReturnType<typeof givenProrated>> | undefined
afterEach(() => app?.close())
const prorated = async (options: Options = {}) => {
  const made = await givenProrated(openMemory, options)
  app = made
  return made
}
const open = { agreement: { nextInvoiceDate: '2026-11-01' } }

describe('the sum of invoices', () => {
  it('PR1, E4: November is invoiced, so December bills what it missed', async () => {
    const app = await prorated()
    await app.count('2026-11-17', 12)
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
    expect([app.invoice(), app.invoice()]).toEqual([129.33, 120])
  })

  it('PR2, PR3, E5: November is open, so it bills its part itself; together 229.33 as in PR1', async () => {
    const app = await prorated(open)
    await app.count('2026-11-17', 12)
    expect(app.lines()).toEqual(['10', '2 from 2026-11-17 to open'])
    const november = app.invoice()
    expect(await app.count('2026-11-18', 12)).toMatchObject({ changes: { cancelled: 1, updated: 1, created: 0 } })
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
    expect([november, app.invoice(), app.invoice()]).toEqual([109.33, 120, 120])
  })

  it('PR11: each rise above what the month was charged with gets its own line', async () => {
    const app = await prorated()
    for (const [day, quantity] of [
      ['2026-11-05', 12],
      ['2026-11-12', 13],
      ['2026-11-20', 11],
      ['2026-11-25', 14],
    ] as const)
      await app.count(day, quantity)
    expect(app.lines()).toEqual([
      '14',
      '2 from 2026-11-05 to 2026-11-30',
      '1 from 2026-11-12 to 2026-11-30',
      '1 from 2026-11-25 to 2026-11-30',
    ])
    expect([app.invoice(), app.invoice()]).toEqual([165.66, 140])
  })

  it('PR16: billed a month ahead, a rise has a line in each invoiced period', async () => {
    const app = await prorated({ since: '2027-03-02', agreement: { nextInvoiceDate: '2027-05-01' } })
    await app.count('2027-03-17', 12)
    expect(app.lines()).toEqual(['12', '2 from 2027-03-17 to 2027-03-31', '2 from 2027-04-01 to 2027-04-30'])
    expect([app.invoice(), app.invoice()]).toEqual([149.68, 120])
  })

  it('PR19: counted again on its day the line follows, on a later day it stays', async () => {
    const app = await prorated()
    await app.count('2026-11-17', 12)
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { created: 0, updated: 0 } })
    await app.count('2026-11-17', 13)
    expect(app.lines()).toEqual(['13', '3 from 2026-11-17 to 2026-11-30'])
    await app.count('2026-11-18', 12)
    expect(app.lines()).toEqual(['12', '3 from 2026-11-17 to 2026-11-30'])
    expect(app.invoice()).toBe(134)
  })

  it('PR21: an invoice that is removed holds the standing line, and November comes to the same again', async () => {
    const app = await prorated(open)
    await app.count('2026-11-17', 12)
    expect(app.invoice()).toBe(109.33)
    await app.count('2026-11-18', 12)
    app.takeBack()
    const run = await app.count('2026-11-19', 12)
    expect(run).toMatchObject({ state: 'held', changes: { held: 1 } })
    expect(run.details[0]).toMatchObject({ fields: { quantity: [12, 10] }, reason: expect.stringContaining('G11') })
    await app.sync({ approveAs: 'Fay' })
    expect(app.lines()).toEqual(['10', '2 from 2026-11-17 to 2026-11-30'])
    expect(app.invoice()).toBe(109.33)
    await app.count('2026-11-20', 12)
    expect([app.lines()[0], app.invoice()]).toEqual(['12', 120])
  })

  it('PR22: two months that are open have lines of their own', async () => {
    const app = await prorated(open)
    await app.count('2026-11-17', 12)
    await app.count('2026-12-02', 13)
    expect(app.lines()).toEqual(['10', '2 from 2026-11-17 to open', '1 from 2026-12-02 to open'])
    expect(app.invoice()).toBe(109.33)
    await app.count('2026-12-03', 13)
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30', '1 from 2026-12-02 to open'])
    expect(app.invoice()).toBe(129.68)
  })

  it('R4, R5, PR18: without Prorate on the agreement, or on a child, whole periods are billed', async () => {
    const app = await prorated({ agreement: { prorateFlag: false } })
    expect((await app.count('2026-11-17', 12)).details.map(({ reason }) => reason).join()).toContain('does not prorate')
    expect([app.lines(), app.invoice()]).toEqual([['12'], 120])
    Object.assign(app.agreement, { prorateFlag: true, parentAgreement: { id: 99 } })
    expect((await app.count('2026-11-18', 13)).details.map(({ reason }) => reason).join()).toContain('child')
    expect(app.lines()).toEqual(['13'])
  })

  it('E9: what a month missed without Prorate is offered as a line on the next invoice, and never made by itself', async () => {
    const app = await prorated({ agreement: { prorateFlag: false } })
    await app.count('2026-11-20', 11)
    const missed = (await app.sync()).details.find(({ change }) => change === 'create')
    expect(missed).toMatchObject({ outcome: 'held', reason: expect.stringContaining('3.67') })
    await app.sync({ approveAs: 'Fay' })
    expect(app.lines()).toEqual(['11', '1 from 2026-12-01 to 2026-12-31'])
    expect([app.invoice(), app.invoice()]).toEqual([113.67, 110])
    expect(await app.count('2026-11-21', 11)).toMatchObject({ state: 'done', changes: { created: 0 } })
  })
})

describe('readings that waited for one run', () => {
  it('are taken day by day, over the end of the month', async () => {
    const app = await prorated()
    for (const [day, quantity] of [
      ['2026-11-20', 11],
      ['2026-11-30', 12],
    ] as const) {
      app.set(day)
      await app.say({ 'A-17': quantity })
    }
    await app.count('2026-12-02', 13)
    expect(app.lines()).toEqual([
      '12',
      '1 from 2026-11-20 to 2026-11-30',
      '1 from 2026-11-30 to 2026-11-30',
      '1 from 2026-12-02 to open',
    ])
    expect(app.invoice()).toBe(133.68)
  })
})

describe('evidence of invoices', () => {
  it('U16, U17: no dated line where the report tells of another period than the next invoice date', async () => {
    const app = await prorated({ agreement: { nextInvoiceDate: '2026-11-01' } })
    await save(app.scope.db, [app.scope.db.update(tenants).set({ hasAdditionsReport: true })])
    app.invoice()
    await app.count('2026-11-10', 11)
    expect(app.lines()).toEqual(['11', '1 from 2026-11-10 to 2026-11-30'])
    app.agreement.nextInvoiceDate = '2027-01-01'
    const run = await app.count('2026-11-17', 12)
    expect(run.details[0]?.reason).toContain(
      'no dated line: the agreement is invoiced through 2026-11-30, but its next invoice date is 2027-01-01',
    )
    expect(app.lines()).toEqual(['12', '1 from 2026-11-10 to 2026-11-30'])
  })

  it('R5: no dated line while the length of the billing cycle cannot be known', async () => {
    const app = await prorated()
    await save(app.scope.db, [app.scope.db.update(tenants).set({ billingCycles: null })])
    app.manage.faults.add({ match: { path: /billingcycles/i }, fault: forbidden403() })
    const run = await app.count('2026-11-17', 12)
    expect(run).toMatchObject({ state: 'done', changes: { updated: 1, created: 0 } })
    expect(run.details[0]?.reason).toContain('no dated line: its billing cycle is not known')
    app.manage.faults.clear()
    await app.count('2026-11-19', 12)
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
  })

  it('U20, PR13: the first dated line of a quarter waits for a person', async () => {
    const quarterly = {
      billingCycle: { id: 2 },
      invoicingCycle: 'CalendarYear' as const,
      nextInvoiceDate: '2027-01-01',
    }
    const app = await prorated({ agreement: quarterly })
    app.manage.edit(app.addition, { unitPrice: 30 })
    expect(await app.count('2026-11-17', 12)).toMatchObject({ state: 'held', changes: { held: 2 } })
    await app.sync({ approveAs: 'Fay' })
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-12-31'])
    expect(app.invoice()).toBe(389.35)
  })
})

describe('whenever periods are invoiced', () => {
  const counts = [
    ['2026-11-05', 12],
    ['2026-11-12', 11],
    ['2026-11-20', 14],
    ['2026-12-03', 13],
    ['2026-12-10', 15],
    ['2026-12-28', 14],
    ['2027-01-16', 14],
    ['2027-02-16', 14],
    ['2027-03-02', 14],
  ] as const
  // November 10, and 2 from the 5th and 2 from the 20th; December 14, and 1 from the 10th; then 14 for three months.
  const whole = 100 + 17.33 + 7.33 + 140 + 7.1 + 3 * 140
  it.each([
    ['on their first day', ['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01', '2027-03-01']],
    ['in the middle', ['2026-11-15', '2026-12-15', '2027-01-15', '2027-02-15', '2027-03-15']],
    ['after their last day', ['2026-12-02', '2027-01-03', '2027-02-02', '2027-03-03', '2027-04-02']],
  ])('the same is billed in all: %s', async (_, days) => {
    const app = await prorated({ since: '2026-11-01', agreement: { nextInvoiceDate: '2026-11-01' } })
    const events = [...counts, ...days.map((day) => [day, 'invoice'] as const)].sort(([a], [b]) => (a < b ? -1 : 1))
    let billed = 0
    for (const [day, event] of events) {
      app.set(day)
      if (event === 'invoice') billed += app.invoice()
      else await app.count(day, event, { approveAs: 'Fay' })
    }
    expect(billed).toBeCloseTo(whole, 5)
  })
})
