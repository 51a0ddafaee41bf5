import type { Choice } from '#billing/choice.ts'
import { compare, type Decimal } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import type { Day } from '#billing/period.ts'
import type { LastValue } from '#billing/plan.ts'
import type { InvoiceLine, LoadedLine } from './line.ts'
import type { LineAddition } from './posting.ts'
import { descriptionOf } from './words.ts'

/** What a person can do about a difference: with a button where TrueUp can do it, else by hand in ConnectWise (Q2, Q14). */
export type Fix = 'sync' | 'map' | 'choose' | 'source' | 'move' | 'by-hand'

export type ComparedField = 'agreement' | 'product' | 'start' | 'end' | 'quantity' | 'cost' | 'price' | 'description'

/** One field that is not the same on both sides, why, and what to do about it. */
export interface Difference {
  field: ComparedField
  /** As the line has it; absent: nothing. */
  line?: string
  /** As ConnectWise holds it. */
  addition?: string
  cause: string
  fix: Fix
}

/** A line and the addition it was posted as, as far as it is known. */
export interface Compared {
  line: LoadedLine
  /** What its source says of it now, where that is something else than was posted; settled changes are left out. */
  changed?: InvoiceLine
  addition?: Addition
  /** The invoice description ConnectWise holds, where it was read. */
  description?: string
  memory?: LineAddition & { isClosed: boolean }
  last?: LastValue
  choice?: Choice
  /** The addition of another agreement that bills its charge: what is posted stays there until it is moved (M19). */
  elsewhere?: Pick<LineAddition, 'additionId' | 'agreementId'>
  /** Why the line waits or failed. */
  reason?: string
}

/** Why there is nothing to compare with, and what to do; undefined where there is an addition (Q2). */
export function whyAbsent({ line, addition, elsewhere, reason }: Compared): { cause: string; fix: Fix } | undefined {
  if (addition) return undefined
  const { status, place, additionId } = line
  const because = reason === undefined ? '' : `: ${reason}`
  if (status === 'synced')
    return { cause: `addition ${additionId ?? ''} is not in ConnectWise any more: somebody deleted it`, fix: 'by-hand' }
  if (line.leftOut) return { cause: 'not posted: a person left it out', fix: 'map' }
  if (place.mapping !== 'mapped')
    return { cause: `not posted: ${place.mapping}${place.lacks === undefined ? '' : `: ${place.lacks}`}`, fix: 'map' }
  if (elsewhere) {
    const { additionId: billing, agreementId } = elsewhere
    return { cause: `not posted: addition ${billing} on agreement ${agreementId} bills this already`, fix: 'move' }
  }
  if (status === 'held') return { cause: `waits for a person${because}`, fix: 'sync' }
  return { cause: `not posted${status === 'error' ? ', the last try failed' : ' yet'}${because}`, fix: 'sync' }
}

/** Every field that differs between a line and its addition, once, with its cause (Q1, Q2). */
export function differencesOf(compared: Compared): Difference[] {
  const { addition } = compared
  if (!addition) return []
  return sidesOf(compared, addition).flatMap(({ field, line, held }) => {
    if (isSame(field, line, held)) return []
    const sides = { ...(line === undefined ? {} : { line }), ...(held === undefined ? {} : { addition: held }) }
    return [{ field, ...sides, ...explain(field, compared, addition, line) }]
  })
}

interface Side {
  field: ComparedField
  line: string | undefined
  held: string | undefined
}

const numbers = ['quantity', 'cost', 'price'] as const
type NumberField = (typeof numbers)[number]

/** Both sides of every field that TrueUp compares; what the source does not state, it does not write. */
function sidesOf(compared: Compared, addition: Addition): Side[] {
  const { line, changed, description } = compared
  const { agreementId, productId } = line.place
  const says = changed ?? line.said
  const sides: Side[] = [
    { field: 'agreement', line: textOf(agreementId), held: String(addition.agreementId) },
    { field: 'product', line: textOf(productId), held: String(addition.productId) },
    { field: 'start', line: startOf(compared, addition), held: addition.effectiveOn },
    { field: 'end', line: endOf(compared) ?? undefined, held: addition.cancelledOn },
    { field: 'quantity', line: says.quantity, held: addition.quantity },
    { field: 'cost', line: says.unitCost, held: addition.unitCost },
    { field: 'price', line: says.unitPrice, held: addition.unitPrice },
  ]
  const stated = sides.filter(({ field, line: value }) => field === 'end' || value !== undefined)
  if (description === undefined) return stated
  return [...stated, { field: 'description', line: descriptionOf(line), held: description }]
}

const textOf = (id: number | undefined): string | undefined => (id === undefined ? undefined : String(id))

/** A subscription's addition keeps its first day, unless somebody typed another for the line (4.2). */
const startOf = ({ line }: Compared, addition: Addition): Day | undefined =>
  line.kind === 'recurring' && line.dates.effectiveBadge !== 'user' ? addition.effectiveOn : line.dates.effectiveOn

/** The end that TrueUp wants: the line's, unless one was typed before or its subscription was cancelled (4.4). */
function endOf({ line, memory }: Compared): Day | null {
  const isKept = memory?.isClosed || (memory?.isEndTyped && line.dates.cancelledBadge !== 'user')
  return memory && isKept ? memory.cancelledOn : line.dates.cancelledOn
}

function isSame(field: ComparedField, a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true
  return a !== undefined && b !== undefined && isNumber(field) && compare(a, b) === 0
}

const isNumber = (field: ComparedField): field is NumberField => (numbers as readonly string[]).includes(field)

type Explained = Pick<Difference, 'cause' | 'fix'>

function explain(field: ComparedField, compared: Compared, addition: Addition, wanted: string | undefined): Explained {
  const { line } = compared
  if (field === 'agreement') {
    const cause = `the line goes to agreement ${line.place.agreementId} now, and what is posted stays where it is (M19)`
    return { cause, fix: 'move' }
  }
  if (line.status !== 'synced') return unposted(field, compared)
  if (field === 'product')
    return {
      cause: 'the offer is mapped to another product now, or somebody changed it in ConnectWise',
      fix: 'by-hand',
    }
  if (isNumber(field)) return explainNumber(field, compared, addition, wanted)
  if (field === 'description') return explainDescription(compared)
  return explainDay(field, compared, addition)
}

/** The addition is there for an earlier month, or a mapping names it: the line is still to be written to it. */
function unposted(field: ComparedField, { line, reason }: Compared): Explained {
  const { effectiveBadge, cancelledBadge } = line.dates
  const badge = field === 'start' ? effectiveBadge : field === 'end' ? cancelledBadge : 'none'
  const why = { none: '', system: ', and a rule of Configuration sets this day', user: ', and somebody typed this day' }
  const told = reason === undefined ? '' : `: ${reason}`
  if (field === 'description') return { cause: `${written}`, fix: 'by-hand' }
  return { cause: `not posted yet${why[badge]}${told}`, fix: line.place.mapping === 'mapped' ? 'sync' : 'map' }
}

const written = 'the invoice description is written once, when the addition is made'

function explainNumber(
  field: NumberField,
  { line, changed, last, choice }: Compared,
  addition: Addition,
  wanted: Decimal | undefined,
): Explained {
  const held = { quantity: addition.quantity, cost: addition.unitCost, price: addition.unitPrice }[field]
  const known = last?.[field]
  if (choice) return { cause: `somebody chose to keep what ConnectWise holds${whoOf(addition)}`, fix: 'choose' }
  if (known !== undefined && (held === undefined || compare(known, held) !== 0))
    return { cause: `changed in ConnectWise${whoOf(addition)}: TrueUp last wrote ${known}`, fix: 'choose' }
  const posted = { quantity: line.said.quantity, cost: line.said.unitCost, price: line.said.unitPrice }[field]
  if (changed && posted !== wanted)
    return { cause: `changed at the source since it was posted with ${posted ?? 'none'}`, fix: 'source' }
  const since = known === undefined ? 'changed in ConnectWise' : `TrueUp wrote ${known} since`
  return { cause: `${since}${whoOf(addition)}`, fix: 'by-hand' }
}

function explainDescription({ line, description }: Compared): Explained {
  if (description === '') return { cause: 'the addition has none of its own: the product’s is printed', fix: 'by-hand' }
  const why = line.nameBadge === 'system' ? 'a custom name of the charge type was chosen since' : 'somebody changed it'
  return { cause: `${why}; ${written}`, fix: 'by-hand' }
}

function explainDay(field: 'start' | 'end', { line, memory }: Compared, addition: Addition): Explained {
  const badge = field === 'start' ? line.dates.effectiveBadge : line.dates.cancelledBadge
  const own = { none: '', system: '; the line’s own day comes from a rule', user: '; the line’s own day was typed' }[
    badge
  ]
  const ends = addition.cancelledOn !== undefined && addition.cancelledOn !== memory?.cancelledOn
  const what = field === 'end' && ends ? `ended on ${addition.cancelledOn} in ConnectWise` : 'changed in ConnectWise'
  return { cause: `${what}${whoOf(addition)}${own}`, fix: 'by-hand' }
}

const whoOf = ({ updatedBy, updatedAt }: Addition): string =>
  updatedBy === undefined ? '' : `, last changed by ${updatedBy} at ${updatedAt ?? 'an unknown time'}`
