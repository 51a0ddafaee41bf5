import { describe, expect, it } from 'vitest'
import { givenConnectWise, json, page } from './given.ts'

const columns = [
  ...['Unit_Price', 'Addition_RecId', 'AGR_RecID', 'Product_RecId', 'Total_Quantity', 'Less_Included', 'Bill_Customer'],
  ...['Effective_Date', 'Cancelled_Date', 'Serial_Number', 'Product_Description', 'Updated_By', 'Something_New'],
]
const row = (id: number) => [4, id, 87, 512, '12.0', 0, 'Billable', '2026-01-01T00:00:00Z', null, 'TU', 'M365', 'jo', 1]
const report = (rows: unknown[][], link?: string) =>
  json(
    { column_definitions: columns.map((name) => ({ [name]: { type: 'Text' } })), row_values: rows },
    link === undefined ? {} : { headers: { link } },
  )

const read = async (answer: Parameters<typeof givenConnectWise>[0]) => {
  const { clock, manage, calls } = givenConnectWise(answer)
  return { additions: await clock.run(manage.reportAdditions()), calls }
}

describe('the report of all additions', () => {
  it('is read by the names of its columns', async () => {
    const { additions, calls } = await read(() => report([row(1), row(2)]))
    expect(additions).toHaveLength(2)
    expect(additions?.[0]).toMatchObject({
      ...{ id: 1, agreementId: 87, productId: 512, quantity: '12', unitPrice: '4', unitCost: undefined },
      ...{ effectiveOn: '2026-01-01', cancelledOn: undefined, serialNumber: 'TU', updatedBy: 'jo' },
    })
    expect(calls).toHaveLength(1)
    expect(calls[0]?.url.searchParams.has('fields')).toBe(false)
  })

  it('takes one request for each 1,000 rows', async () => {
    const rows = Array.from({ length: 2000 }, (_, at) => row(at + 1))
    const link = (rel: string) => `<https://api-na.myconnectwise.net/x?page=2>; rel="${rel}"`
    const { additions, calls } = await read((url) =>
      url.searchParams.get('page') === '1'
        ? report(rows.slice(0, 1000), link('next'))
        : report(rows.slice(1000), link('last')),
    )
    expect(additions).toHaveLength(2000)
    expect(calls).toHaveLength(2)
  })

  it.each([
    ['does not exist', () => json({ code: 'NotFound', message: 'no' }, { status: 404 })],
    ['is not allowed', () => json({ code: 'Forbidden', message: 'no' }, { status: 403 })],
    ['is not understood', () => json({ code: 'ApiFindCondition', message: 'no' }, { status: 400 })],
    ['is a web page', page],
    ['lacks a column', () => json({ column_definitions: [{ Addition_RecId: {} }], row_values: [[1]] })],
    ['repeats a row', () => report([row(1), row(1)])],
    ['counts another number', (url: URL) => (url.pathname.endsWith('/count') ? json({ count: 9 }) : report([]))],
  ])('that %s is absent', async (_, answer) => {
    expect((await read(answer)).additions).toBeUndefined()
  })
})
