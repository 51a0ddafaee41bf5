import { dateOf, dayOf, periodOf, shiftDays } from './calendar.ts'
import { anchorOf } from './invoicing.ts'
import type {
  AdditionRecord,
  AgreementRecord,
  CompanyRecord,
  ContactRecord,
  CustomFieldRecord,
  MemberRecord,
  ProductRecord,
} from './records.ts'
import { allRights } from './rights.ts'
import type { World } from './tables.ts'

/** A record or its id. */
type Of = number | { id: number }

const idIn = (one: Of): number => (typeof one === 'number' ? one : one.id)

/** Adds a company with a site and a default contact. */
export function addCompany(world: World, fields: Partial<CompanyRecord> = {}): CompanyRecord {
  const id = fields.id ?? world.companies.nextId()
  const site = world.sites.nextId()
  const contact = world.contacts.nextId()
  const company: CompanyRecord = {
    id,
    identifier: `Company${id}`,
    name: `Company ${id}`,
    status: { id: 1 },
    types: [{ id: 1 }],
    currency: { id: 1 },
    deletedFlag: false,
    site: { id: site, name: 'Main' },
    defaultContact: { id: contact, name: 'Ann Lee' },
    _info: { ...world.madeBy },
    ...fields,
  }
  world.companies.set(id, company)
  world.sites.set(site, { id: site, name: 'Main', company: { id }, inactiveFlag: false, _info: { ...world.madeBy } })
  addContact(world, { id: contact, company, defaultFlag: true, defaultBillingFlag: true })
  return company
}

export function addContact(world: World, fields: Partial<ContactRecord> & { company: CompanyRecord }): ContactRecord {
  const id = fields.id ?? world.contacts.nextId()
  const contact: ContactRecord = {
    id,
    firstName: 'Ann',
    lastName: 'Lee',
    inactiveFlag: false,
    defaultFlag: false,
    defaultBillingFlag: false,
    communicationItems: [],
    _info: { ...world.madeBy },
    ...fields,
    company: { id: fields.company.id },
  }
  world.contacts.set(id, contact)
  return contact
}

export function addProduct(world: World, fields: Partial<ProductRecord> = {}): ProductRecord {
  const id = fields.id ?? world.products.nextId()
  const description = fields.description ?? `Product ${id}`
  const product: ProductRecord = {
    id,
    identifier: `PRODUCT-${id}`,
    description,
    customerDescription: description,
    productClass: 'NonInventory',
    subcategory: { id: 1 },
    type: { id: 1 },
    unitOfMeasure: { id: 2 },
    price: 4,
    cost: 2.1,
    taxableFlag: false,
    inactiveFlag: false,
    _info: { ...world.madeBy },
    ...fields,
  }
  world.products.set(id, product)
  return product
}

type AgreementFields = Partial<Omit<AgreementRecord, 'company' | 'parentAgreement'>> & {
  company?: Of
  parentAgreement?: Of
}

/** Adds an active monthly agreement, invoiced through the period that holds `today` (default: the world's first day). */
export function addAgreement(world: World, fields: AgreementFields = {}, today?: string): AgreementRecord {
  const { company: given, parentAgreement, ...rest } = fields
  const company = world.companies.get(idIn(given ?? world.companies.rows().at(-1) ?? addCompany(world)))
  if (!company) throw new Error(`There is no company ${given}`)
  const id = fields.id ?? world.agreements.nextId()
  const billStartDate = dateOf(fields.billStartDate ?? fields.startDate ?? '2025-01-01')
  const { invoicingCycle = 'ContractYear' } = fields
  const options = world.billingCycles.get(fields.billingCycle?.id ?? 1)?.billingOptions ?? 'Monthly'
  const anchor = anchorOf({ invoicingCycle, billStartDate }, options) ?? ''
  const invoiced = periodOf(anchor, options, today ?? world.madeBy.lastUpdated.slice(0, 10))
  const agreement: AgreementRecord = {
    id,
    name: `Managed Services ${id}`,
    type: { id: 1 },
    contact: company.defaultContact ?? { id: 0 },
    startDate: billStartDate,
    noEndingDateFlag: fields.endDate === undefined,
    cancelledFlag: false,
    billingCycle: { id: 1 },
    invoicingCycle,
    billOneTimeFlag: false,
    billProducts: 'Billable',
    periodType: 'Current',
    currency: company.currency ?? { id: 1 },
    prorateFlag: false,
    invoiceProratedAdditionsFlag: false,
    nextInvoiceDate: shiftDays(invoiced.to, 1),
    _info: { ...world.madeBy },
    ...rest,
    billStartDate,
    company: { id: company.id },
    ...(parentAgreement === undefined ? {} : { parentAgreement: { id: idIn(parentAgreement) } }),
  }
  world.agreements.set(id, agreement)
  return agreement
}

type AdditionFields = Partial<Omit<AdditionRecord, 'product'>> & { agreement?: Of; product?: Of }

/** Adds a billable addition, effective since its agreement's billing start. */
export function addAddition(world: World, fields: AdditionFields = {}): AdditionRecord {
  const { agreement: agreementGiven, product: productGiven, ...rest } = fields
  const agreementId = idIn(agreementGiven ?? world.agreements.rows().at(-1) ?? addAgreement(world))
  const productId = idIn(productGiven ?? world.products.rows().at(-1) ?? addProduct(world))
  const product = world.products.get(productId)
  const id = fields.id ?? world.additions.nextId()
  const addition: AdditionRecord = {
    id,
    agreementId,
    product: { id: productId },
    quantity: 1,
    lessIncluded: 0,
    unitPrice: product?.price ?? 0,
    unitCost: product?.cost ?? 0,
    billCustomer: 'Billable',
    taxableFlag: false,
    sequenceNumber: world.additions.of(agreementId).length + 1,
    _info: { ...world.madeBy },
    ...rest,
    effectiveDate: dateOf(
      dayOf(fields.effectiveDate) ?? world.agreements.get(agreementId)?.billStartDate ?? '2025-01-01',
    ),
    ...(fields.cancelledDate ? { cancelledDate: dateOf(fields.cancelledDate) } : {}),
  }
  world.additions.set(id, addition)
  return addition
}

/** Adds a member who is logged in: their hash and context make cookies. */
export function addMember(
  world: World,
  fields: Partial<MemberRecord> & { identifier: string; hash?: string; context?: string },
): MemberRecord {
  const { hash = `hash-of-${fields.identifier}`, context = 'web', ...rest } = fields
  const id = fields.id ?? world.members.nextId()
  const member: MemberRecord = {
    id,
    firstName: 'Max',
    lastName: 'Moss',
    defaultEmail: `${fields.identifier}@msp.example`,
    licenseClass: 'F',
    inactiveFlag: false,
    securityRole: { id: 1 },
    _info: { ...world.madeBy },
    ...rest,
  }
  world.members.set(id, member)
  world.rights.set(member.identifier, allRights())
  world.sessions.set(hash, { member: member.identifier, context })
  return member
}

type CustomScreen = 'CompanyOverview' | 'AgreementOverview' | 'AgreementAdditions'

/** Adds a custom text field to a screen, as System › Setup Tables › Custom Fields does. */
export function addCustomField(
  world: World,
  fields: Partial<CustomFieldRecord> & { caption: string; screenId: CustomScreen },
): CustomFieldRecord {
  const id = fields.id ?? world.userDefinedFields.nextId()
  const field: CustomFieldRecord = {
    id,
    podId: 1,
    sequenceNumber: id,
    fieldTypeIdentifier: 'Text',
    entryTypeIdentifier: 'EntryField',
    readOnlyFlag: false,
    _info: { ...world.madeBy },
    ...fields,
  }
  world.userDefinedFields.set(id, field)
  return field
}
