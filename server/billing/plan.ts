import type { Book } from './book.ts'
import type { Choice } from './choice.ts'
import type { CreationPolicy } from './creation.ts'
import type { Decimal } from './decimal.ts'
import type { Addition, Agreement, Company, Invoicing, Product } from './existing.ts'
import type { LinePosting, LinesInput } from './lines/posting.ts'
import type { Mapping } from './mapping.ts'
import type { WantedRecord } from './needed-records.ts'
import type { Day } from './period.ts'
import type { DatedLine, ProrationState } from './proration.ts'
import type { RecordDraft, RecordKind } from './record.ts'
import type { Outcome } from './summary.ts'
import type { Wish } from './wish.ts'

/** The values of the fields TrueUp may write, by the rule's words. */
export interface Fields {
  quantity?: Decimal
  cost?: Decimal
  price?: Decimal
  /** The last billed day that is set; TrueUp only ever ends lines of its own (FEATURES 4.1, 4.4). null clears it. */
  cancelledOn?: Day | null
  /** The first billed day, where a person typed another one for an addition that is there (4.2). */
  effectiveOn?: Day
}

/** A reason to wait. A block cannot be approved, only fixed. */
export interface Hold {
  /** The guard's id in TRUST section 5. */
  guard: string
  text: string
  /** The same for who may not see cost and price; absent when the text tells none. */
  withoutMoney?: string
  block?: true
  /** The first day on which ConnectWise would take it (G11). */
  startOn?: Day
}

/** One row of a plan: a change, or a mapping for which there is none, with the reason. */
export interface PlanRow {
  /** Stable identity: `addition:301`, or agreement, product and what is read for a line to be made. */
  key: string
  /** Absent: an addition. */
  record?: RecordKind
  /** What a record to be made holds. */
  draft?: RecordDraft
  /** The invoice lines it posts. */
  posting?: LinePosting
  /** Keys of rows of this plan that must be written before this one. */
  needs?: readonly string[]
  change?: 'create' | 'update' | 'cancel'
  source: string
  snapshot?: string
  accounts: readonly string[]
  mappings: readonly string[]
  companyId?: number
  agreementId?: number
  additionId?: number
  productId?: number
  effectiveOn?: Day
  before: Fields
  after: Fields
  holds: Hold[]
  reason: string
  /** The change in money per billing cycle, in the agreement's currency; absent when the price is unknown. */
  amount?: Decimal
  outcome: Outcome | 'pending'
  attention: boolean
}

/** The last value TrueUp wrote, adopted or accepted, per field (FEATURES 4.11). */
export interface LastValue extends Fields {
  additionId: number
  agreementId: number
}

/** An agreement as read in this run; `problem` when its additions could not be read completely. */
export interface AgreementState {
  agreement: Agreement
  additions: readonly Addition[]
  /** TrueUp's open lines for parts of periods whose standing line is gone or ended: nobody will end them. */
  left?: readonly Addition[]
  problem?: string
  /** The next invoice date before it moved back (G11). */
  movedBackFrom?: Day
  /** What reports and recaps say of its invoices, where they were read (TRUST U16). */
  invoicing?: Invoicing
}

/** Everything a plan is made of. */
export interface PlanInput {
  today: Day
  mappings: readonly Mapping[]
  /** Accounts each source of counts or usage lists, mapped or not; those of invoice lines have no mappings. */
  accounts: readonly { source: string; account: string; name: string }[]
  books: ReadonlyMap<string, Book>
  /** By id; an agreement that is missing no longer exists. */
  agreements: ReadonlyMap<number, AgreementState>
  companies: ReadonlyMap<number, Company>
  products: ReadonlyMap<number, Product>
  lastValues: ReadonlyMap<number, LastValue>
  /** What people chose in conflicts, by addition. */
  choices?: ReadonlyMap<number, Choice>
  /** The tenant's own currency, for agreements that state none. */
  currency?: string
  wholeQuantities: boolean
  /** Records that are wanted and not made yet, by their negative ids, under which they stand among the others above. */
  creations?: ReadonlyMap<number, WantedRecord>
  creationPolicy?: CreationPolicy
  /** Sources whose costs go to the catalogue, too (S6). */
  catalogueCosts?: ReadonlySet<string>
  /** What is remembered of prorated standing lines, by addition. */
  prorations?: ReadonlyMap<number, ProrationState>
  /** TrueUp's lines for parts of periods; the additions themselves are in `agreements`. */
  datedLines?: readonly DatedLine[]
  /** Additions that stand for invoice lines: no count takes one for its own, or for a twin, that does not name it. */
  ofLines?: ReadonlySet<number>
  /**
   * What the last complete snapshots of earlier days said, by source, oldest first: the days after those in the
   * prorations' histories and before the newest reading's, so that each waiting day is taken by itself (FEATURES 4.1).
   */
  earlier?: readonly { day: Day; books: ReadonlyMap<string, Book> }[]
  /** Invoice lines to be posted; absent: this run is about none. */
  lines?: LinesInput
  /** What people want done with additions, where this run is to do it. */
  wishes?: readonly Wish[]
  /** The same of every run: nothing else is written to those additions. */
  heeded?: readonly Wish[]
  /** Which mappings are asked about; all when absent. */
  inScope?: (mapping: { source: string; account: string; id?: string }) => boolean
}

export interface Proposal {
  rows: PlanRow[]
  unchanged: number
  /** Additions with an included, working mapping: what a share of changes is measured against (G4). */
  mapped: number
  /** Values that ConnectWise holds and TrueUp from now on builds on. */
  adopt: LastValue[]
  /** Choices of which less is left, or nothing. */
  choices: Choice[]
  /** Mappings whose product was found as this addition. */
  resolve: { mapping: string; additionId: number }[]
  park: { mapping: string; reason: string }[]
  /** What is to be remembered of prorated standing lines; facts only, so it is saved whether the rows are held or not. */
  prorations: { additionId: number; agreementId: number; state: ProrationState }[]
  /** Lines whose addition holds everything they say already: they are Synced without a write (4.5). */
  posted: { posting: LinePosting; additionId: number; agreementId: number }[]
  /** Additions that are ended as somebody wished, already. */
  granted: number[]
}
