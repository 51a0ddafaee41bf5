import type { Decimal } from '#billing/decimal.ts'
import type { Addition, Agreement, Company, Product } from '#billing/existing.ts'
import type { Day } from '#billing/period.ts'

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

export interface AdditionFields {
  quantity?: Decimal
  unitCost?: Decimal
  unitPrice?: Decimal
  /** null clears it. */
  cancelledOn?: Day | null
}

export interface NewAddition extends AdditionFields {
  productId: number
  quantity: Decimal
  effectiveOn: Day
  billCustomer: 'Billable' | 'DoNotBill' | 'NoCharge'
  /** The marker by which a create whose answer never came is found again. */
  serialNumber: string
}

/** What one write came to (TRUST section 4.4). A write is never repeated by the client. */
export type WriteOutcome =
  | { outcome: 'done'; addition: Addition; status: number }
  | { outcome: 'refused'; status: number; message: string }
  | { outcome: 'throttled'; status: number; retryAfterMs: number }
  | { outcome: 'forbidden'; status: number; message: string }
  /** It may or may not have landed, now or later. */
  | { outcome: 'unknown'; status: number | undefined; message: string }
