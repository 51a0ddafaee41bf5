import { compare, type Decimal } from './decimal.ts'
import type { Addition } from './existing.ts'
import { type Period, periodAt, periodName } from './grid.ts'
import type { OwnLine } from './own-lines.ts'
import { amountOf, billedDays, partWords } from './part.ts'
import { earlierOf, laterOf } from './period.ts'
import type { Fields, Hold, PlanInput, PlanRow } from './plan.ts'
import { type DatedLine, type Part, type ProrationState, partKey } from './proration.ts'
import { rowOf } from './row.ts'
import { severalCandidates, type Target, unmappedTwins } from './target.ts'
import { isInvoiced, type Timing } from './timing.ts'
import { lineBlocks } from './wanted.ts'

/** What the lines of one standing line are decided on. */
export interface Lines {
  target: Target
  standing: Addition
  input: PlanInput
  own: readonly OwnLine[]
  timing: Timing
  state: ProrationState
  /** Additions that mappings name. */
  named: ReadonlySet<number>
}

/** Ends lines with their period once it is invoiced (FEATURES 4.1, Close; R3). */
export function closings({ target, input, own, timing }: Lines): PlanRow[] {
  return own.flatMap(({ addition, kind, period: from }) => {
    if (kind !== 'dated' || !addition || addition.cancelledOn !== undefined) return []
    const period = periodAt(timing.grid, from)
    if (!isInvoiced(timing, period)) return []
    const { endOn } = target.state.agreement
    return rowOf({ ...target, addition }, input, {
      key: `addition:${addition.id}`,
      change: 'cancel',
      after: { cancelledOn: endOn === undefined ? period.to : earlierOf(period.to, endOn) },
      reason: `${periodName(period)} is invoiced: its dated line ends with it`,
    })
  })
}

/** A line for each part that has none yet, and same-day corrections of those that are there (FEATURES 4.1, Raise). */
export function datedRows(lines: Lines, parts: readonly Part[]): PlanRow[] {
  const made = new Map(lines.own.map((line) => [partKey(line), line]))
  const wanted = new Map(parts.map((part) => [part.key, part]))
  return [
    ...parts.filter(({ key }) => !made.has(key)).flatMap((part) => newLine(lines, part)),
    ...lines.own.flatMap((line) => revision(lines, line, wanted.get(partKey(line)))),
  ]
}

function newLine(lines: Lines, part: Part): PlanRow[] {
  const { target, standing, input, timing } = lines
  const { agreement } = target.state
  const days = billedDays(part, agreement)
  if (!days) return []
  const isOpen = !isInvoiced(timing, part.period)
  const { unitCost: cost, unitPrice: price } = standing
  const after: Fields = {
    quantity: part.quantity,
    ...(cost === undefined ? {} : { cost }),
    ...(price === undefined ? {} : { price }),
    ...(isOpen && days.to === part.period.to ? {} : { cancelledOn: days.to }),
  }
  const amount = amountOf(part, price, agreement)
  const { addition: _, ...line } = target
  return [
    rowOf(line, input, {
      key: `dated:${standing.id}/${part.key}`,
      draft: draftOf(lines, part, 'dated'),
      change: 'create',
      effectiveOn: days.from,
      after,
      holds: [...lineBlocks(target, part.quantity, input), ...twinHolds(lines), ...waits(lines)],
      reason: `${partWords(part, agreement)}${amountWords(amount, lines)}; ${landing(laterOf(timing.next, part.period.from), timing)}`,
      ...(amount === undefined ? {} : { amount }),
    }),
  ]
}

const twinHolds = ({ target, input, standing, named }: Lines): Hold[] => {
  const twins = unmappedTwins(target, named, input.today)
  return twins.length ? [severalCandidates([standing, ...twins])] : []
}

/** U19, U20: what ConnectWise is not known to bill as we think waits for a person. */
function waits({ target, input }: Lines): Hold[] {
  const { id, billingOption, billingCycle, invoiceProratedAdditions } = target.state.agreement
  const isFirst = !input.datedLines?.some(({ agreementId, kind }) => agreementId === id && kind === 'dated')
  return [
    ...(isFirst && billingOption !== 'Monthly'
      ? [{ guard: 'G14', text: `the first dated line of an agreement billed ${billingCycle || billingOption}` }]
      : []),
    ...(invoiceProratedAdditions
      ? [{ guard: 'G14', text: 'the agreement invoices prorated additions at once, not with its next invoice' }]
      : []),
  ]
}

/**
 * Another quantity is wanted than ConnectWise holds: the day was counted again, or the write was not done in time. What a
 * person changed after its day stays, and so does what the readings at hand do not go back to.
 */
function revision({ target, input, timing, state }: Lines, line: OwnLine, part: Part | undefined): PlanRow[] {
  const { addition, kind, day } = line
  const quantity = part?.quantity ?? '0'
  const charge = state.charged[line.period]
  if (!addition || kind !== 'dated' || !charge || day < charge.since || addition.quantity === quantity) return []
  const last = input.lastValues.get(addition.id)?.quantity
  const isToday = day === state.history.at(-1)?.day
  const isOurs = last === undefined || last === addition.quantity
  if (!isToday && !isOurs) return []
  const before: Fields = { quantity: addition.quantity }
  const after: Fields = { quantity, ...endOf(addition, periodAt(timing.grid, line.period), quantity) }
  const text = `TrueUp last wrote quantity ${last}, ConnectWise holds ${addition.quantity}, the source says ${quantity}`
  return [
    rowOf({ ...target, addition }, input, {
      key: `addition:${addition.id}`,
      change: 'update',
      before: {
        ...before,
        ...(after.cancelledOn && addition.cancelledOn ? { cancelledOn: addition.cancelledOn } : {}),
      },
      after,
      holds: isOurs ? [] : [{ guard: 'G9', text }],
      reason: `counted again on ${day}: ${addition.quantity} → ${quantity}`,
    }),
  ]
}

/** A line of nothing ends on the day it begins; one that is something again ends with its period. */
function endOf({ effectiveOn, cancelledOn }: Addition, period: Period, quantity: Decimal): Fields {
  if (compare(quantity, '0') === 0) return effectiveOn === undefined ? {} : { cancelledOn: effectiveOn }
  return cancelledOn !== undefined && cancelledOn < period.to && cancelledOn === effectiveOn
    ? { cancelledOn: period.to }
    : {}
}

/** What a period that was invoiced without it missed: offered as a line on the next invoice, always held (V5, G11). */
export function catchUp(lines: Lines, part: Part): PlanRow[] {
  const { target, standing, input, timing } = lines
  const { agreement } = target.state
  const price = amountOf(part, standing.unitPrice, agreement)
  const cost = amountOf(part, standing.unitCost, agreement)
  const isOver = agreement.endOn !== undefined && agreement.endOn < timing.next
  if (price === undefined || compare(price, '0') === 0 || isOver) return []
  const { addition: _, ...line } = target
  const words = partWords(part, agreement)
  return [
    rowOf(line, input, {
      key: `dated:${standing.id}/${part.key}`,
      draft: { ...draftOf(lines, part, 'catch-up'), description: `${standing.description}: ${words}`.slice(0, 250) },
      change: 'create',
      effectiveOn: timing.next,
      after: {
        quantity: '1',
        ...(cost === undefined ? {} : { cost }),
        price,
        cancelledOn: earlierOf(periodAt(timing.grid, timing.next).to, agreement.endOn ?? '9999-12-31'),
      },
      holds: [{ guard: 'G11', text: `too late for the invoice of ${periodName(part.period)}` }],
      reason: `missed: ${words}${amountWords(price, lines)}; ${landing(timing.next, timing)}; offered until a plan with it is approved or dismissed`,
      amount: price,
    }),
  ]
}

const draftOf = ({ standing }: Lines, { period, day }: Part, kind: DatedLine['kind']) => ({
  record: 'addition' as const,
  standingId: standing.id,
  kind,
  period: period.from,
  day,
})

function amountWords(amount: Decimal | undefined, { target, input }: Lines): string {
  const currency = target.state.agreement.currency ?? input.currency ?? ''
  return amount === undefined ? '' : `, amount about ${amount} ${currency}`.trimEnd()
}

const landing = (invoiceOn: string, { grid }: Timing): string =>
  `lands on ${periodName(periodAt(grid, invoiceOn))}, next invoice ${invoiceOn}`
