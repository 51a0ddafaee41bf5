import type { Choice } from '#billing/choice.ts'
import type { LastValue, PlanRow, Proposal } from '#billing/plan.ts'

/** What a plan says of one line's addition: a row, or that it holds everything already; and what is to be remembered. */
export interface LineDraft {
  row?: PlanRow
  posted?: Proposal['posted'][number]
  adopt?: LastValue
  choice?: Choice
}
