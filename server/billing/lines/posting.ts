import type { Day, Month } from '#billing/period.ts'
import type { CustomValue } from '#billing/record.ts'
import type { LoadedLine } from './line.ts'
import type { LineSettings } from './settings.ts'

/** An addition that stands for invoice lines: TrueUp made it for them, or was told to take it. */
export interface LineAddition {
  additionId: number
  agreementId: number
  source: string
  account: string
  kind: 'persistent' | 'one-time'
  /** `subscriptionKey` of a persistent one, `ownKey` of a line's own. */
  identity: string
  /** The newest month written to it. */
  period: Month
  /** The last billed day TrueUp wrote last; null: none. Another one in ConnectWise is a person's (4.11). */
  cancelledOn: Day | null
  /** The day a person typed; it is not ended by 4.4. */
  isEndTyped: boolean
}

/** What a row of a plan posts: the lines it stands for, and what is remembered of its addition once it is written. */
export interface LinePosting {
  /** Our ids. */
  lines: readonly string[]
  source: string
  account: string
  /** Absent where an addition ends because its subscription is gone (4.4), or moves. */
  kind?: 'persistent' | 'one-time'
  identity: string
  period: Month
  /** The invoice description (P11). */
  description?: string
  /** The offer and billing cycle whose product this write confirms. */
  offer?: string
  /** The line's or subscription's id, and the custom field of the addition it is written to (M23). */
  reference?: CustomValue
  /** Set when the addition is not to be written by any later line: its subscription was cancelled, or it moved. */
  closes?: true
  isEndTyped?: true
}

/** What a source said of a subscription's months, where a full run may end additions by it (FEATURES 4.4). */
export interface FullMonths {
  source: string
  /** The newest invoice month known completely. */
  month: Month
  /** Whether the month before was known completely, too. */
  isBeforeComplete: boolean
  /** Included accounts that the newest month's complete word names; the others are unknown, not gone. */
  accounts: ReadonlySet<string>
  /** `subscriptionKey`s with a recurring line, by month. */
  now: ReadonlySet<string>
  before: ReadonlySet<string>
}

/** Everything the rows of invoice lines are made of, beside what every plan is made of. */
export interface LinesInput {
  settings: LineSettings
  /** Lines asked about that are not posted yet. Posted ones are nobody's work any more (X9). */
  lines: readonly LoadedLine[]
  /**
   * Additions that stand for lines and are not closed: those of the accounts asked about, and all on the agreements
   * asked about, so that none of them is taken for one made by hand.
   */
  additions: readonly LineAddition[]
  /** The same of those that are closed: no line is written to them any more. */
  closed?: readonly LineAddition[]
  /** How many persistent additions the tenant has in all: beside mapped ones, what a share of changes is measured against (G4). */
  persistent: number
  /** One-time lines that were posted, under whichever month, by `postedKey`. */
  posted: ReadonlyMap<string, PostedLine>
  /** Only in a full run of a source (4.4). */
  full: readonly FullMonths[]
  /** What was written before or taken by a person, by `confirmed` (G6, G8, P17). */
  confirmed: ReadonlySet<string>
  /** The days' rules are those a person has approved a plan with (G8). */
  areRulesConfirmed: boolean
  /** Agreements that TrueUp made for companies whose lines named none (4.3). */
  made?: ReadonlySet<number>
  /** Months whose newest word lists suspiciously less than the complete one of the same month before it, by `monthKey` (G7). */
  shrunk?: ReadonlyMap<string, string>
}

/** A line that was posted. `line` is our id. */
export interface PostedLine {
  line: string
  period: Month
  additionId: number
}

/** A posted line, by what its source calls it. */
export const postedKey = (source: string, account: string, line: string): string =>
  JSON.stringify([source, account, line])

/** A month of a source. */
export const monthKey = (source: string, period: Month): string => JSON.stringify([source, period])

/** What has to be looked at once: an account's company and agreement, an offer's product. */
export const confirmed = {
  company: (source: string, account: string, id: number): string => JSON.stringify(['company', source, account, id]),
  /** Something of the account was written to that agreement before. */
  agreement: (source: string, account: string, id: number): string =>
    JSON.stringify(['agreement', source, account, id]),
  product: (source: string, offer: string, id: number): string => JSON.stringify(['product', source, offer, id]),
}
