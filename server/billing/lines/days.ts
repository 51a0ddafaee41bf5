import { type Addition, isOngoing } from '#billing/existing.ts'
import type { Day } from '#billing/period.ts'
import type { Fields, Hold } from '#billing/plan.ts'
import type { LoadedLine } from './line.ts'
import type { LineAddition } from './posting.ts'

/** What a line changes of its addition's first and last day. */
export interface Days {
  before: Fields
  after: Fields
  holds: Hold[]
  /** null: none. */
  wantedEnd: Day | null
}

/**
 * The end follows each line, but one that a person typed stays until a person types another; the first day stays, but
 * for one that a person typed (4.2).
 */
export function daysOf({ dates }: LoadedLine, addition: Addition, memory: LineAddition | undefined): Days {
  const end = addition.cancelledOn ?? null
  const start = addition.effectiveOn
  const staysTyped = memory?.isEndTyped === true && dates.cancelledBadge !== 'user'
  const wantedEnd = staysTyped ? memory.cancelledOn : dates.cancelledOn
  const movesEnd = wantedEnd !== end
  const movesStart = dates.effectiveBadge === 'user' && dates.effectiveOn !== start
  return {
    before: {
      ...(movesEnd ? { cancelledOn: end } : {}),
      ...(movesStart && start !== undefined ? { effectiveOn: start } : {}),
    },
    after: {
      ...(movesEnd ? { cancelledOn: wantedEnd } : {}),
      ...(movesStart ? { effectiveOn: dates.effectiveOn } : {}),
    },
    holds: movesEnd ? endHolds(end, wantedEnd, memory) : [],
    wantedEnd,
  }
}

function endHolds(end: Day | null, wanted: Day | null, memory: LineAddition | undefined): Hold[] {
  const wasCleared = end === null && memory !== undefined && memory.cancelledOn !== null
  const isSooner = wanted !== null && (end === null || wanted < end)
  return [
    ...(wasCleared
      ? [{ guard: 'G9', text: `TrueUp ended it on ${memory.cancelledOn}, and ConnectWise holds no end any more` }]
      : []),
    ...(isSooner ? [{ guard: 'G3', text: `ends on ${wanted}${end === null ? '' : ` instead of ${end}`}` }] : []),
  ]
}

/** An end that a person set is left alone: the addition is parked (4.11). */
export function whyParked(
  { wantedEnd }: Days,
  addition: Addition,
  memory: LineAddition | undefined,
  today: Day,
): string | undefined {
  const { cancelledOn: end } = addition
  if (end === undefined || end === wantedEnd) return undefined
  const isKnown = memory ? end === memory.cancelledOn : isOngoing(addition, today)
  return isKnown ? undefined : `ended on ${end} in ConnectWise`
}
