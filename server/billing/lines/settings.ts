import type { ChargeKind, ChargeType } from './line.ts'

/** The charge types with a row in the settings; UserCorrection goes with Correction (FEATURES 4.13). */
export type NamedCharge = Exclude<ChargeType, 'UserCorrection'>

/** Where a charge ends, chosen per charge type (P4, 4.2). */
export type EndRule = 'source' | 'last-of-start-month' | 'last-of-invoice-month' | 'first-of-following-month' | 'never'

/** Where a charge starts, chosen per billing cycle (P5, 4.2). */
export type StartRule = 'first-of-start-month' | 'first-of-invoice-month' | 'first-of-following-month' | 'invoice-date'

/** How a tenant's invoice lines become additions (FEATURES 4.2, S14, M23). What is absent is as the source says. */
export interface LineSettings {
  ends: Partial<Record<NamedCharge, EndRule>>
  /** By billing cycle, in lower case; the empty text stands for lines that state none. */
  starts: Readonly<Record<string, StartRule>>
  names: Partial<Record<NamedCharge, string>>
  /** How charge types that TrueUp does not know are billed, as an admin said. */
  kinds: Readonly<Record<string, ChargeKind>>
  /** Fully mapped lines are posted by the daily run (S13). */
  daily: boolean
  crossReferences: CrossReferences
}

/** ConnectWise's custom fields that hold the source's ids, by the field's id (M23). */
export interface CrossReferences {
  /** The account's id, on the company. */
  companyFieldId?: number
  /** The contract's id, on the agreement: what the account is called by its source. */
  agreementFieldId?: number
  /** The line's or subscription's id, on the addition. */
  additionFieldId?: number
  /** Companies and agreements that TrueUp did not make get them, too. */
  existing: boolean
}

export const plainLineSettings: LineSettings = {
  ends: {},
  starts: {},
  names: {},
  kinds: {},
  daily: true,
  crossReferences: { existing: false },
}
