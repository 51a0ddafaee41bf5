import type {
  Addition,
  AdditionFields,
  Agreement,
  Company,
  CompanyStatus,
  NewAddition,
  Product,
} from '#billing/existing.ts'
import { createAddition, findAddition, listAdditions, updateAddition } from './additions.ts'
import { type AgreementType, listAgreementTypes } from './agreement-types.ts'
import { listAgreements, listAgreementsOf } from './agreements.ts'
import { type ApiOptions, createApi } from './api.ts'
import { listAllCompanies, listCompanies, listCompanyStatuses } from './companies.ts'
import type { Connection } from './connection.ts'
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
import type { WriteOutcome } from './outcome.ts'
import { listAllProducts, listProducts } from './products.ts'
import { reportAdditions } from './reports.ts'
import { type FoundRight, listRights } from './rights.ts'

export type { Connection } from './connection.ts'
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
  /** All additions of one agreement. */
  listAdditions(agreementId: number): Promise<Addition[]>
  /** All additions of the instance from the AgreementAdditions report; undefined when it is absent or cannot prove itself complete. */
  reportAdditions(): Promise<Addition[] | undefined>
  /** One addition; undefined when it does not exist. */
  findAddition(agreementId: number, id: number): Promise<Addition | undefined>
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
  return {
    listAgreements: (ids) => listAgreements(api, ids),
    listAgreementsOf: (companyId) => listAgreementsOf(api, companyId),
    listAdditions: (agreementId) => listAdditions(api, agreementId),
    reportAdditions: () => reportAdditions(api),
    findAddition: (agreementId, id) => findAddition(api, agreementId, id),
    createAddition: (agreementId, fields) => createAddition(api, agreementId, fields),
    updateAddition: (agreementId, id, fields) => updateAddition(api, agreementId, id, fields),
    listCompanies: (ids) => listCompanies(api, ids),
    listProducts: (ids) => listProducts(api, ids),
    listAllCompanies: () => listAllCompanies(api),
    listCompanyStatuses: () => listCompanyStatuses(api),
    listAllProducts: () => listAllProducts(api),
    listAgreementTypes: () => listAgreementTypes(api),
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
