import type { Badge, LineMapping, LineStatus } from '#billing/lines/line.ts'
import type { Place } from '#views/mapping/line.ts'

/** A day and where it came from; no day: it bills every cycle (P6). */
export interface DayView {
  on?: string
  badge: Badge
}

/** An invoice line as its row shows it. */
export interface LineView {
  /** Ours. */
  id: string
  /** Names the state this row was drawn from. */
  seen: string
  organization: string
  account: string
  offer: string
  subscription?: string
  start: DayView
  end: DayView
  charge: { name: string; badge: Badge }
  quantity: string
  /** Extended, for who may see money. */
  cost?: string
  revenue?: string
  currency?: string
  company?: Place
  product?: { name: string; detail: string; toBeMade?: true }
  agreement?: Place
  /** The day of the next invoice of its agreement (P23). */
  nextInvoiceOn?: string
  mapping: LineMapping
  /** Why it is not mapped. */
  lacks?: string
  status: LineStatus | 'left-out'
  /** Why it is held, failed or was skipped, or what is odd about it. */
  reason?: string
  /** What its source says otherwise since it was posted, field by field; somebody is to choose (FEATURES 4.5). */
  changes?: readonly { name: string; from: string; to: string }[]
  /** Its source does not name it any more. */
  isGone: boolean
  /** Posted: nothing of it is edited, ticked or sent again (X9). */
  isLocked: boolean
}

/** What an opened row tells beside it. */
export interface LineDetail {
  /** What its source said, by name. */
  said: readonly { name: string; value: string }[]
  /** What a person typed, else empty. */
  typed: { start: string; end: string }
  /** What stands in the fields: what will be sent, or what was just refused. */
  fields: { start: string; end: string }
  errors: Readonly<Record<string, string>>
  /** The agreement that a person chose for it. */
  isAgreementChosen: boolean
  /** The day from which ConnectWise takes it, where it refuses the one it has (G11). */
  startsOn?: string
  /** The plan in which it waits. */
  plan?: string
  posted?: { at: number; addition?: number }
}

/** What just happened to a row. */
export interface LineSaid {
  saved?: string
  refused?: string
}

/** An order to list by, and whether from the end. */
export interface LineQuery {
  month: string
  source: string
  account: string
  status: string
  mapping: string
  charge: string
  product: string
  currency: string
  search: string
  /** A column's name, after `-` from the last to the first. */
  sort: string
}

/** The address of a page of lines, as all filters say. */
export const linesPath = (path: string, query: LineQuery, more: Record<string, string> = {}): string =>
  `${path}?${new URLSearchParams({ ...query, ...more })}`

/** The id of a row in the page. */
export const rowId = (line: Pick<LineView, 'id'>): string => `line-${line.id}`

/** What says which lines are shown, as a selector of what a request includes. */
export const everyFilter = '#lines-shown, #lines-filters, #lines-sort'
