import type { Statement } from './book.ts'
import { whyNot } from './counted.ts'
import type { Decimal } from './decimal.ts'
import { readName } from './mapping.ts'
import type { Person, Read, Reading } from './reading.ts'

/** One person behind a number; `why` they are not counted, where they are not. */
export interface Counted {
  person: Person
  why?: string
}

/** What stands behind one read of one account (FEATURES V3). */
export interface Behind {
  /** `users`, `M365-BP`. */
  what: string
  people: Counted[]
  /** For a SKU: its parts, which add up. */
  parts: { what: string; quantity: Decimal }[]
  /** What the source says of the read without naming people, or that its number and its names differ. */
  note?: string
}

/** What stands behind each read; people that fit one of the patterns in `exclude` are there with that as the reason (V12). */
export const peopleBehind = (statement: Statement, reads: readonly Read[], exclude: readonly string[] = []): Behind[] =>
  reads.map((read) => {
    if ('offer' in read) return { what: readName(read), people: [], parts: [], note: 'Invoice lines name nobody.' }
    return 'metric' in read ? ofMetric(statement, read, exclude) : ofSku(statement, read)
  })

function ofMetric(
  { readings }: Statement,
  read: Extract<Read, { metric: string }>,
  exclude: readonly string[],
): Behind {
  const what = readName(read)
  const reading = readings.find(({ kind, name }) => kind === 'metric' && name === read.metric)
  if (!reading) return { what, people: [], parts: [], note: `The source says nothing of ${what}.` }
  const { people, quantity } = reading
  if (!people) return { what, people: [], parts: [], note: `The source counts ${quantity} ${what} and names nobody.` }
  const counted = people.map((person) => ({ person, ...reasonOf(whyNot(person, read.services, exclude)) }))
  const differs = !read.services && String(people.length) !== quantity
  const note = `The source counts ${quantity} ${what} and names ${people.length}.`
  return { what, people: counted, parts: [], ...(differs ? { note } : {}) }
}

const reasonOf = (why: string | undefined): { why?: string } => (why === undefined ? {} : { why })

function ofSku({ readings }: Statement, read: Extract<Read, { sku: string }>): Behind {
  const isMeant = ({ kind, name, term, subscription }: Reading) =>
    kind === 'sku' &&
    name === read.sku &&
    (read.term === undefined || read.term === term) &&
    (read.subscription === undefined || read.subscription === subscription)
  const parts = readings.filter(isMeant).map(({ name, term, subscription, quantity }) => ({
    what: [name, term, subscription].filter((part) => part !== undefined).join(', '),
    quantity,
  }))
  return { what: read.sku, people: [], parts, ...(parts.length === 0 ? { note: 'The source lists none.' } : {}) }
}

/** Who came and who went between two statements, by the ids of those counted. */
export function cameAndWent(before: readonly Behind[], now: readonly Behind[]): { came: Person[]; went: Person[] } {
  const [old, present] = [countedIn(before), countedIn(now)]
  const notIn = (others: readonly Person[]) => {
    const ids = new Set(others.map(({ id }) => id))
    return ({ id }: Person) => !ids.has(id)
  }
  return { came: present.filter(notIn(old)), went: old.filter(notIn(present)) }
}

const countedIn = (behind: readonly Behind[]): Person[] => {
  const counted = behind.flatMap(({ people }) => people.filter(({ why }) => why === undefined))
  return [...new Map(counted.map(({ person }) => [person.id, person])).values()]
}
