import { add, compare, type Decimal, max, subtract } from './decimal.ts'
import { nextPeriod, type Period, periodAt } from './grid.ts'
import { addDays, type Day, earlierOf } from './period.ts'
import { isInvoiced, type Timing } from './timing.ts'

/** What is remembered of a prorated standing line between runs: facts only, whatever was written (FEATURES 4.1). */
export interface ProrationState {
  /** Desired quantities by the day of the reading, oldest first: the changes, and the newest reading. */
  history: readonly Counted[]
  /** By a period's first day. */
  charged: Readonly<Record<Day, Charge>>
  /** Parts of invoiced periods that came while no dated line was possible: catch-up lines are offered (V5). */
  missed?: readonly string[]
  /** Those of them that nobody wants billed: they are not offered again. */
  declined?: readonly string[]
  /** The next invoice date that the newest reading was compared with, where the timing was known. */
  next?: Day
}

interface Counted {
  day: Day
  quantity: Decimal
}

interface Charge {
  /** The period's last day. */
  to: Day
  /** The whole-period quantity the period was or will be invoiced with. */
  quantity: Decimal
  /** Readings from this day on are compared with it. */
  since: Day
  /** The day of the reading with which it was first seen invoiced. It stays, also when that invoice is removed. */
  invoicedBy?: Day
  /** How many units the standing line did not bill then (its Less Included): no part bills those either. */
  free?: Decimal
}

/** An addition for a part of a period, beside the standing line it belongs to (FEATURES 4.1). */
export interface DatedLine {
  additionId: number
  standingId: number
  agreementId: number
  /** catch-up: what a period that was invoiced without it missed, billed with the next invoice. */
  kind: 'dated' | 'catch-up'
  /** The first day of its period. */
  period: Day
  /** The day of the reading it was made for. */
  day: Day
}

/** A dated line and what ConnectWise holds of it; without an addition it is gone there. */
export interface HeldLine extends Pick<DatedLine, 'kind' | 'period' | 'day'> {
  quantity: Decimal
  cancelledOn: Day | undefined
}

/** What the readings of a standing line are compared with. */
export interface Ground {
  timing: Timing
  /** Whether dated lines are possible; if not, the standing line bills whole periods. */
  dated: boolean
  /** The standing line's quantity as it was last written. */
  standing: Decimal
  /** What ConnectWise holds of it. */
  held: Decimal
  /** Its Less Included. */
  free: Decimal
  lines: readonly HeldLine[]
  /** The quantities the standing line was invoiced with, by a period's first day, as a report tells. */
  invoicedWith: (from: Day) => Decimal | undefined
}

/** A quantity above what its period is invoiced with, from the day it was counted. */
export interface Part {
  key: string
  period: Period
  day: Day
  quantity: Decimal
}

/** The state of a line of which nothing was read or billed yet. */
export const blank: ProrationState = { history: [], charged: {} }

/** A dated line within its standing line, by period and day. */
export const partKey = ({ period, day }: Pick<DatedLine, 'period' | 'day'>): string => `${period}/${day}`

/** How long a period is remembered after its last day. */
export const keptDays = 460

/** The state after one more reading; a reading of the newest day takes that day's place (FEATURES 4.1, Begin). */
export function advance(before: ProrationState, reading: Counted, ground: Ground): ProrationState {
  const state = isOnGrid(before, ground.timing) ? before : blank
  const charged: Record<Day, Charge> = {}
  for (const period of periodsAt(state, reading.day, ground.timing)) {
    const charge = chargeOf(state, period, reading, ground)
    const was = state.charged[period.from]
    const free = was ? was.free : ground.free
    if (charge) charged[period.from] = free === undefined || free === '0' ? charge : { ...charge, free }
  }
  const history = noted({ ...state, charged }, reading)
  const declined = state.declined?.filter((key) => periodOfKey(key) in charged) ?? []
  return {
    history,
    charged,
    ...(state.missed ? { missed: state.missed } : {}),
    ...(declined.length > 0 ? { declined } : {}),
  }
}

const periodOfKey = (key: string): Day => key.split('/')[0] ?? ''

/** After a change of the billing cycle nothing of before can be compared. */
function isOnGrid({ charged }: ProrationState, { grid }: Timing): boolean {
  const newest = Object.keys(charged).at(-1)
  if (newest === undefined) return true
  const period = periodAt(grid, newest)
  return period.from === newest && period.to === charged[newest]?.to
}

/**
 * The readings with one more: the changes, and the newest one. They go back as far as charged periods are compared with
 * them, so that no part of those is ever told anew.
 */
export function noted({ history, charged }: ProrationState, reading: Counted): Counted[] {
  const earlier = history.filter(({ day }) => day < reading.day)
  const [one, two] = earlier.slice(-2)
  const changes = one && two && one.quantity === two.quantity ? earlier.slice(0, -1) : earlier
  const compared = Object.values(charged).map(({ since }) => since)
  const oldest = compared.reduce(earlierOf, addDays(reading.day, -keptDays))
  const first = changes.findLastIndex(({ day }) => day <= oldest)
  return [...changes.slice(Math.max(0, first)), reading]
}

/** Those charged before, the first open one, the one of the day, and later ones that are invoiced already. */
function periodsAt({ charged }: ProrationState, day: Day, timing: Timing): Period[] {
  const { grid, next } = timing
  const oldest = addDays(day, -keptDays)
  const periods = new Map<Day, Period>()
  const put = (period: Period) => periods.set(period.from, period)
  for (const [from, { to }] of Object.entries(charged)) if (to >= oldest || from === next) put({ from, to })
  if (next <= day) put(periodAt(grid, next))
  for (let period = periodAt(grid, day); put(period) && nextPeriod(grid, period).to < next; )
    period = nextPeriod(grid, period)
  return [...periods.values()].sort((a, b) => (a.from < b.from ? -1 : 1))
}

function chargeOf(state: ProrationState, period: Period, reading: Counted, ground: Ground): Charge | undefined {
  const was = state.charged[period.from]
  const { day } = reading
  const { to } = period
  if (was?.invoicedBy !== undefined) return was
  if (isInvoiced(ground.timing, period)) return { ...invoicedWith(state, period, day, ground), to, invoicedBy: day }
  if (!ground.dated) return undefined
  if (day === period.from) return { to, quantity: reading.quantity, since: day }
  return was ?? base(state, period, day, ground.standing)
}

/** What an open period that has begun will be invoiced with: what was counted on its first day, or what was first written. */
function base({ history }: ProrationState, { from, to }: Period, day: Day, standing: Decimal): Charge {
  const counted = inForce(history, from)
  return counted ? { to, quantity: counted.quantity, since: from } : { to, quantity: standing, since: day }
}

/**
 * A line that was not closed in time was invoiced once more. After a first write, what was written is invoiced, the open
 * lines beside it included. Where a person made the line more than that, nobody knows since when: that counts from this reading on, and no unit is billed
 * twice.
 */
function invoicedWith(state: ProrationState, period: Period, day: Day, ground: Ground): Omit<Charge, 'to'> {
  const since = state.charged[period.from]?.since ?? day
  const { standing, held } = ground
  const open = ground.lines.filter(({ cancelledOn }) => cancelledOn === undefined)
  if (state.history.length === 0) {
    const written = add(max(standing, held), sum(open))
    return { quantity: max('0', subtract(written, given(period, day, ground.lines))), since }
  }
  const told = ground.invoicedWith(period.from)
  const isRaised = told === undefined && compare(held, standing) > 0
  const earlier = open.filter((line) => line.period < period.from)
  return { quantity: add(told ?? (isRaised ? held : standing), sum(earlier)), since: isRaised ? day : since }
}

const inForce = (history: readonly Counted[], on: Day): Counted | undefined => history.findLast(({ day }) => day <= on)

/** What dated lines of a period bill that come from before a day. */
const given = ({ from }: Period, before: Day, lines: readonly HeldLine[]): Decimal =>
  sum(lines.filter((line) => line.kind === 'dated' && line.period === from && line.day < before))

export const sum = (lines: readonly { quantity: Decimal }[]): Decimal =>
  lines.map(({ quantity }) => quantity).reduce(add, '0')

/**
 * The parts each period should be billed for beside its whole-period quantity (FEATURES 4.1, Raise). A function of the
 * facts: a held rise keeps its day, a fall takes nothing back, a unit that comes back is not billed twice.
 */
export function partsOf({ history, charged }: ProrationState, lines: readonly HeldLine[]): Part[] {
  return Object.entries(charged).flatMap(([from, { to, quantity, since, free = '0' }]) => {
    const period = { from, to }
    if (since > to) return []
    const first = inForce(history, since)
    const readings = [
      ...(first ? [{ ...first, day: since }] : []),
      ...history.filter(({ day }) => day > since && day <= to),
    ]
    const parts: Part[] = []
    let billed = add(max(quantity, free), given(period, since, lines))
    for (const { day, quantity: counted } of readings) {
      if (compare(counted, billed) <= 0) continue
      parts.push({ key: partKey({ period: from, day }), period, day, quantity: subtract(counted, billed) })
      billed = counted
    }
    return parts
  })
}
