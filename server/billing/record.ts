import type { Decimal } from './decimal.ts'
import type { Day } from './period.ts'

/** The kinds of ConnectWise records TrueUp may make or change (FEATURES P20). */
export type RecordKind = 'addition' | 'company' | 'contact' | 'agreement' | 'product'

/** What the ids of a draft were called when they were chosen, by field: shown, never written. */
interface Named {
  names?: Readonly<Record<string, string>>
}

/** A text in one of ConnectWise's custom fields, which the tenant chose for the source's ids (M23). */
export interface CustomValue {
  fieldId: number
  /** At most 100 characters. */
  value: string
}

/** Records that are there and may be given the source's id (M23). */
export type Referred = 'company' | 'agreement'

interface WithReference {
  reference?: CustomValue
}

/** A company to be made: what ConnectWise asks for (FEATURES P18, Q15). */
export interface NewCompany extends Named, WithReference {
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

/** Records of the company that were there before it was sent: the new one is none of these. Kept with the write only. */
interface Besides {
  besides?: readonly number[]
}

/** A contact to be made at a company that exists or is made first. */
export interface NewContact extends Named, Besides {
  record: 'contact'
  companyId: number
  firstName: string
  lastName?: string
  email?: string
  /** The company's default contact from now on. */
  isDefault?: true
  /** The contact of ours that is set inactive instead, as its user has left (FEATURES 4.12). */
  inactiveId?: number
}

/** An agreement to be made; everything not said comes from its type. */
export interface NewAgreement extends Named, Besides, WithReference {
  record: 'agreement'
  name: string
  typeId: number
  companyId: number
  /** Absent: the company's default contact. */
  contactId?: number
  startOn: Day
}

/** A catalogue product to be made (FEATURES S4, Q6). */
export interface NewProduct extends Named {
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

/** The source's id to be written to a custom field of a company or agreement that is there (M23). */
export interface NewReference {
  record: 'reference'
  fieldId: number
  /** What the field is called in ConnectWise. */
  caption: string
  /** What it held when the plan was made; empty: nothing. */
  from: string
  to: string
  /** All custom fields of the record, as they were read right before the write. Kept with the write only. */
  all?: readonly Readonly<Record<string, unknown>>[]
}

/** A record of its own to be made, which its negative id stands for until then. */
export type NewRecord = NewCompany | NewContact | NewAgreement | NewProduct

export type RecordDraft = NewRecord | NewLine | NewReference

/** Whether a draft is of a record of its own. */
export const isNewRecord = (draft: RecordDraft | null | undefined): draft is NewRecord =>
  draft !== null && draft !== undefined && draft.record !== 'addition' && draft.record !== 'reference'

/**
 * A record that does not exist in ConnectWise yet has a negative id here, its creation's; once made, the real id takes
 * its place everywhere.
 */
export const isToBeMade = (id: number): boolean => id < 0
