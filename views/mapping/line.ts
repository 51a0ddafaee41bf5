import type { ResultLine } from '#views/pods/last-result.tsx'

/** A record of ConnectWise as a row shows it; without an address when the viewer may not read it. */
export interface Place {
  id: number
  name: string
  detail?: string
  href?: string
  /** It does not exist yet: TrueUp makes it with the next approved plan. */
  toBeMade?: true
}

/** One mapping of an account. */
export interface TargetLine {
  mapping: string
  agreement: Place
  /** The addition or product it writes to. */
  name: string
  detail: string
  /** Its product does not exist yet. */
  toBeMade?: true
  /** What is read, in words. */
  reads: string
  included: boolean
  parked?: string
}

export interface SuggestionLine {
  company: number
  name: string
  identifier: string
  score: string
  reason: string
}

/** One account of a source with what it is mapped to. */
export interface AccountLine {
  /** The row's id in the page. */
  id: string
  source: string
  sourceName: string
  account: string
  name: string
  /** Names the state this row was drawn from. */
  version: string
  /** Its newest numbers, `12 users`. */
  numbers: readonly string[]
  /** Their billing period, `November 2026`. */
  numbersOf?: string
  numbersAt?: number
  /** Since when its source no longer lists it; 0: it never did. Epoch milliseconds. */
  goneSince?: number
  status: 'mapped' | 'unmapped' | 'excluded' | 'parked'
  /** What the status is due to and what to do. */
  reason?: string
  include: boolean
  /** How the last run ended for it. */
  result?: ResultLine
  company?: Place
  /** The agreement chosen for the next target. */
  agreement?: Place
  targets: readonly TargetLine[]
  /** Its source states invoice lines: they need no addition, and name their agreement where it shares its company (4.6). */
  ofLines?: { isShared: boolean }
  /** What a new target may read, when there is a choice. */
  reads: readonly { value: string; text: string }[]
  /** What may be made for it where it is missing in ConnectWise (M5). */
  creates: readonly ('company' | 'agreement' | 'product')[]
  suggestion?: SuggestionLine
  /** The company the list was opened for: one press maps an account without a company to it. */
  offer?: Place
}

/** What just happened to a row. */
export interface Said {
  /** A change that was saved, and the number under which it can be undone. */
  saved?: { text: string; undo: number }
  /** Why nothing was saved. */
  refused?: string
}
