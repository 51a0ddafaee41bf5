import type { Badge } from '#billing/lines/line.ts'

/** One field of both sides; a cause where they differ. */
export interface FieldView {
  name: string
  line?: string
  /** What the source said, where a rule or a person made another day of it. */
  said?: string
  badge?: Badge
  addition?: string
  cause?: string
}

/** What a person can do about a difference, as a button or in words. */
export type FixView =
  | { kind: 'sync'; line: string }
  | { kind: 'go'; path: string; text: string }
  | { kind: 'by-hand'; steps: string }

/** A line beside its addition (Q1). */
export interface PairView {
  id: string
  /** Its source's id of it. */
  line: string
  organization: string
  offer: string
  account: string
  status: string
  /** Those that differ first. */
  fields: readonly FieldView[]
  differs: number
  /** Why there is no addition, or nothing to compare with. */
  absent?: string
  fixes: readonly FixView[]
}
