import type { Decimal } from '#billing/decimal.ts'
import type { Day, Month } from '#billing/period.ts'

/** The charge types of marketplaces; a source may state others, of which nobody knows yet how they are billed (FEATURES 4.2). */
export const chargeTypes = [
  'CycleFee',
  'PurchaseFee',
  'UsageFee',
  'ItemFee',
  'OneTimeFee',
  'Correction',
  'UserCorrection',
] as const

export type ChargeType = (typeof chargeTypes)[number]

/** An invoice line as its source said it. Days are `YYYY-MM-DD`, numbers exact decimals. */
export interface InvoiceLine {
  id: string
  offer: string
  chargeType: string
  quantity: Decimal
  subscription?: string
  subscriptionName?: string
  billingCycle?: string
  chargeStart?: Day
  chargeEnd?: Day
  unitCost?: Decimal
  unitPrice?: Decimal
  currency?: string
  invoice?: string
  invoicedOn?: Day
  custom?: boolean
}

/** Where a date or a name came from: the source, a rule, a person (P6). */
export type Badge = 'none' | 'system' | 'user'

/** Recurring charges keep one addition per subscription; one-time charges have their own (P10). */
export type ChargeKind = 'recurring' | 'one-time'

/** What ConnectWise will get of a line's days, and where each came from (FEATURES 4.2). */
export interface LineDates {
  effectiveOn: Day
  effectiveBadge: Badge
  /** null: it bills every cycle. */
  cancelledOn: Day | null
  cancelledBadge: Badge
  /** What is odd about them, in words. */
  warning?: string
}

/** Status in PSA (FEATURES 4.5), and held: it waits for a person. */
export type LineStatus = 'not-synced' | 'synced' | 'error' | 'held'

/** Whether a line is mapped, and if not, what it lacks (M18, 4.6, 4.13). */
export type LineMapping = 'mapped' | 'unmapped' | 'excluded' | 'response-error' | 'parked'

/** Where a line goes, as far as mappings say. Ids are ConnectWise's; a negative one stands for a record to be made. */
export interface LinePlace {
  mapping: LineMapping
  /** Why it is not mapped, in words. */
  lacks?: string
  companyId?: number
  /** The one chosen on the line, else by a mapping, its account, or the one made for its company (4.3). */
  agreementId?: number
  productId?: number
  /** An addition that a mapping names: the line is written to it instead of a new one. */
  additionId?: number
  /** Ongoing additions of the same product that a person said to leave alone (4.15). */
  leaveAlone?: readonly number[]
}

/** An invoice line as it stands in TrueUp: what the source said, what rules and people made of it, where it goes. */
export interface LoadedLine {
  /** Ours. */
  id: string
  source: string
  account: string
  period: Month
  /** The word of its source it was loaded from. */
  snapshot?: string
  said: InvoiceLine
  /** Absent: its charge type is unknown. */
  kind?: ChargeKind
  /** How the charge type is called in ConnectWise (S14), and whether that is a custom name (P24). */
  chargeName: string
  nameBadge: Badge
  dates: LineDates
  place: LinePlace
  status: LineStatus
  /** A person said never to post it. */
  leftOut: boolean
  /** The newest complete word of its period does not name it any more. */
  gone: boolean
  /** The line it corrects, by our id (4.5). */
  correctionOf?: string
  /** The addition it was posted as, or that was made for it with something else than it says. */
  additionId?: number
}

/** A subscription's charge, which keeps one addition (P10): one text per source, account, subscription, offer, type and cycle. */
export const subscriptionKey = ({ source, account, said }: Pick<LoadedLine, 'source' | 'account'> & Charged): string =>
  JSON.stringify([source, account, said.subscription ?? '', said.offer, said.chargeType, said.billingCycle ?? ''])

interface Charged {
  said: Pick<InvoiceLine, 'offer' | 'chargeType' | 'subscription' | 'billingCycle'>
}

/** A one-time line's own identity, whatever becomes of it later. */
export const ownKey = ({ source, account, period, said }: LoadedLine): string =>
  JSON.stringify([source, account, period, said.id])
