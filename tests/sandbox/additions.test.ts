import { describe, expect, it } from 'vitest'
import { givenAddition } from './caller.ts'
import { addAgreement, addProduct } from './manage/world.ts'

const effective = (day: string) => ({
  product: { id: 501 },
  billCustomer: 'Billable',
  effectiveDate: `${day}T00:00:00Z`,
})

describe('an addition', () => {
  it('is answered with what is computed and with the present names of what it refers to', async () => {
    const { call, path, product } = givenAddition()
    product.identifier = 'SAT-2'
    expect((await call('GET', `${path}/301`)).body).toMatchObject({
      product: { id: 501, identifier: 'SAT-2' },
      description: 'Seats',
      billedQuantity: 7,
      extPrice: 28,
      extCost: 14.7,
      margin: 13.3,
      agreementStatus: 'Active',
    })
  })

  it('takes price and cost from the catalogue when created without them', async () => {
    const { call, path, clock } = givenAddition()
    clock.advance(60_000)
    const made = await call('POST', path, { product: { id: 501 }, billCustomer: 'Billable', quantity: 2 })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ id: 302, agreementId: 87, unitPrice: 4, unitCost: 2.1, quantity: 2 })
    expect(made.body._info).toEqual({ lastUpdated: '2026-11-21T10:01:00Z', updatedBy: 'TrueUp' })
  })

  it.each([
    ['a missing product', { billCustomer: 'Billable' }, 'product', 'MissingRequiredField'],
    ['a product that is not there', { product: { id: 9 }, billCustomer: 'Billable' }, 'product', 'InvalidField'],
    [
      'a long serial number',
      { ...effective('2026-12-01'), serialNumber: 'x'.repeat(51) },
      'serialNumber',
      'OutOfRange',
    ],
    ['a bundle', { ...effective('2026-12-01'), product: { id: 502 } }, 'product', 'InvalidField'],
    ['an inactive product', { ...effective('2026-12-01'), product: { id: 503 } }, 'product', 'InvalidField'],
    ['a day before the billing start', effective('2024-12-31'), 'effectiveDate', 'InvalidField'],
    ['a day in an invoiced period without proration', effective('2026-11-15'), 'effectiveDate', 'InvalidField'],
  ])('is refused with %s', async (_, body, field, code) => {
    const { world, call, path } = givenAddition()
    addProduct(world, { id: 502, productClass: 'Bundle' })
    addProduct(world, { id: 503, inactiveFlag: true })
    const answer = await call('POST', path, body)
    expect([answer.status, answer.body.message]).toEqual([400, 'Addition object is invalid'])
    expect(answer.body.errors).toEqual([expect.objectContaining({ field, code })])
    expect(world.additions.size).toBe(1)
  })

  it.each([
    ['an unknown member', { additionStatus: 'Active' }],
    ['a number as text', { quantity: '3' }],
    ['a day without its time', { effectiveDate: '2026-12-01' }],
    ['a day that does not exist', { effectiveDate: '2026-02-30T00:00:00Z' }],
    ['another word for Billable', { billCustomer: 'billed' }],
  ])('is refused whole for %s', async (_, more) => {
    const { call, path } = givenAddition()
    const answer = await call('POST', path, { product: { id: 501 }, billCustomer: 'Billable', ...more })
    expect([answer.status, answer.body.code]).toEqual([400, 'ConnectWiseApi'])
  })

  it('may start inside an invoiced period when the agreement prorates', async () => {
    const { call, path, agreement } = givenAddition()
    agreement.prorateFlag = true
    expect((await call('POST', path, effective('2026-11-15'))).status).toBe(201)
  })

  it('is changed by an array of bare paths, absolutely', async () => {
    const { call, path, addition } = givenAddition()
    const change = [
      { op: 'replace', path: 'quantity', value: 12 },
      { op: 'replace', path: 'cancelledDate', value: '2026-11-30T00:00:00Z' },
    ]
    expect((await call('PATCH', `${path}/301`, change)).body).toMatchObject({ quantity: 12, billedQuantity: 10 })
    expect(addition).toMatchObject({ quantity: 12, cancelledDate: '2026-11-30T00:00:00Z' })
    await call('PATCH', `${path}/301`, [{ op: 'remove', path: 'cancelledDate' }])
    expect(addition).not.toHaveProperty('cancelledDate')
  })

  it.each([
    ['an object instead of an array', { op: 'replace', path: 'quantity', value: 12 }, 400],
    ['a leading slash', [{ op: 'replace', path: '/quantity', value: 12 }], 400],
    ['another case', [{ op: 'replace', path: 'Quantity', value: 12 }], 400],
    ['an unknown operation', [{ op: 'test', path: 'quantity', value: 9 }], 400],
    ['a sub-path, falsely done', [{ op: 'replace', path: 'product/identifier', value: 'X' }], 200],
    ['a read-only field, ignored', [{ op: 'replace', path: 'extPrice', value: 1 }], 200],
    [
      'one good and one bad operation',
      [
        { op: 'replace', path: 'quantity', value: 12 },
        { op: 'replace', path: 'billCustomer', value: 'x' },
      ],
      400,
    ],
  ])('is not changed by %s', async (_, body, status) => {
    const { call, path, addition } = givenAddition()
    const { _info, ...before } = structuredClone(addition)
    expect((await call('PATCH', `${path}/301`, body)).status).toBe(status)
    expect(addition).toMatchObject(before)
  })

  it('is refilled from the catalogue when its product changes, unless the request says otherwise', async () => {
    const { world, call, path } = givenAddition()
    addProduct(world, { id: 502, price: 50, cost: 30 })
    const change = [
      { op: 'replace', path: 'product', value: { id: 502 } },
      { op: 'replace', path: 'unitCost', value: 29 },
    ]
    expect((await call('PATCH', `${path}/301`, change)).body).toMatchObject({
      unitPrice: 50,
      unitCost: 29,
      quantity: 9,
    })
  })

  it('can be deleted, and its id does not come back', async () => {
    const { call, path } = givenAddition()
    expect((await call('DELETE', `${path}/301`)).status).toBe(204)
    expect((await call('GET', `${path}/301`)).status).toBe(404)
    expect((await call('POST', path, effective('2026-12-01'))).body.id).toBe(302)
  })

  it('is found only under its own agreement', async () => {
    const { world, call } = givenAddition()
    addAgreement(world, { id: 88 })
    expect((await call('GET', '/finance/agreements/88/additions/301')).status).toBe(404)
    expect((await call('GET', '/finance/agreements/999/additions')).status).toBe(404)
  })
})
