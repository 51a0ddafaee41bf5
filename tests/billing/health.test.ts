import { describe, expect, it } from 'vitest'
import type { Agreement, Company } from '#billing/existing.ts'
import { agreementHealth, companyHealth } from '#billing/health.ts'

const agreement: Agreement = {
  id: 87,
  name: 'Managed Services',
  companyId: 250,
  companyName: 'Contoso',
  typeName: 'Managed',
  status: 'Active',
  startOn: '2026-01-01',
  endOn: undefined,
  billStartOn: '2026-01-01',
  nextInvoiceOn: '2026-12-01',
  billProducts: 'Billable',
  billingCycle: 'Monthly',
  prorate: false,
  currency: 'USD',
  currencyDecimals: 2,
  parentId: undefined,
}
const company: Company = {
  id: 250,
  identifier: 'Contoso',
  name: 'Contoso Ltd',
  statusName: 'Active',
  types: ['Customer'],
  hasSite: true,
  deleted: false,
}
const around = { today: '2026-11-17', currency: 'USD', paid: [] }

const wrong = (changed: Partial<Agreement>, paid: readonly string[] = []) =>
  agreementHealth({ ...agreement, ...changed }, { ...around, paid })
    .filter(({ ok }) => !ok)
    .map(({ what }) => what)

describe('agreement health (P17)', () => {
  it('finds nothing wrong with an active, monthly, billable agreement', () => expect(wrong({})).toEqual([]))
  it.each<[string, Partial<Agreement>, string]>([
    ['is not active', { status: 'Cancelled' }, 'Status: Cancelled'],
    ['has ended', { endOn: '2026-10-31' }, 'Status: Active, ended on 2026-10-31'],
    ['does not bill products', { billProducts: 'NoCharge' }, 'Bill Products: NoCharge'],
    ['is billed by the quarter', { billingCycle: 'Quarterly' }, 'Billing cycle: Quarterly'],
    ['has no next invoice', { nextInvoiceOn: undefined }, 'No next invoice date'],
  ])('says that an agreement %s', (_, changed, what) => expect(wrong(changed)).toEqual([what]))
  it('names a currency that the source does not bill in', () =>
    expect(wrong({ currency: 'EUR' }, ['USD'])).toEqual(['Currency: EUR']))
  it('takes the tenant’s currency where the agreement has none', () =>
    expect(wrong({ currency: undefined }, ['USD'])).toEqual([]))
  it('gives a fix with every finding', () => {
    const findings = agreementHealth({ ...agreement, status: 'Inactive', billProducts: '', billingCycle: '' }, around)
    for (const { ok, fix } of findings) if (!ok) expect(fix).toMatch(/^[A-Z].*\.$/)
  })
})

it('an agreement of invoice lines bills as often as they are charged, in their currency (P17)', () => {
  const lines = (cadences: string[], billingCycle = 'Yearly') =>
    agreementHealth({ ...agreement, billingCycle }, { ...around, cadences }).find(({ what }) => /cycle/.test(what))
  expect(lines(['Annual', 'P1Y'])?.ok).toBe(true)
  expect(lines(['Annual', 'Monthly'])).toMatchObject({ ok: false, fix: expect.stringContaining('charged Monthly') })
  expect(lines([])?.ok).toBe(false)
})

describe('company health (P18)', () => {
  const bad = (changed: Partial<Company>) =>
    companyHealth({ ...company, ...changed })
      .filter(({ ok }) => !ok)
      .map(({ what }) => what)

  it('finds nothing wrong with an active customer that has a site', () => expect(bad({})).toEqual([]))
  it.each<[string, Partial<Company>, string]>([
    ['an id with a space', { identifier: 'Con toso' }, 'Company id: Con toso'],
    ['another status', { statusName: 'Not-Approved' }, 'Status: Not-Approved'],
    ['no type Customer', { types: ['Vendor'] }, 'Type: Vendor'],
    ['no site', { hasSite: false }, 'Site: none'],
    ['a deleted mark', { deleted: true }, 'Status: deleted'],
  ])('names %s', (_, changed, what) => expect(bad(changed)).toEqual([what]))
  it('says nothing of what was not asked for', () => {
    const { types: _, hasSite: __, ...rest } = company
    expect(companyHealth(rest).map(({ what }) => what)).toEqual([
      'Name: Contoso Ltd',
      'Company id: Contoso',
      'Status: Active',
    ])
  })
})
