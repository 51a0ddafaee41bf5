import type { Decimal } from '#billing/decimal.ts'
import type { Addition, Agreement, Company, Product } from '#billing/existing.ts'
import type { Day } from '#billing/period.ts'
import type { Db, Scope } from '#db/db.ts'
import type { Seal } from '#db/seal.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'

/** Everything the program needs from outside, passed in by the entry files and by tests. */
export interface Deps {
  db: Db
  seal: Seal
  config: Config
  log: Log
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A fresh 26-character id. */
  id(): string
  /** A uniform number in [0, 1), for jitter. */
  random(): number
  /** A client for one tenant; its pacing lives as long as the process. Throws a Problem when no keys are stored. */
  connectWise(tenant: Scope): Promise<ConnectWise>
  /** Called at each labelled point between two steps; tests stop the process there. */
  at(point: Point): void
}

export type Point =
  | 'run.claimed'
  | 'agreements.read'
  | 'additions.read'
  | 'plan.saving'
  | 'plan.saved'
  | 'intents.saved'
  | 'intent.sending'
  | 'write.sent'
  | 'write.answered'
  | 'outcome.saved'
  | 'run.finishing'
  | 'run.finished'
  | 'probe.first'
  | 'probe.second'

/** What ConnectWise's clients must answer to; `server/connectwise` implements it. Lists are complete or they throw. */
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
