/** Records in the API's own JSON shape, so that an answer is the record plus what is computed. */
export type Stamp = { lastUpdated: string; updatedBy: string }
export type Row = { id: number; _info: Stamp; [field: string]: unknown }
type Reference = { id: number; [part: string]: unknown }

export type CompanyRecord = {
  id: number
  identifier: string
  name: string
  status: Reference
  types: Reference[]
  site?: Reference
  defaultContact?: Reference
  currency?: Reference
  deletedFlag: boolean
  userDefinedField1?: string
  customFields?: CustomValues
  _info: Stamp
}

export type ContactRecord = {
  id: number
  firstName: string
  lastName: string
  company: Reference
  inactiveFlag: boolean
  defaultFlag: boolean
  defaultBillingFlag: boolean
  communicationItems: {
    type: Reference
    value: string
    defaultFlag: boolean
    communicationType: 'Email' | 'Fax' | 'Phone'
  }[]
  _info: Stamp
}

export type SiteRecord = { id: number; name: string; company: Reference; inactiveFlag: boolean; _info: Stamp }

type Billing = 'Billable' | 'DoNotBill' | 'NoCharge'

/** The values of a record's custom fields, whichever have one. */
type CustomValues = { id: number; caption?: string; value?: unknown }[]

export type AgreementRecord = {
  id: number
  name: string
  type: Reference
  company: Reference
  contact: Reference
  parentAgreement?: Reference
  startDate: string
  endDate?: string
  noEndingDateFlag: boolean
  billStartDate: string
  cancelledFlag: boolean
  dateCancelled?: string
  billingCycle: Reference
  /** Whether periods are counted from 1 January or from the billing start. */
  invoicingCycle: 'CalendarYear' | 'ContractYear'
  billOneTimeFlag: boolean
  billProducts: Billing | 'NoDefault'
  periodType: 'Current' | 'Future' | 'Both' | 'Undefined'
  currency?: Reference
  prorateFlag: boolean
  invoiceProratedAdditionsFlag: boolean
  /** The first day no invoice covers yet, `yyyy-MM-dd`. */
  nextInvoiceDate: string
  customFields?: CustomValues
  _info: Stamp
}

export type AdditionRecord = {
  id: number
  agreementId: number
  product: Reference
  quantity: number
  lessIncluded: number
  unitPrice: number
  unitCost: number
  billCustomer: Billing
  /** Absent, empty or `yyyy-MM-ddT00:00:00Z`. */
  effectiveDate?: string
  cancelledDate?: string
  taxableFlag: boolean
  serialNumber?: string
  invoiceDescription?: string
  sequenceNumber: number
  customFields?: CustomValues
  _info: Stamp
}

export type ProductRecord = {
  id: number
  identifier: string
  description: string
  customerDescription: string
  productClass: 'Agreement' | 'Bundle' | 'Inventory' | 'NonInventory' | 'Service'
  subcategory: Reference
  type: Reference
  unitOfMeasure: Reference
  price: number
  cost: number
  taxableFlag: boolean
  inactiveFlag: boolean
  integrationXRef?: string
  _info: Stamp
}

export type MemberRecord = {
  id: number
  identifier: string
  firstName: string
  lastName: string
  defaultEmail: string
  licenseClass: 'A' | 'C' | 'F' | 'X'
  inactiveFlag: boolean
  securityRole: Reference
  _info: Stamp
}

export type NamedRecord = { id: number; name: string; _info: Stamp; [field: string]: unknown }
export type AgreementTypeRecord = NamedRecord & { inactiveFlag: boolean; billingCycle: Reference; prorateFlag: boolean }
export type CurrencyRecord = NamedRecord & { currencyIdentifier: string; symbol: string; numberOfDecimals: number }
export type BillingCycleRecord = NamedRecord & { identifier: string; billingOptions: string }
export type CustomFieldRecord = {
  id: number
  podId: number
  caption: string
  sequenceNumber: number
  screenId: string
  fieldTypeIdentifier: string
  entryTypeIdentifier: string
  readOnlyFlag: boolean
  _info: Stamp
}
export type HostedScreenRecord = NamedRecord & { screenId: string }

export type DocumentRecord = {
  id: number
  title: string
  fileName: string
  size: number
  publicFlag: boolean
  recordType: string
  recordId: number
  _info: Stamp
}

export type InvoiceLine = {
  additionId: number
  productId: number
  quantity: number
  /** Billing periods charged; a part of one is a fraction. */
  periods: number
  amount: number
}

export type InvoiceRecord = {
  id: number
  invoiceNumber: string
  agreementId: number
  companyId: number
  /** First and last day covered. */
  from: string
  to: string
  invoicedAt: string
  lines: InvoiceLine[]
  /** Additions that were on an invoice for the first time: what came before was caught up. */
  first: number[]
  _info: Stamp
}
