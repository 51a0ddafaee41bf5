import type { ZodType } from 'zod'
import type { InvoiceLine } from '#billing/lines/line.ts'
import type { Person, Reading, SourceKind } from '#billing/reading.ts'
import type { Place } from '#server/problem.ts'

/** What every kind of source must provide; `list.ts` names them all. */
export interface Kind {
  /** Its settings, as given on the command line or in the screens. */
  settings: ZodType<Record<string, string>>
  /** Only of kinds whose platform calls us: reads what it sent. Throws a Problem that lists every bad place. */
  receive?(body: string, now: number): Received
  /** Only of kinds whose platform is asked: throws a Problem when the operator does not allow its address. */
  check?(settings: Readonly<Record<string, string>>, allowed: readonly string[]): void
  /**
   * Only of kinds whose platform is asked: what it says of one month. Throws a Problem that says what of the answer is
   * wrong, and where; nothing of such an answer may be used.
   */
  collect?(effects: Effects, asked: Asked): Promise<Collected>
  /** Only of kinds whose files people upload: what one says. Throws a Problem for what is no such file at all. */
  read?(file: Uint8Array, told: Remarks, settings: Readonly<Record<string, string>>): Sheet
}

export type KindName = 'push' | 'csv' | 'http'

export type Kinds = Readonly<Record<KindName, Kind>>

/** What asking a platform needs from outside. Times are epoch milliseconds. */
export interface Effects {
  /** Calls only what the operator allows and the whole internet can reach; follows no redirect. */
  fetch(request: Request): Promise<Response>
  now(): number
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A uniform number in [0, 1). */
  random(): number
}

/** What a platform is asked. */
export interface Asked {
  settings: Readonly<Record<string, string>>
  secret: string
  /** `YYYY-MM` */
  period: string
  /** The origins that the operator allows (SOURCE_HOSTS). */
  allowed: readonly string[]
  /** Somebody waits for it: nothing is tried again, and it ends sooner. */
  isWaitedFor?: boolean
  /** Only so many pages, to see what it is like. */
  pages?: number
}

/** What a platform said when it was asked. */
export interface Collected extends Received {
  pages: number
  /** There were more pages than were to be read; it is never complete then. */
  isCut: boolean
}

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

/** What a person said of a file that it does not say itself; what is absent is detected, or asked. */
export interface Remarks {
  kind?: SourceKind
  /** The header of a field's column, by the field's name; empty: there is none. */
  columns: Readonly<Record<string, string>>
  /** What stands before the decimals. */
  decimal?: '.' | ','
  /** How 11/12/2026 is meant. */
  days?: DayOrder
  /** Of files without a column for it. */
  metric?: string
  currency?: string
}

export type DayOrder = 'day-month' | 'month-day'

/** A file as it was read: what was detected, what is still to be said, what is good and what is not. */
export interface Sheet {
  kind: SourceKind
  /** One number a row, or one user a row, who are counted. */
  shape: 'numbers' | 'users'
  encoding: string
  separator: string
  /** Absent: no number has decimals or groups of thousands. */
  decimal?: '.' | ','
  /** Absent: no day could be meant in two ways. */
  days?: DayOrder
  header: readonly string[]
  fields: readonly SheetField[]
  metric: string
  currency: string
  /** Rows below the header, and how many of them are blank. */
  rowCount: number
  blankCount: number
  /** What a person must say before anything can be read, by `decimal`, `days` or a field's name. */
  questions: Place[]
  /** Rows that are not read, `row 7`, each with every reason. */
  bad: Place[]
  /** So many rows are bad that the rest was not read. */
  gaveUp: boolean
  accounts: ReceivedAccount[]
  /** The first good rows, each field as it is read. */
  sample: { row: number; values: Readonly<Record<string, string>> }[]
}

export interface SheetField {
  name: string
  label: string
  required: boolean
  /** The header of its column. */
  column?: string
  /** A column is named like it and still not meant: somebody said so. */
  isLeftOut: boolean
}
