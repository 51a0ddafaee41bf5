import { dateOf, dayOf } from '../calendar.ts'
import { statusOf } from '../invoicing.ts'
import type { AgreementRecord, Row } from '../records.ts'
import { customFieldProblems, customFields } from './custom-fields.ts'
import {
  type Context,
  choice,
  computed,
  date,
  flag,
  idOf,
  number,
  readOnly,
  reference,
  required,
  text,
} from './fields.ts'
import { noun, problem } from './noun.ts'

const screen = 'AgreementOverview'

const asAgreement = (row: Row): AgreementRecord => row as unknown as AgreementRecord

const billable = choice('Billable', 'DoNotBill', 'NoCharge', 'NoDefault')
const invoicingCycle = choice('ContractYear', 'CalendarYear')

export const agreements = noun({
  resource: 'agreement',
  path: '/finance/agreements',
  table: 'agreements',
  module: 'Finance > Agreements',
  verbs: ['create', 'update', 'delete'],
  fields: {
    name: required(text(100)),
    type: required(reference('agreementTypes', 'name')),
    company: required(reference('companies', 'identifier', 'name')),
    contact: required(reference('contacts', 'name')),
    site: reference('sites', 'name'),
    parentAgreement: reference('agreements', 'name'),
    customerPO: text(50),
    startDate: date,
    endDate: date,
    noEndingDateFlag: flag,
    billStartDate: date,
    cancelledFlag: flag,
    dateCancelled: date,
    reasonCancelled: text(100),
    billingCycle: reference('billingCycles', 'name'),
    billOneTimeFlag: flag,
    invoicingCycle,
    billAmount: number,
    prorateFirstBill: number,
    periodType: choice('Current', 'Future', 'Both', 'Undefined'),
    autoInvoiceFlag: flag,
    currency: reference('currencies', 'symbol', 'currencyIdentifier', 'numberOfDecimals', 'name'),
    invoiceDescription: text(),
    internalNotes: text(),
    prorateFlag: flag,
    invoiceProratedAdditionsFlag: flag,
    taxable: flag,
    billTime: billable,
    billExpenses: billable,
    billProducts: billable,
    employeeCompRate: choice('Actual', 'Hourly'),
    customFields: customFields(screen),
    nextInvoiceDate: readOnly(text()),
    agreementStatus: computed('text', (row, { today }) => statusOf(asAgreement(row), today)),
  },
  defaults: (row, { world, today }) => {
    const type = world.agreementTypes.get(idOf(row.type) ?? 0)
    row.startDate ??= dateOf(today)
    row.billStartDate ??= row.startDate
    row.nextInvoiceDate = dayOf(row.billStartDate)
    row.noEndingDateFlag ??= row.endDate === undefined
    row.cancelledFlag ??= false
    row.billingCycle ??= type?.billingCycle ?? { id: 1 }
    row.prorateFlag ??= type?.prorateFlag ?? false
    row.invoiceProratedAdditionsFlag ??= false
    row.billProducts ??= 'Billable'
    row.periodType ??= 'Current'
    row.invoicingCycle ??= 'CalendarYear'
    row.billOneTimeFlag ??= false
    row.currency ??= world.companies.get(idOf(row.company) ?? 0)?.currency ?? { id: 1 }
  },
  problems: (row, touched, { world }) => {
    const contact = world.contacts.get(idOf(row.contact) ?? 0)
    const isForeign = contact !== undefined && contact.company.id !== idOf(row.company)
    return [
      problem(isForeign, 'agreement', 'contact', 'InvalidField', 'The contact is of another company.'),
      ...customFieldProblems(row, touched, world, { screen, resource: 'agreement' }),
    ]
  },
  isInUse: (row, world) =>
    world.additions.of(row.id).length > 0 || world.invoices.rows().some((invoice) => invoice.agreementId === row.id),
})

const newestInvoice = (row: Row, { world }: Context) =>
  world.invoices.rows().findLast(({ agreementId }) => agreementId === row.id)

export const agreementRecaps = noun({
  resource: 'agreementRecap',
  path: '/finance/agreementrecap/',
  table: 'agreements',
  module: 'Finance > Agreements',
  fields: {
    name: text(),
    companyName: computed('text', ({ company }, { world }) => world.companies.get(idOf(company) ?? 0)?.name),
    agreementStatus: computed('text', (row, { today }) => statusOf(asAgreement(row), today)),
    lastInvoiceDate: computed('text', (row, context) => newestInvoice(row, context)?.invoicedAt ?? ''),
    lastInvoiceNumber: computed('text', (row, context) => newestInvoice(row, context)?.invoiceNumber ?? ''),
    nextInvoiceDate: readOnly(text()),
  },
})

export const agreementTypes = noun({
  resource: 'agreementType',
  path: '/finance/agreements/types',
  table: 'agreementTypes',
  fields: {
    name: required(text(50)),
    inactiveFlag: flag,
    billingCycle: reference('billingCycles', 'name'),
    prorateFlag: flag,
    invoiceProratedAdditionsFlag: flag,
    integrationXRef: text(50),
  },
})
