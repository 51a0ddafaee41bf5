import type { Day } from '#billing/period.ts'
import type { Fields } from '#billing/plan.ts'
import type { LinePosting } from './posting.ts'

type DayChange = [before: Day | null, after: Day | null]

/** The first and the last day of an addition before and after; null: none; absent: stays as it is. */
export interface ChangedDays {
  first?: DayChange
  last?: DayChange
}

interface Planned {
  change: 'create' | 'update' | 'cancel' | null
  posting: LinePosting | null
  effectiveOn: Day | null
  before: Fields
  after: Fields
}

/** The days a planned row writes: what is made for an invoice line gets both. */
export function changedDays({ change, posting, effectiveOn, before, after }: Planned): ChangedDays {
  const isNew = change === 'create' && posting !== null
  const first = after.effectiveOn ?? (isNew ? effectiveOn : null)
  const last = isNew ? (after.cancelledOn ?? null) : after.cancelledOn
  return {
    ...(first ? { first: [before.effectiveOn ?? null, first] } : {}),
    ...(last === undefined ? {} : { last: [before.cancelledOn ?? null, last] }),
  }
}
