import type { MemberRecord, NamedRecord, Stamp } from './records.ts'
import type { Table } from './table.ts'
import type { Tables } from './tables.ts'

/** Adds one record per row, with ids from the table. */
function fill<R extends { id: number }, F>(
  table: Table<R>,
  stamp: Stamp,
  rows: readonly F[],
  make: (base: { id: number; _info: Stamp }, row: F) => R,
): void {
  for (const row of rows) {
    const id = table.nextId()
    table.set(id, make({ id, _info: { ...stamp } }, row))
  }
}

/** The set-up tables every ConnectWise has, the API member and one person. */
export function seedSetup(tables: Tables, stamp: Stamp): void {
  const named: [Table<NamedRecord>, readonly Omit<NamedRecord, 'id' | '_info'>[]][] = [
    [tables.companyStatuses, companyStatuses],
    [tables.companyTypes, [{ name: 'Customer' }, { name: 'Prospect' }, { name: 'Vendor', vendorFlag: true }]],
    [tables.categories, [{ name: 'Managed Services' }, { name: 'Hardware' }]],
    [tables.subcategories, subcategories],
    [
      tables.productTypes,
      [
        { name: 'Fixed Cost Service', typeXref: 'Service' },
        { name: 'Software', typeXref: 'NonInventoryPart' },
      ],
    ],
    [
      tables.communicationTypes,
      [
        { name: 'Direct', phoneFlag: true },
        { name: 'Email', emailFlag: true, defaultFlag: true },
      ],
    ],
    [tables.unitsOfMeasure, [{ name: 'Each' }, { name: 'User' }, { name: 'Month' }]],
    [tables.securityRoles, [{ name: 'Admin' }, { name: 'TrueUp API' }, { name: 'Technician' }, { name: 'Finance' }]],
  ]
  for (const [table, rows] of named)
    fill(table, stamp, rows, (base, { name, ...row }) => ({ ...row, ...base, name: String(name) }))
  fill(tables.currencies, stamp, currencies, (base, row) => ({ ...base, ...row }))
  fill(tables.billingCycles, stamp, billingCycles, (base, row) => ({ ...base, ...row }))
  fill(tables.agreementTypes, stamp, agreementTypes, (base, row) => ({ ...base, ...row, billingCycle: { id: 1 } }))
  fill(tables.hostedScreens, stamp, hostedScreens, (base, row) => ({ ...base, ...row }))
  fill(tables.members, stamp, members, (base, row) => ({ ...base, ...row, inactiveFlag: false }))
}

const companyStatuses = [
  { name: 'Active', defaultFlag: true, inactiveFlag: false },
  { name: 'Inactive', defaultFlag: false, inactiveFlag: true },
  { name: 'Not-Approved', defaultFlag: false, inactiveFlag: false, disallowSavingFlag: true },
]

const subcategories = [
  { name: 'Cloud Services', category: { id: 1 } },
  { name: 'Security', category: { id: 1 } },
  { name: 'Laptops', category: { id: 2 } },
]

const agreementTypes = [
  { name: 'Managed Services', inactiveFlag: false, prorateFlag: false },
  { name: 'Security Awareness', inactiveFlag: false, prorateFlag: true },
  { name: 'Break-fix (old)', inactiveFlag: true, prorateFlag: false },
]

const currencies = [
  { name: 'US Dollars', currencyIdentifier: 'USD', symbol: '$', numberOfDecimals: 2 },
  { name: 'Euro', currencyIdentifier: 'EUR', symbol: '€', numberOfDecimals: 2 },
  { name: 'Japanese Yen', currencyIdentifier: 'JPY', symbol: '¥', numberOfDecimals: 0 },
]

const billingCycles = [
  { identifier: 'M', name: 'Monthly', billingOptions: 'Monthly' },
  { identifier: 'Q', name: 'Quarterly', billingOptions: 'Quarterly' },
  { identifier: 'Y', name: 'Yearly', billingOptions: 'Yearly' },
  { identifier: 'W', name: 'Weekly', billingOptions: 'Weekly' },
  { identifier: '2W', name: 'Bi-Weekly', billingOptions: 'BiWeekly' },
  { identifier: '2M', name: 'Bi-Monthly', billingOptions: 'BiMonthly' },
  { identifier: 'S', name: 'Semi-Annual', billingOptions: 'SemiAnnual' },
  { identifier: 'N', name: 'Not Recurring', billingOptions: 'NotRecurring' },
]

const hostedScreens = [
  { screenId: 'CompanyDetail', name: 'Company' },
  { screenId: 'ContactDetail', name: 'Contact' },
  { screenId: 'ConnectWiseToday', name: 'Today' },
  { screenId: 'ServiceTicket', name: 'Service Ticket' },
  { screenId: 'AgreementDetail', name: 'Agreement' },
]

const members: Omit<MemberRecord, 'id' | '_info' | 'inactiveFlag'>[] = [
  {
    identifier: 'TrueUp',
    firstName: 'TrueUp',
    lastName: 'API',
    defaultEmail: 'trueup@msp.example',
    licenseClass: 'A',
    securityRole: { id: 2 },
  },
  {
    identifier: 'jsmith',
    firstName: 'Jane',
    lastName: 'Smith',
    defaultEmail: 'jane.smith@msp.example',
    licenseClass: 'F',
    securityRole: { id: 1 },
  },
]
