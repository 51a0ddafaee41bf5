import { array, choice, date, flag, integer, number, readOnly, reference, required, text } from './fields.ts'
import { noun, problem } from './noun.ts'

const ownFields = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`userDefinedField${n + 1}`, text(50)]))

export const companies = noun({
  resource: 'company',
  path: '/company/companies',
  table: 'companies',
  module: 'Companies > Company Maintenance',
  verbs: ['create', 'update', 'delete'],
  fields: {
    identifier: required(text(30)),
    name: required(text(50)),
    status: reference('companyStatuses', 'name'),
    types: { ...reference('companyTypes', 'name'), kind: 'array' },
    site: reference('sites', 'name'),
    defaultContact: reference('contacts', 'name'),
    billToCompany: reference('companies', 'identifier', 'name'),
    currency: reference('currencies', 'symbol', 'currencyIdentifier', 'name'),
    addressLine1: text(50),
    city: text(50),
    zip: text(12),
    phoneNumber: text(30),
    website: text(255),
    yearEstablished: integer,
    annualRevenue: number,
    integratorTags: array,
    customFields: array,
    deletedFlag: readOnly(flag),
    dateAcquired: date,
    ...ownFields,
  },
  defaults: (row) => {
    row.status ??= { id: 1 }
    row.types ??= [{ id: 1 }]
    row.currency ??= { id: 1 }
    row.deletedFlag = false
  },
  // The whole stored record is checked again on every update, so a bad legacy value refuses an unrelated change.
  problems: (row, _, { world }) => {
    const year = row.yearEstablished
    const wrongYear = typeof year === 'number' && (year < 1900 || year > 9999)
    const taken = world.companies.rows().some((other) => other.id !== row.id && other.identifier === row.identifier)
    const range = 'The field yearEstablished must be between 1900 and 9999.'
    return [
      problem(wrongYear, 'company', 'yearEstablished', 'OutOfRange', range),
      problem(taken, 'company', 'identifier', 'ObjectExists', `A company ${row.identifier} exists already.`),
    ]
  },
  isInUse: (row, world) => world.agreements.rows().some((agreement) => agreement.company.id === row.id),
})

export const companyStatuses = noun({
  resource: 'companyStatus',
  path: '/company/companies/statuses',
  table: 'companyStatuses',
  fields: { name: required(text(50)), defaultFlag: flag, inactiveFlag: flag, disallowSavingFlag: flag },
})

export const companyTypes = noun({
  resource: 'companyType',
  path: '/company/companies/types',
  table: 'companyTypes',
  fields: { name: required(text(50)), defaultFlag: flag, vendorFlag: flag },
})

export const sites = noun({
  resource: 'site',
  path: '/company/companies/:parent/sites',
  table: 'sites',
  module: 'Companies > Company Maintenance',
  verbs: ['create', 'update'],
  parent: { table: 'companies', field: 'company' },
  fields: {
    name: required(text(50)),
    addressLine1: text(50),
    city: text(50),
    zip: text(12),
    inactiveFlag: flag,
    defaultBillingFlag: flag,
    company: readOnly(reference('companies', 'identifier', 'name')),
  },
  defaults: (row) => {
    row.inactiveFlag ??= false
  },
})

export const contacts = noun({
  resource: 'contact',
  path: '/company/contacts',
  table: 'contacts',
  module: 'Companies > Contacts',
  verbs: ['create', 'update', 'delete'],
  fields: {
    firstName: text(),
    lastName: text(),
    company: reference('companies', 'identifier', 'name'),
    site: reference('sites', 'name'),
    inactiveFlag: flag,
    defaultFlag: flag,
    defaultBillingFlag: flag,
    presence: choice('NoAgent', 'Online', 'DoNotDisturb', 'Away', 'Offline'),
    communicationItems: array,
    types: array,
    customFields: array,
  },
  defaults: (row) => {
    row.inactiveFlag ??= false
    row.defaultFlag ??= false
    row.communicationItems ??= []
  },
})
