import { type Addition, isOngoing } from '#billing/existing.ts'
import { type Day, laterOf, monthOf, shiftMonth } from '#billing/period.ts'
import type { Fields, Hold } from '#billing/plan.ts'
import { cadenceOf } from './cadence.ts'
import type { LoadedLine } from './line.ts'
import type { LineAddition } from './posting.ts'

/** The first and last day an addition holds. */
export const existingDays = ({ effectiveOn, cancelledOn }: Addition): Fields => ({
  cancelledOn: cancelledOn ?? null,
  ...(effectiveOn === undefined ? {} : { effectiveOn }),
})

/**
 * The days a line wants its addition to have: the end follows each line, but one that a person typed stays until a person
 * types another; the first day stays, but for one that a person typed, or of an addition just made for this line with
 * another. An end before the start becomes the start (4.2).
 */
export function wantedDays({ dates, additionId }: LoadedLine, addition: Addition, memory: LineAddition | undefined) {
  const { id, effectiveOn } = addition
  const staysTyped = memory?.isEndTyped === true && dates.cancelledBadge !== 'user'
  const end = staysTyped ? memory.cancelledOn : dates.cancelledOn
  const isOwn = dates.effectiveBadge === 'user' || additionId === id
  const start = isOwn ? dates.effectiveOn : (effectiveOn ?? '')
  return { cancelledOn: end === null ? null : laterOf(end, start), ...(isOwn ? { effectiveOn: start } : {}) }
}

/**
 * Why a line would be billed on no day although its addition holds what it says: a person typed an end that lies before it
 * (P6). Undefined when it is billed.
 */
export function whyNotBilled(
  { dates, said, period }: LoadedLine,
  memory: LineAddition | undefined,
): string | undefined {
  const end = memory?.isEndTyped && dates.cancelledBadge !== 'user' ? memory.cancelledOn : null
  if (end === null) return undefined
  const isOfBefore = said.chargeEnd !== undefined && said.chargeEnd <= end
  if (end >= dates.effectiveOn && (monthOf(end) >= period || isOfBefore)) return undefined
  return `a person typed ${end} as its end, which is before this line: type another end for it, or leave it out`
}

/**
 * What an end that moves asks: somebody cleared it or set it, or it comes sooner than it was. `end`, `wanted`: null for none.
 */
export function endHolds(end: Day | null, wanted: Day | null, memory: LineAddition | undefined): Hold[] {
  const wasCleared = end === null && memory !== undefined && memory.cancelledOn !== null
  const isSooner = wanted !== null && (end === null || wanted < end)
  const isOfOthers = end !== null && memory === undefined && !isSooner
  return [
    ...(wasCleared
      ? [{ guard: 'G9', text: `TrueUp ended it on ${memory.cancelledOn}, and ConnectWise holds no end any more` }]
      : []),
    ...(isOfOthers
      ? [
          {
            guard: 'G9',
            text: `it was to end on ${end}, and would ${wanted === null ? 'have no end' : `end on ${wanted}`}`,
          },
        ]
      : []),
    ...(isSooner ? [{ guard: 'G3', text: `ends on ${wanted}${end === null ? '' : ` instead of ${end}`}` }] : []),
  ]
}

/** An end that a person set is left alone: the addition is parked (4.11). */
export function whyParked(
  wanted: Day | null,
  addition: Addition,
  memory: LineAddition | undefined,
  today: Day,
): string | undefined {
  const { cancelledOn: end } = addition
  if (end === undefined || end === wanted) return undefined
  const isKnown = memory ? end === memory.cancelledOn : isOngoing(addition, today)
  return isKnown ? undefined : `ended on ${end} in ConnectWise`
}

/**
 * A rule ended the addition, months passed without a line, and this one starts after the end: its subscription is seen
 * again later, and gets a new one (4.4). What is billed more seldom than monthly has no line in most months.
 */
export function isPast(
  { said, dates, period }: LoadedLine,
  { cancelledOn: end }: Addition,
  memory: LineAddition,
): boolean {
  const cadence = cadenceOf(said.billingCycle ?? '') ?? 'Monthly'
  if (memory.kind !== 'persistent' || memory.isEndTyped || !['Weekly', 'BiWeekly', 'Monthly'].includes(cadence))
    return false
  const isOurs = end !== undefined && end === memory.cancelledOn
  return isOurs && end < dates.effectiveOn && memory.period < shiftMonth(period, -1)
}
