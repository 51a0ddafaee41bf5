import { whyNot } from './counted.ts'
import { add, compare, type Decimal, max } from './decimal.ts'
import type { Money, Person, Read, Reading, ReadState, Snapshot } from './reading.ts'

/** What one snapshot said of one account. */
export interface Statement {
  account: string
  name: string
  readings: readonly Reading[]
  snapshot: Snapshot
}

/** What one source has to say for the period that is billed now. */
export interface Book {
  source: string
  sourceName: string
  /** Why nothing of it can be used, and which state that makes of every reading (FEATURES 4.10). */
  unusable?: { state: 'unknown' | 'stale'; reason: string }
  newest?: Snapshot
  /** The newest word on each account. */
  statements: ReadonlyMap<string, Statement>
  /** For accounts whose newest word is partial: what the newest complete snapshot said. */
  complete: ReadonlyMap<string, Statement>
  /** G7, in words: this complete snapshot lists suspiciously less than the complete one before it. */
  shrunk?: string
}

/**
 * What is known of one read of one account (FEATURES 4.10). People that fit `exclude` are not counted (V12): they must be
 * listed and add up to the number, else nothing is known.
 */
export function readState(book: Book, account: string, read: Read, exclude: readonly string[] = []): ReadState {
  if (book.unusable) return book.unusable
  const statement = book.statements.get(account)
  if (!statement) {
    const day = book.newest?.takenOn ?? 'an earlier day'
    return { state: 'unknown', reason: `account ${account} is not in the snapshot of ${day}` }
  }
  const said = stated(statement, read, exclude)
  if (statement.snapshot.complete || said.state !== 'known') return said
  const complete = book.complete.get(account)
  return atLeastComplete(said, complete && stated(complete, read, exclude))
}

/** A partial reading counts as the larger of itself and what the newest complete snapshot said (FEATURES 4.10). */
function atLeastComplete(said: Known, whole: ReadState | undefined): ReadState {
  if (whole?.state !== 'known') return { ...said, state: 'partial' }
  const quantity = max(said.quantity, whole.quantity)
  const lower = compare(said.quantity, whole.quantity) < 0
  const reason = `a partial snapshot says ${said.quantity}, the complete one ${whole.quantity}; a partial one never lowers`
  return { ...said, state: 'partial', quantity, ...(lower ? { reason } : {}) }
}

type Known = Extract<ReadState, { quantity: Decimal }>

function stated(statement: Statement, read: Read, exclude: readonly string[]): ReadState {
  if ('metric' in read) return metricState(statement, read, exclude)
  if ('offer' in read) return { state: 'unknown', reason: 'invoice lines are not counted: each is posted by itself' }
  const reason = `usage of ${read.sku} names no people, so nobody can be left out`
  return exclude.length > 0 ? { state: 'unknown', reason } : skuState(statement, read)
}

function metricState(
  statement: Statement,
  read: Extract<Read, { metric: string }>,
  exclude: readonly string[],
): ReadState {
  const reading = statement.readings.find((r) => r.kind === 'metric' && r.name === read.metric)
  if (!reading) return { state: 'unknown', reason: `metric ${read.metric} is missing for account ${statement.account}` }
  const { quantity, people } = reading
  const known = { state: 'known' as const, quantity, money: reading }
  if (!read.services && exclude.length === 0) return people ? { ...known, people } : known
  const reason = people ? unequal(reading, people, exclude) : unnamed(read)
  if (!people || reason !== undefined) return { state: 'unknown', reason: reason ?? '' }
  // A person with several of the services is counted once (V12).
  const counted = people.filter((person) => whyNot(person, read.services, exclude) === undefined)
  return { ...known, quantity: String(counted.length), people: counted }
}

const unnamed = ({ metric, services }: Extract<Read, { metric: string }>): string =>
  `the source lists no people for ${metric}, so ${services ? 'they cannot be counted by service' : 'nobody can be left out'}`

function unequal({ name, quantity }: Reading, people: readonly Person[], exclude: readonly string[]) {
  if (exclude.length === 0 || String(people.length) === quantity) return undefined
  return `the source counts ${quantity} ${name} and names ${people.length}: nobody can be left out until they add up`
}

function skuState(statement: Statement, read: Extract<Read, { sku: string }>): ReadState {
  if (statement.snapshot.kind !== 'usage')
    return { state: 'unknown', reason: `the snapshot holds ${statement.snapshot.kind}, not usage of ${read.sku}` }
  const readings = statement.readings.filter((r) => r.kind === 'sku' && r.name === read.sku && matches(r, read))
  const [first] = readings
  if (!first) {
    if (!statement.snapshot.complete)
      return { state: 'unknown', reason: `${read.sku} is not in the partial snapshot of ${statement.snapshot.takenOn}` }
    return { state: 'known', quantity: '0', reason: 'absent from a complete snapshot', money: {} }
  }
  const quantity = readings.map((r) => r.quantity).reduce(add)
  return { state: 'known', quantity, money: commonMoney(readings) }
}

function matches(reading: Reading, read: { term?: string; subscription?: string }): boolean {
  const sameTerm = read.term === undefined || reading.term === read.term
  return sameTerm && (read.subscription === undefined || reading.subscription === read.subscription)
}

/** The money all parts of a sum agree on; what they state differently becomes `mixed`. */
export function commonMoney(parts: readonly Money[]): Money {
  const [first] = parts
  if (first && parts.length === 1) return first
  const agreed = (pick: (money: Money) => string | undefined) => {
    const values = new Set(parts.map(pick))
    return values.size === 1 ? [...values][0] : undefined
  }
  const stated = (pick: (money: Money) => string | undefined) => parts.some((part) => pick(part) !== undefined)
  const unitCost = agreed((m) => m.unitCost)
  const unitPrice = agreed((m) => m.unitPrice)
  const currency = agreed((m) => m.currency)
  const mixed =
    (unitCost === undefined && stated((m) => m.unitCost)) ||
    (unitPrice === undefined && stated((m) => m.unitPrice)) ||
    parts.some((part) => part.mixed)
  return {
    ...(unitCost === undefined ? {} : { unitCost }),
    ...(unitPrice === undefined ? {} : { unitPrice }),
    ...(currency === undefined ? {} : { currency }),
    ...(mixed ? { mixed } : {}),
  }
}
