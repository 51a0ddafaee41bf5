import type { NamedChoice } from '#billing/creation.ts'
import type { Decimal } from '#billing/decimal.ts'
import type {
  Addition,
  AdditionFields,
  Agreement,
  BillingOption,
  Company,
  CompanyStatus,
  Contact,
  NewAddition,
  Product,
} from '#billing/existing.ts'
import type { CustomValue, NewAgreement, NewCompany, NewContact, NewProduct, Referred } from '#billing/record.ts'
import {
  createAddition,
  findAddition,
  findWording,
  listAdditions,
  listDescriptions,
  updateAddition,
  type Wording,
} from './additions.ts'
import { type AgreementType, listAgreementTypes } from './agreement-types.ts'
import { createAgreement, listAgreements, listAgreementsOf } from './agreements.ts'
import { type ApiOptions, createApi } from './api.ts'
import { listBillingCycles } from './billing-cycles.ts'
import {
  createCompany,
  listAllCompanies,
  listCompanies,
  listCompaniesCalled,
  listCompanyStatuses,
} from './companies.ts'
import type { Connection } from './connection.ts'
import { createContact, deactivateContact, findContact, findEmailType, listContactsOf } from './contacts.ts'
import {
  type CustomField,
  type CustomFields,
  findHeldFields,
  type HeldText,
  listCustomFields,
  listHeldTexts,
  updateCustomField,
} from './custom-fields.ts'
import {
  type AttachedDocument,
  addDocument,
  type DocumentOutcome,
  listDocuments,
  type NewDocument,
  replaceDocument,
} from './documents.ts'
import type { Effects } from './effects.ts'
import {
  addHostedSetup,
  type HostedOutcome,
  type HostedScreen,
  type HostedSetup,
  listHostedScreens,
  listHostedSetups,
  type NewHostedSetup,
  updateHostedSetup,
} from './hosted-screens.ts'
import { type InvoiceEvidence, listInvoiceEvidence } from './invoices.ts'
import type { WriteOutcome } from './outcome.ts'
import { createProduct, listAllProducts, listProducts, listProductsCalled, updateProductCost } from './products.ts'
import { reportAdditions } from './reports.ts'
import { type FoundRight, listRights } from './rights.ts'
import { listCompanyTypes, listProductTables, type ProductTables } from './setup-tables.ts'

export type { Connection } from './connection.ts'
export type { CustomField } from './custom-fields.ts'
export type { AttachedDocument, DocumentOutcome, NewDocument } from './documents.ts'
export type { Effects } from './effects.ts'
export type { HostedOutcome, HostedScreen, HostedSetup, NewHostedSetup } from './hosted-screens.ts'
export type { WriteOutcome } from './outcome.ts'

/** One tenant's ConnectWise. Lists are complete or they throw a Problem. */
export interface ConnectWise {
  /** All agreements with these ids that exist. */
  listAgreements(ids: readonly number[]): Promise<Agreement[]>
  /** All agreements of one company. */
  listAgreementsOf(companyId: number): Promise<Agreement[]>
  /** How long each billing cycle is, by its id; undefined when ConnectWise does not tell us. */
  listBillingCycles(): Promise<Record<number, BillingOption> | undefined>
  /** What is known of these agreements' invoices, from the report where reports can be read, else from their recaps. */
  listInvoiceEvidence(ids: readonly number[], hasReports: boolean): Promise<InvoiceEvidence[]>
  /** All additions of one agreement. */
  listAdditions(agreementId: number): Promise<Addition[]>
  /** All additions of the instance from the AgreementAdditions report; undefined when it is absent or cannot prove itself complete. */
  reportAdditions(): Promise<Addition[] | undefined>
  /** One addition; undefined when it does not exist. */
  findAddition(agreementId: number, id: number): Promise<Addition | undefined>
  /** How an addition is billed and what it says on the invoice; undefined when it does not exist. */
  findWording(agreementId: number, id: number): Promise<Wording | undefined>
  /** What the invoice says of each addition of an agreement, by its id. */
  listDescriptions(agreementId: number): Promise<ReadonlyMap<number, string>>
  createAddition(agreementId: number, fields: NewAddition): Promise<WriteOutcome>
  updateAddition(agreementId: number, id: number, fields: AdditionFields): Promise<WriteOutcome>
  listCompanies(ids: readonly number[]): Promise<Company[]>
  listProducts(ids: readonly number[]): Promise<Product[]>
  /** Every company there is, deleted ones included where ConnectWise lists them. */
  listAllCompanies(): Promise<Company[]>
  listCompanyStatuses(): Promise<CompanyStatus[]>
  /** The whole catalogue. */
  listAllProducts(): Promise<Product[]>
  /** The active ones, by name. */
  listAgreementTypes(): Promise<AgreementType[]>
  /** Companies with this id on screen, whatever its case. */
  listCompaniesCalled(identifier: string): Promise<Company[]>
  /** Products with this Product ID, whatever its case. */
  listProductsCalled(identifier: string): Promise<Product[]>
  /** Every contact of a company, inactive ones included. */
  listContactsOf(companyId: number): Promise<Contact[]>
  listCompanyTypes(): Promise<NamedChoice[]>
  /** What products are filed under and counted in. */
  listProductTables(): Promise<ProductTables>
  createCompany(draft: NewCompany): Promise<WriteOutcome<{ company: Company }>>
  createContact(draft: NewContact, emailTypeId: number | undefined): Promise<WriteOutcome<{ contact: Contact }>>
  /** The kind of communication that e-mail addresses have; undefined when there is none. */
  findEmailType(): Promise<number | undefined>
  /** One contact; undefined when it does not exist. */
  findContact(id: number): Promise<Contact | undefined>
  deactivateContact(id: number): Promise<WriteOutcome<{ contact: Contact }>>
  createAgreement(draft: NewAgreement & { contactId: number }): Promise<WriteOutcome<{ agreement: Agreement }>>
  createProduct(draft: NewProduct): Promise<WriteOutcome<{ product: Product }>>
  updateProductCost(id: number, cost: Decimal): Promise<WriteOutcome<{ product: Product }>>
  listCustomFields(): Promise<CustomField[]>
  /** What this custom field of these records holds; records that do not exist are left out. */
  listHeldTexts(of: Referred, ids: readonly number[], fieldId: number): Promise<HeldText[]>
  /** The same of one record, read now, with all its custom fields; undefined when it does not exist. */
  findHeldFields(of: Referred, id: number, fieldId: number): Promise<(HeldText & { fields: CustomFields }) | undefined>
  /** Sets one custom field and sends `all` others back as they were read. */
  updateCustomField(
    of: Referred,
    id: number,
    value: CustomValue,
    all: CustomFields,
  ): Promise<WriteOutcome<{ held: Omit<HeldText, 'id'> }>>
  /** Each right of our security role, tried by a harmless call. */
  listRights(): Promise<FoundRight[]>
  listHostedScreens(): Promise<HostedScreen[]>
  /** Every registered tab and pod, ours and others'. */
  listHostedSetups(): Promise<HostedSetup[]>
  addHostedSetup(fields: NewHostedSetup): Promise<HostedOutcome>
  updateHostedSetup(id: number, fields: Partial<NewHostedSetup>): Promise<HostedOutcome>
  /** Every document attached to an agreement. */
  listDocuments(agreementId: number): Promise<AttachedDocument[]>
  addDocument(document: NewDocument): Promise<DocumentOutcome>
  replaceDocument(id: number, document: NewDocument): Promise<DocumentOutcome>
  /** Milliseconds by which ConnectWise's clock is ahead of ours, by the last answer's Date header. */
  clockSkew(): number | undefined
  /** Requests sent so far, of every kind and outcome. */
  requests(): number
}

/**
 * A client for one tenant; keep it as long as the process, its pacing learns. Reads are repeated while that may help and
 * then throw a Problem (`forbidden`, `unreachable`, `broken`, `incomplete`, `not_found`); writes are sent at most once.
 */
export function connectWise(connection: Connection, effects: Effects, options: ApiOptions): ConnectWise {
  const api = createApi(connection, effects, options)
  let emailType: Promise<number | undefined> | undefined
  const remembered = <T>(found: Promise<T>): Promise<T> => {
    found.catch(() => {
      emailType = undefined
    })
    return found
  }
  return {
    listAgreements: (ids) => listAgreements(api, ids),
    listAgreementsOf: (companyId) => listAgreementsOf(api, companyId),
    listBillingCycles: () => listBillingCycles(api),
    listInvoiceEvidence: (ids, hasReports) => listInvoiceEvidence(api, ids, hasReports),
    listAdditions: (agreementId) => listAdditions(api, agreementId),
    reportAdditions: () => reportAdditions(api),
    findAddition: (agreementId, id) => findAddition(api, agreementId, id),
    findWording: (agreementId, id) => findWording(api, agreementId, id),
    listDescriptions: (agreementId) => listDescriptions(api, agreementId),
    createAddition: (agreementId, fields) => createAddition(api, agreementId, fields),
    updateAddition: (agreementId, id, fields) => updateAddition(api, agreementId, id, fields),
    listCompanies: (ids) => listCompanies(api, ids),
    listProducts: (ids) => listProducts(api, ids),
    listAllCompanies: () => listAllCompanies(api),
    listCompanyStatuses: () => listCompanyStatuses(api),
    listAllProducts: () => listAllProducts(api),
    listAgreementTypes: () => listAgreementTypes(api),
    listCompaniesCalled: (identifier) => listCompaniesCalled(api, identifier),
    listProductsCalled: (identifier) => listProductsCalled(api, identifier),
    listContactsOf: (companyId) => listContactsOf(api, companyId),
    listCompanyTypes: () => listCompanyTypes(api),
    listProductTables: () => listProductTables(api),
    createCompany: (draft) => createCompany(api, draft),
    createContact: (draft, emailTypeId) => createContact(api, draft, emailTypeId),
    findEmailType: () => (emailType ??= remembered(findEmailType(api))),
    findContact: (id) => findContact(api, id),
    deactivateContact: (id) => deactivateContact(api, id),
    createAgreement: (draft) => createAgreement(api, draft),
    createProduct: (draft) => createProduct(api, draft),
    updateProductCost: (id, cost) => updateProductCost(api, id, cost),
    listCustomFields: () => listCustomFields(api),
    listHeldTexts: (of, ids, fieldId) => listHeldTexts(api, of, ids, fieldId),
    findHeldFields: (of, id, fieldId) => findHeldFields(api, of, id, fieldId),
    updateCustomField: (of, id, value, all) => updateCustomField(api, of, id, value, all),
    listRights: () => listRights(api),
    listHostedScreens: () => listHostedScreens(api),
    listHostedSetups: () => listHostedSetups(api),
    addHostedSetup: (fields) => addHostedSetup(api, connection.clientId, fields),
    updateHostedSetup: (id, fields) => updateHostedSetup(api, id, fields),
    listDocuments: (agreementId) => listDocuments(api, agreementId),
    addDocument: (document) => addDocument(api, document),
    replaceDocument: (id, document) => replaceDocument(api, id, document),
    clockSkew: () => api.clockSkew(),
    requests: () => api.requests(),
  }
}
