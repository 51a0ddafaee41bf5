import type { ZodType } from 'zod'
import type { Person, Reading, SourceKind } from '#billing/reading.ts'

/** What every kind of source must provide; `list.ts` names them all. */
export interface Kind {
  /** Its settings, as given on the command line or in the screens. */
  settings: ZodType<Record<string, string>>
  /** Only of kinds whose platform calls us: reads what it sent. Throws a Problem that lists every bad place. */
  receive?(body: string, now: number): Received
}

export type KindName = 'push'

export type Kinds = Readonly<Record<KindName, Kind>>

/** What a source said at one moment about one period. */
export interface Received {
  kind: SourceKind
  /** `YYYY-MM` */
  period: string
  /** Epoch milliseconds. */
  takenAt: number
  complete: boolean
  accounts: ReceivedAccount[]
}

export interface ReceivedAccount {
  id: string
  name: string
  readings: ReceivedReading[]
  /** Invoice lines as received, in snapshots of that kind. */
  lines?: InvoiceLine[]
}

export type ReceivedReading = Omit<Reading, 'account' | 'people'> & {
  /** What the source calls the SKU, where it says. */
  title?: string
  people?: Person[]
}

/** Days are `YYYY-MM-DD`, numbers exact decimals. */
export interface InvoiceLine {
  id: string
  offer: string
  chargeType: string
  quantity: string
  subscription?: string
  subscriptionName?: string
  billingCycle?: string
  chargeStart?: string
  chargeEnd?: string
  unitCost?: string
  unitPrice?: string
  currency?: string
  invoice?: string
  invoicedOn?: string
  custom?: boolean
}
