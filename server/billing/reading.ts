import type { Decimal } from './decimal.ts'
import type { Day } from './period.ts'

export type SourceKind = 'counts' | 'usage' | 'invoice-lines'

/** One person behind a number. */
export interface Person {
  id: string
  name?: string
  email?: string
  services?: readonly string[]
}

/** One number a source said about one account: a metric's count, or the usage of a SKU. */
export interface Reading {
  account: string
  kind: 'metric' | 'sku'
  /** The metric's or SKU's own name. */
  name: string
  term?: string
  subscription?: string
  quantity: Decimal
  unitCost?: Decimal
  unitPrice?: Decimal
  currency?: string
  people?: readonly Person[]
}

/** What a mapping reads: one metric or SKU, narrowed where it says so (INTERFACE, V12, V19), or lines it says the place of. */
export type Read =
  | { metric: string; services?: readonly string[] }
  | { sku: string; term?: string; subscription?: string }
  | LineRead

/** The invoice lines of an offer and charge type: nothing is counted, the mapping says where each of them goes. */
export interface LineRead {
  offer: string
  chargeType: string
  subscription?: string
}

/** A snapshot as the plan sees it. */
export interface Snapshot {
  id: string
  source: string
  kind: SourceKind
  period: string
  takenAt: number
  /** The day of `takenAt` in the tenant's zone. */
  takenOn: Day
  complete: boolean
}

/**
 * What is known of one read of one account (FEATURES 4.10). Only `known` may lower; `partial` may raise;
 * the others cause no write.
 */
export type ReadState =
  | { state: 'known' | 'partial'; quantity: Decimal; reason?: string; money: Money; people?: readonly Person[] }
  | { state: 'unknown' | 'stale'; reason: string }

/** Unit money as the source stated it; a part it did not state is absent and never written (4.7). */
export interface Money {
  unitCost?: Decimal
  unitPrice?: Decimal
  currency?: string
  /** The parts of a sum state different costs or prices, so none can be written. */
  mixed?: boolean
}
