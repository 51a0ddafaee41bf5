import type { Decimal } from './decimal.ts'
import type { Day } from './period.ts'

/** The kinds of ConnectWise records TrueUp may make or change (FEATURES P20). */
export type RecordKind = 'addition' | 'company' | 'contact' | 'agreement' | 'product'

/** A company to be made: what ConnectWise asks for (FEATURES P18, Q15). */
export interface NewCompany {
  record: 'company'
  identifier: string
  name: string
  statusId: number
  typeId: number
  siteName: string
  addressLine1?: string
  city?: string
  state?: string
  zip?: string
}

/** A contact to be made at a company that exists or is made first. */
export interface NewContact {
  record: 'contact'
  companyId: number
  firstName: string
  lastName?: string
  email?: string
}

/** An agreement to be made; everything not said comes from its type. */
export interface NewAgreement {
  record: 'agreement'
  name: string
  typeId: number
  companyId: number
  /** Absent: the company's default contact. */
  contactId?: number
  startOn: Day
}

/** A catalogue product to be made (FEATURES S4, Q6). */
export interface NewProduct {
  record: 'product'
  identifier: string
  description: string
  categoryId: number
  subcategoryId: number
  typeId: number
  unitOfMeasureId?: number
  cost?: Decimal
  price?: Decimal
  /** The SKU or offer it stands for, where it is short enough to be kept there (M24). */
  crossReference?: string
}

/** A dated line to be made: what it is not told in fields is copied from its standing line (FEATURES 4.1). */
export interface NewLine {
  record: 'addition'
  standingId: number
  kind: 'dated' | 'catch-up'
  /** The first day of its period. */
  period: Day
  /** The day of the reading it is made for. */
  day: Day
  /** Absent: the standing line's. */
  description?: string
}

export type RecordDraft = NewCompany | NewContact | NewAgreement | NewProduct | NewLine

/**
 * A record that does not exist in ConnectWise yet has a negative id here, its creation's; once made, the real id takes
 * its place everywhere.
 */
export const isToBeMade = (id: number): boolean => id < 0
