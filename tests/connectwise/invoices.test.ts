import { describe, expect, it } from 'vitest'
import { givenConnectWise, json, page, pagesOf } from './given.ts'

type Answer = Parameters<typeof givenConnectWise>[0]

/** Invoices as the report tells them: agreement, billing log, month and year. */
const report = (rows: number[][]) =>
  json({
    column_definitions: ['AGR_Header_RecID', 'Billing_Log_RecID', 'Run_Month', 'Run_Year'].map((name) => ({
      [name]: {},
    })),
    row_values: rows,
  })
const isReport = (url: URL) => url.pathname.includes('/system/reports/')

const read = async (answer: Answer, hasReports = true, ids = [87, 88]) => {
  const { clock, manage, calls } = givenConnectWise(answer)
  return { said: await clock.run(manage.listInvoiceEvidence(ids, hasReports)), calls }
}

describe('what is known of invoices (U16)', () => {
  it('is the month of the newest period in the report, in one request', async () => {
    const { said, calls } = await read(() =>
      report([
        [87, 9, 11, 2026],
        [87, 8, 10, 2026],
        [88, 7, 12, 2025],
      ]),
    )
    expect(said).toEqual([
      { agreementId: 87, month: '2026-11' },
      { agreementId: 88, month: '2025-12' },
    ])
    expect(calls.map(({ url }) => url.searchParams.get('conditions'))).toEqual(['AGR_Header_RecID in (87,88)'])
  })

  it.each([
    ['absent', () => json({ code: 'NotFound', message: 'no' }, { status: 404 })],
    ['not allowed', () => json({ code: 'Forbidden', message: 'no' }, { status: 403 })],
    ['a web page', page],
  ])('is the next invoice date of the recaps where the report is %s', async (_, refusal) => {
    const rows = [
      { id: 87, nextInvoiceDate: '2026-12-01T00:00:00Z' },
      { id: 88, nextInvoiceDate: '' },
    ]
    const recaps = pagesOf(rows)
    const { said } = await read((url, request) => (isReport(url) ? refusal() : recaps(url, request)))
    expect(said).toEqual([{ agreementId: 87, nextOn: '2026-12-01' }, { agreementId: 88 }])
  })

  it('is nothing where ConnectWise gives neither, and no report is asked for where none can be read', async () => {
    const { said, calls } = await read(() => json({ code: 'Forbidden', message: 'no' }, { status: 403 }), false)
    expect(said).toEqual([])
    expect(calls.some(({ url }) => isReport(url))).toBe(false)
  })

  it('takes as many requests as addresses are needed for the ids', async () => {
    const ids = Array.from({ length: 1000 }, (_, at) => 10_000 + at)
    const { calls } = await read(() => report([]), true, ids)
    expect(calls.length).toBeLessThanOrEqual(4)
    expect(calls.every(({ url }) => url.href.length < 2000)).toBe(true)
  })
})

describe('billing cycles', () => {
  const list = async (answer: Answer) => {
    const { clock, manage } = givenConnectWise(answer)
    return clock.run(manage.listBillingCycles())
  }

  it('are known by their id; one of an unknown length is left out', async () => {
    const rows = [
      { id: 1, billingOptions: 'Monthly' },
      { id: 2, billingOptions: 'EveryFullMoon' },
      { id: 3, billingOptions: null },
    ]
    expect(await list(pagesOf(rows))).toEqual({ 1: 'Monthly' })
  })

  it('are not known where they cannot be read', async () => {
    expect(await list(() => json({ code: 'Forbidden', message: 'no' }, { status: 403 }))).toBeUndefined()
  })
})
