import type { Addition, AdditionFields, Agreement, Company, NewAddition, Product } from '#billing/existing.ts'
import { createAddition, findAddition, listAdditions, updateAddition } from './additions.ts'
import { listAgreements } from './agreements.ts'
import { type ApiOptions, createApi } from './api.ts'
import { listCompanies } from './companies.ts'
import type { Connection } from './connection.ts'
import type { Effects } from './effects.ts'
import type { WriteOutcome } from './outcome.ts'
import { listProducts } from './products.ts'
import { reportAdditions } from './reports.ts'

export type { Connection } from './connection.ts'
export type { Effects } from './effects.ts'
export type { WriteOutcome } from './outcome.ts'

/** One tenant's ConnectWise. Lists are complete or they throw a Problem. */
export interface ConnectWise {
  /** All agreements with these ids that exist. */
  listAgreements(ids: readonly number[]): Promise<Agreement[]>
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
    listAdditions: (agreementId) => listAdditions(api, agreementId),
    reportAdditions: () => reportAdditions(api),
    findAddition: (agreementId, id) => findAddition(api, agreementId, id),
    createAddition: (agreementId, fields) => createAddition(api, agreementId, fields),
    updateAddition: (agreementId, id, fields) => updateAddition(api, agreementId, id, fields),
    listCompanies: (ids) => listCompanies(api, ids),
    listProducts: (ids) => listProducts(api, ids),
    clockSkew: () => api.clockSkew(),
    requests: () => api.requests(),
  }
}
