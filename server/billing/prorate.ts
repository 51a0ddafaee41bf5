import type { Book } from './book.ts'
import { catchUp, closings, datedRows, type Lines } from './dated-lines.ts'
import { compare, type Decimal, max, subtract } from './decimal.ts'
import { desiredOf } from './desired.ts'
import type { Addition } from './existing.ts'
import { periodAt, periodName } from './grid.ts'
import { isFirstWrite, type Mapping } from './mapping.ts'
import { heldLine, type OwnLine } from './own-lines.ts'
import { addDays, type Day, laterOf } from './period.ts'
import type { PlanInput, PlanRow } from './plan.ts'
import {
  advance,
  blank,
  type Ground,
  keptDays,
  noted,
  type Part,
  type ProrationState,
  partKey,
  partsOf,
  sum,
} from './proration.ts'
import type { Target } from './target.ts'
import { isInvoiced, type Terms, type Timing, termsOf } from './timing.ts'
import type { Wanted } from './wanted.ts'

/** What proration makes of a standing line's reading (FEATURES 4.1). */
export interface Prorated {
  /** What the standing line should hold, and why that is not what was counted or no dated line is made. */
  quantity: Decimal
  because?: string
  /** Closings, dated lines and catch-up lines. */
  rows: PlanRow[]
  state?: ProrationState
}

/** One standing line with a reading that can be used. */
interface Case {
  target: Target
  standing: Addition
  input: PlanInput
  own: readonly OwnLine[]
  counted: Wanted
  day: Day
  before: ProrationState
  named: ReadonlySet<number>
}

/** Undefined where proration has no say: it is off and has left no lines, or nothing is known of the reading. */
export function prorate(
  target: Target,
  input: PlanInput,
  named: ReadonlySet<number>,
  lines: ReadonlyMap<number, readonly OwnLine[]>,
): Prorated | undefined {
  const standing = target.addition
  if (!standing) return undefined
  const isOn = target.mappings.some(({ rule }) => rule.prorate && rule.write.includes('quantity'))
  const own = lines.get(standing.id) ?? []
  const before = input.prorations?.get(standing.id) ?? blank
  const newest = before.history.at(-1)
  if (!isOn && own.length === 0 && !newest) return undefined
  const counted = desiredOf(target.mappings, input.books)
  if (!('quantity' in counted)) return undefined
  const last = newest?.quantity ?? input.lastValues.get(standing.id)?.quantity
  const isLower = counted.state === 'partial' && last !== undefined && compare(last, counted.quantity) > 0
  const quantity = isLower ? last : counted.quantity
  const day = laterOf(readingDay(target.mappings, input.books), newest?.day ?? '')
  const known = { target, standing, input, own, counted: { ...counted, quantity }, day, before, named }
  const terms = termsOf(target.state, day)
  if (!isOn || target.mappings.some(isFirstWrite))
    return { ...wholePeriods(known, terms), ...(newest ? { state: blank } : {}) }
  if (terms.timing) return inTime(known, terms, terms.timing)
  const { refusal } = terms
  return {
    ...wholePeriods(known, terms),
    ...(newest ? { state: waiting(known) } : {}),
    because: `no dated line: ${refusal}`,
  }
}

/** The newest day on which one of the readings was taken. */
export function readingDay(mappings: readonly Mapping[], books: ReadonlyMap<string, Book>): Day {
  const days = mappings.map(({ source, account }) => books.get(source)?.statements.get(account)?.snapshot.takenOn ?? '')
  return days.reduce(laterOf, '')
}

/** Nobody knows what is invoiced: readings are kept, and what open periods will bill is found anew afterwards. */
function waiting({ before, day, counted }: Case): ProrationState {
  const oldest = addDays(day, -keptDays)
  const invoiced = Object.entries(before.charged).filter(
    ([, { to, invoicedBy }]) => invoicedBy !== undefined && to >= oldest,
  )
  const { next: _, ...facts } = before
  const state = { ...facts, charged: Object.fromEntries(invoiced) }
  return { ...state, history: noted(state, { day, quantity: counted.quantity }) }
}

/** The whole-period rule: the standing line holds what was counted at once, less what a dated line bills beside it. */
function wholePeriods(known: Case, { timing }: Terms): Pick<Prorated, 'quantity' | 'rows'> {
  const rows = timing ? closings(linesOf(known, timing, blank)) : []
  const closed = new Set(rows.map(({ additionId }) => additionId))
  const open = known.own.filter(
    ({ kind, addition }) =>
      kind === 'dated' && addition && addition.cancelledOn === undefined && !closed.has(addition.id),
  )
  return { quantity: max('0', subtract(known.counted.quantity, sum(open.map(heldLine)))), rows }
}

function inTime(known: Case, { refusal }: Terms, timing: Timing): Prorated {
  const { own, counted, day, before } = known
  const ground = groundOf(known, timing, refusal === undefined)
  const readings = [...waitingReadings(known), { day, quantity: counted.quantity }]
  const state = readings.reduce((so, reading) => advance(so, reading, ground), before)
  const made = new Set(own.map(partKey))
  const parts = partsOf(state, ground.lines)
  const unmade = parts.filter(({ key }) => !made.has(key))
  const isMissed = ({ key, period }: Part) =>
    state.missed?.includes(key) || (refusal !== undefined && isInvoiced(timing, period))
  const missed = unmade.filter(isMissed)
  const lines = linesOf(known, timing, state)
  const offered = missed.filter(({ key }) => !state.declined?.includes(key))
  const late = offered.flatMap((part) => catchUp(lines, part))
  const { missed: _, ...rest } = state
  const facts = { ...rest, next: timing.next }
  const next = { state: missed.length ? { ...facts, missed: missed.map(({ key }) => key) } : facts }
  if (refusal !== undefined) {
    const whole = wholePeriods(known, { timing })
    return { ...whole, ...next, rows: [...whole.rows, ...late], because: `no dated line: ${refusal}` }
  }
  const dated = datedRows(
    lines,
    parts.filter((part) => !missed.includes(part)),
  )
  return { ...standingOf(known, timing, state), ...next, rows: [...closings(lines), ...dated, ...late] }
}

/** FEATURES 4.1, Standing line: an open period that has begun is billed with what it began with. */
function standingOf(
  { counted, day }: Case,
  { grid, next }: Timing,
  { charged }: ProrationState,
): Pick<Prorated, 'quantity' | 'because'> {
  const began = next <= day ? charged[next]?.quantity : undefined
  if (began === undefined || began === counted.quantity) return { quantity: counted.quantity }
  return { quantity: began, because: `${periodName(periodAt(grid, next))} is not invoiced yet and began with ${began}` }
}

/** The readings of earlier days that no run has taken yet; before the first write there are none (FEATURES 4.1). */
function waitingReadings({ target, input, before, day }: Case): { day: Day; quantity: Decimal }[] {
  const newest = before.history.at(-1)?.day
  if (newest === undefined) return []
  return (input.earlier ?? [])
    .filter((reading) => reading.day > newest && reading.day < day)
    .flatMap((reading) => {
      const desired = desiredOf(target.mappings, reading.books)
      return desired.state === 'known' ? [{ day: reading.day, quantity: desired.quantity }] : []
    })
}

function groundOf({ target, standing, input, own, counted }: Case, timing: Timing, dated: boolean): Ground {
  const quantities = target.state.invoicing?.quantities
  return {
    timing,
    dated,
    standing: input.lastValues.get(standing.id)?.quantity ?? counted.quantity,
    held: standing.quantity,
    free: standing.lessIncluded,
    lines: own.map(heldLine),
    invoicedWith: (from) => quantities?.[from]?.[standing.id],
  }
}

const linesOf = ({ target, standing, input, own, named }: Case, timing: Timing, state: ProrationState): Lines => ({
  target,
  standing,
  input,
  own,
  timing,
  state,
  named,
})
