import type { Decimal } from './decimal.ts'
import type { Day } from './period.ts'
import type { CustomValue } from './record.ts'

/** An addition as ConnectWise holds it: one row on an agreement's Additions tab. */
export interface Addition {
  id: number
  agreementId: number
  productId: number
  description: string
  quantity: Decimal
  lessIncluded: Decimal
  unitCost: Decimal | undefined
  unitPrice: Decimal | undefined
  billCustomer: string
  effectiveOn: Day | undefined
  /** The last billed day; absent while the addition is open-ended. */
  cancelledOn: Day | undefined
  serialNumber: string
  /** What ConnectWise bills of it for the period it begins in; lists do not tell it (U18). */
  extendedProratePrice?: Decimal | undefined
  /** Who changed it last and when, if ConnectWise says. It is shown, it never decides (U12). */
  updatedBy: string | undefined
  updatedAt: string | undefined
}

/** What is written to an addition, in ConnectWise's words. */
export interface AdditionFields {
  quantity?: Decimal
  unitCost?: Decimal
  unitPrice?: Decimal
  /** null clears it. */
  cancelledOn?: Day | null
  effectiveOn?: Day
}

type BillCustomer = 'Billable' | 'DoNotBill' | 'NoCharge'

/** A line to be made. */
export interface NewAddition extends AdditionFields {
  productId: number
  quantity: Decimal
  effectiveOn: Day
  billCustomer: BillCustomer
  /** Absent: the product's own. */
  taxable?: boolean
  /** Absent: the product's own. */
  invoiceDescription?: string
  /** The marker by which a create whose answer never came is found again. */
  serialNumber: string
  /** The line's or subscription's own id, in the custom field chosen for it (M23). */
  reference?: CustomValue
}

/** The length of a billing cycle, in ConnectWise's words. */
export type BillingOption =
  | 'Weekly'
  | 'BiWeekly'
  | 'Monthly'
  | 'BiMonthly'
  | 'Quarterly'
  | 'SemiAnnual'
  | 'Yearly'
  | 'NotRecurring'

export interface Agreement {
  id: number
  name: string
  typeId?: number
  companyId: number
  companyName: string
  typeName: string
  status: 'Active' | 'Cancelled' | 'Expired' | 'Inactive' | 'Unknown'
  startOn: Day | undefined
  endOn: Day | undefined
  billStartOn: Day | undefined
  nextInvoiceOn: Day | undefined
  billProducts: string
  billingCycle: string
  billingCycleId?: number | undefined
  /** Absent when ConnectWise does not say. */
  billingOption?: BillingOption | undefined
  /** Whether periods are counted from 1 January or from the billing start. */
  invoicingCycle?: 'ContractYear' | 'CalendarYear' | undefined
  /** Invoiced a single time, never again. */
  billsOnce?: boolean | undefined
  /** Prorated additions are invoiced at once instead of with the next invoice (TRUST U19). */
  invoiceProratedAdditions?: boolean | undefined
  /** A label of what is billed, no rule (TRUST U17). */
  periodType?: 'Current' | 'Future' | 'Both' | 'Undefined' | undefined
  prorate: boolean
  /** The currency's identifier, `USD`; absent when ConnectWise states none. */
  currency: string | undefined
  /** How many decimals that currency has. */
  currencyDecimals: number
  parentId: number | undefined
}

/** What ConnectWise's invoicing says of an agreement beside its own fields (TRUST U16, U17). */
export interface Invoicing {
  /** The last day of the newest period in the AgreementInvoice report. */
  through?: Day
  /** The next invoice date of the agreement recap. */
  nextOn?: Day
  /** The quantities additions were invoiced with, by period's first day and addition, where a report tells. */
  quantities?: Readonly<Record<Day, Readonly<Record<number, Decimal>>>>
}

export interface Company {
  id: number
  identifier: string
  name: string
  statusId?: number | undefined
  statusName: string
  /** The names of its types, where they were asked for. */
  types?: readonly string[]
  /** Whether it has a main site, where that was asked for. */
  hasSite?: boolean
  deleted: boolean
}

/** A company status of this instance; its name may be changed at will, so it is known by its id. */
export interface CompanyStatus {
  id: number
  name: string
  inactive: boolean
  /** A company in this status cannot be saved. */
  disallowsSaving?: boolean
}

/** A person at a company. */
export interface Contact {
  id: number
  companyId: number | undefined
  firstName: string
  lastName: string
  emails: readonly string[]
  inactive: boolean
  isDefault: boolean
  isDefaultBilling: boolean
}

/** Who new agreements of a company name: its default contact, else its default billing contact (FEATURES P18). */
export function contactFor(contacts: readonly Contact[]): Contact | undefined {
  const active = contacts.filter(({ inactive }) => !inactive)
  return active.find(({ isDefault }) => isDefault) ?? active.find(({ isDefaultBilling }) => isDefaultBilling)
}

export interface Product {
  id: number
  identifier: string
  description: string
  productClass: string
  inactive: boolean
  /** Its Integration Cross Reference: the source's own id of it (M24). */
  crossReference?: string
  /** The unit cost in the catalogue. */
  cost?: Decimal
}

/** Not ended: no cancelled date, or one that is today or later. */
export const isOngoing = (addition: Addition, today: Day): boolean =>
  addition.cancelledOn === undefined || addition.cancelledOn >= today
