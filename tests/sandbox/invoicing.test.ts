import { describe, expect, it } from 'vitest'
import { givenManage } from './caller.ts'
import { periodOf } from './manage/calendar.ts'
import { addAddition, addAgreement, addProduct } from './manage/world.ts'

/** An agreement at 10.00 a unit with a standing line of ten, next invoice on the given day. */
function givenAgreement(nextInvoiceDate: string, prorateFlag = true) {
  const given = givenManage()
  const product = addProduct(given.world, { price: 10 })
  const agreement = addAgreement(given.world, { prorateFlag, nextInvoiceDate })
  const standing = addAddition(given.world, { agreement, product, quantity: 10 })
  const path = `/finance/agreements/${agreement.id}`
  const add = (quantity: number, from: string, to?: string) =>
    given.call('POST', `${path}/additions`, {
      product: { id: product.id },
      billCustomer: 'Billable',
      quantity,
      effectiveDate: `${from}T00:00:00Z`,
      ...(to && { cancelledDate: `${to}T00:00:00Z` }),
    })
  const invoice = async () => {
    const { body } = await given.call('POST', `${path}/invoice`)
    const made = given.world.invoices.get(body)
    const total = made?.lines.reduce((sum, line) => sum + line.amount, 0) ?? 0
    return { from: made?.from, to: made?.to, total: Math.round(total * 100) / 100 }
  }
  const remove = async (id = 0) => (await given.call('DELETE', `/finance/invoices/${id}`)).status
  const recap = () => given.call('GET', '/finance/agreementrecap/?fields=nextInvoiceDate,lastInvoiceNumber')
  return { ...given, agreement, standing, add, invoice, remove, recap }
}

describe('an invoice', () => {
  it('covers the next period and moves the next invoice date by one cycle', async () => {
    const { agreement, invoice } = givenAgreement('2026-12-01')
    expect(await invoice()).toEqual({ from: '2026-12-01', to: '2026-12-31', total: 100 })
    expect(agreement.nextInvoiceDate).toBe('2027-01-01')
    expect(await invoice()).toEqual({ from: '2027-01-01', to: '2027-01-31', total: 100 })
  })

  it('catches up the days of a line added to an invoiced period, both ends billed (E4)', async () => {
    const { standing, add, invoice } = givenAgreement('2026-12-01')
    expect((await add(2, '2026-11-17', '2026-11-30')).body).toMatchObject({
      proratePrice: 4.67,
      extendedProratePrice: 9.33,
    })
    standing.quantity = 12
    expect((await invoice()).total).toBe(129.33)
    expect((await invoice()).total).toBe(120)
  })

  it('prorates a line that starts in the open period and bills it whole afterwards (E5)', async () => {
    const { add, invoice } = givenAgreement('2026-11-01')
    await add(2, '2026-11-17')
    expect((await invoice()).total).toBe(109.33)
    expect((await invoice()).total).toBe(120)
  })

  it('bills any part of a period in full when the agreement does not prorate', async () => {
    const { add, invoice } = givenAgreement('2026-12-01', false)
    await add(2, '2026-12-20')
    expect((await invoice()).total).toBe(120)
  })

  it('leaves out lines that ended before it and lines that are not billed', async () => {
    const { standing, invoice } = givenAgreement('2026-12-01')
    standing.cancelledDate = '2026-11-30T00:00:00Z'
    expect((await invoice()).total).toBe(0)
    delete standing.cancelledDate
    standing.billCustomer = 'DoNotBill'
    expect((await invoice()).total).toBe(0)
  })

  it('is made up to 90 days ahead', async () => {
    const { invoice } = givenAgreement('2027-02-01')
    expect(await invoice()).toMatchObject({ from: '2027-02-01', total: 100 })
    expect(await invoice()).toMatchObject({ from: undefined })
  })

  it('that is deleted opens its period again and is made again the same (PR21)', async () => {
    const { world, agreement, add, invoice, remove, recap } = givenAgreement('2026-11-01')
    await add(2, '2026-11-17')
    await add(1, '2026-10-22', '2026-10-31')
    const first = await invoice()
    expect(first.total).toBe(112.56)
    expect((await recap()).body).toMatchObject([{ nextInvoiceDate: '2026-12-01', lastInvoiceNumber: '10001' }])
    const [made] = world.invoices.rows()
    expect(await remove(made?.id)).toBe(204)
    expect(agreement.nextInvoiceDate).toBe('2026-11-01')
    expect(await invoice()).toEqual(first)
    await invoice()
    expect(await remove(made?.id)).toBe(404)
    expect(await remove(world.invoices.rows()[0]?.id)).toBe(400)
  })

  it('counts its periods from 1 January where the agreement says so', async () => {
    const { agreement, invoice } = givenAgreement('2026-10-01')
    Object.assign(agreement, { invoicingCycle: 'CalendarYear', billingCycle: { id: 2 }, billStartDate: '2025-07-15' })
    expect(await invoice()).toMatchObject({ from: '2026-10-01', to: '2026-12-31' })
  })

  it('is refused for a cancelled agreement', async () => {
    const { call, agreement } = givenAgreement('2026-12-01')
    agreement.cancelledFlag = true
    expect((await call('POST', `/finance/agreements/${agreement.id}/invoice`)).status).toBe(400)
  })
})

describe('a billing period', () => {
  it.each([
    ['2025-01-01', 'Monthly', '2026-02-28', '2026-02-01', '2026-02-28'],
    ['2025-01-31', 'Monthly', '2026-02-28', '2026-02-28', '2026-03-30'],
    ['2025-01-31', 'Monthly', '2026-03-31', '2026-03-31', '2026-04-29'],
    ['2025-07-15', 'Quarterly', '2026-11-21', '2026-10-15', '2027-01-14'],
    ['2024-02-29', 'Yearly', '2026-11-21', '2026-02-28', '2027-02-27'],
    ['2026-11-02', 'Weekly', '2026-11-21', '2026-11-16', '2026-11-22'],
    ['2026-12-01', 'Monthly', '2026-11-21', '2026-12-01', '2026-12-31'],
  ])('on the grid from %s, %s, holding %s is %s to %s', (anchor, options, day, from, to) => {
    expect(periodOf(anchor, options, day)).toEqual({ from, to })
  })
})
