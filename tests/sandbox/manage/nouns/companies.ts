import { customFieldProblems, customFields } from './custom-fields.ts'
import { array, choice, date, flag, idOf, integer, number, readOnly, reference, required, text } from './fields.ts'
import { noun, problem } from './noun.ts'

const screen = 'CompanyOverview'

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
    site: { ...reference('sites', 'name'), madeAlong: true },
    defaultContact: reference('contacts', 'name'),
    billToCompany: reference('companies', 'identifier', 'name'),
    currency: reference('currencies', 'symbol', 'currencyIdentifier', 'name'),
    addressLine1: text(50),
    city: text(50),
    state: text(50),
    zip: text(12),
    phoneNumber: text(30),
    website: text(255),
    yearEstablished: integer,
    annualRevenue: number,
    integratorTags: array,
    customFields: customFields(screen),
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
  problems: (row, touched, { world }) => {
    const year = row.yearEstablished
    const wrongYear = typeof year === 'number' && (year < 1900 || year > 9999)
    const name = String(row.identifier).toLowerCase()
    const taken = world.companies.rows().some((other) => other.id !== row.id && other.identifier.toLowerCase() === name)
    const status = world.companyStatuses.get(idOf(row.status) ?? 0)
    const closed = status?.disallowSavingFlag === true
    const range = 'The field yearEstablished must be between 1900 and 9999.'
    return [
      problem(wrongYear, 'company', 'yearEstablished', 'OutOfRange', range),
      problem(taken, 'company', 'identifier', 'ObjectExists', `A company ${row.identifier} exists already.`),
      problem(name.includes(' '), 'company', 'identifier', 'InvalidField', 'The company ID cannot contain spaces.'),
      problem(closed, 'company', 'status', 'InvalidField', `Companies with status ${status?.name} cannot be saved.`),
      ...customFieldProblems(row, touched, world, { screen, resource: 'company' }),
    ]
  },
  created: (row, world) => {
    const { name } = (row.site ?? {}) as { name?: string }
    if (idOf(row.site) !== undefined || name === undefined) return
    const id = world.sites.nextId()
    world.sites.set(id, { id, name, company: { id: row.id }, inactiveFlag: false, _info: { ...row._info } })
    row.site = { id, name }
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
  created: (row, world) => {
    const company = world.companies.get(idOf(row.company) ?? 0)
    if (company && (row.defaultFlag === true || company.defaultContact === undefined)) {
      company.defaultContact = { id: row.id, name: [row.firstName, row.lastName].filter(Boolean).join(' ') }
      row.defaultFlag = true
    }
  },
})

export const communicationTypes = noun({
  resource: 'communicationType',
  path: '/company/communicationtypes',
  table: 'communicationTypes',
  fields: { description: text(), phoneFlag: flag, faxFlag: flag, emailFlag: flag, defaultFlag: flag },
})
