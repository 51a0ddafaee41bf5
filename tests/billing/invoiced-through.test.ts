import { expect, it } from 'vitest'
import type { Agreement } from '#billing/existing.ts'
import { invoicingOf } from '#billing/invoiced-through.ts'

const agreement = (more: Partial<Agreement>): Agreement => ({
  ...{ id: 87, name: 'Managed', companyId: 250, companyName: 'Contoso', typeName: '', status: 'Active' },
  ...{ startOn: undefined, endOn: undefined, billStartOn: '2026-01-01', nextInvoiceOn: '2026-12-01' },
  ...{ billProducts: 'Billable', billingCycle: 'Monthly', billingOption: 'Monthly', invoicingCycle: 'ContractYear' },
  ...{ prorate: true, currency: 'USD', currencyDecimals: 2, parentId: undefined },
  ...more,
})

it.each([
  ['a calendar month', {}, '2026-11', '2026-11-30'],
  ['an older month', {}, '2026-10', '2026-10-31'],
  ['a month from the 15th', { billStartOn: '2026-01-15', nextInvoiceOn: '2026-12-15' }, '2026-11', '2026-12-14'],
  ['a quarter', { billingOption: 'Quarterly', nextInvoiceOn: '2027-01-01' }, '2026-10', '2026-12-31'],
  [
    'one week of several',
    { billingOption: 'Weekly', billStartOn: '2026-11-02', nextInvoiceOn: '2026-11-16' },
    '2026-11',
    '2026-11-15',
  ],
  [
    'the last week',
    { billingOption: 'Weekly', billStartOn: '2026-11-02', nextInvoiceOn: '2026-11-16' },
    '2026-10',
    '2026-11-01',
  ],
] as const)('U16: the report’s month ends its newest period: %s', (_, more, month, through) => {
  expect(invoicingOf(agreement(more), { month, nextOn: '2026-12-01' })).toEqual({ through, nextOn: '2026-12-01' })
})

it('U16: nothing is said of an agreement whose periods or next invoice date are not known', () => {
  expect(invoicingOf(agreement({ billingOption: undefined }), { month: '2026-11' })).toEqual({})
  expect(invoicingOf(agreement({ nextInvoiceOn: undefined }), { month: '2026-11' })).toEqual({})
  expect(invoicingOf(agreement({}), {})).toEqual({})
})
