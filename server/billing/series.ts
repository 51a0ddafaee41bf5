import { type Book, readState, type Statement } from './book.ts'
import { add } from './decimal.ts'
import type { Day } from './period.ts'
import type { Read } from './reading.ts'

interface Point {
  day: Day
  value: number
}

/** What these reads came to in each statement of one account, oldest first; a day's last word counts, unknown ones do not. */
export function seriesOf(
  reads: readonly Read[],
  statements: readonly Statement[],
  exclude: readonly string[] = [],
): Point[] {
  const days = new Map<Day, number>()
  for (const statement of statements) {
    const quantities = reads.flatMap((read) => quantityIn(statement, read, exclude) ?? [])
    if (quantities.length === reads.length) days.set(statement.snapshot.takenOn, Number(quantities.reduce(add, '0')))
  }
  return [...days].map(([day, value]) => ({ day, value }))
}

function quantityIn(statement: Statement, read: Read, exclude: readonly string[]): string | undefined {
  const state = readState(bookOf(statement), statement.account, read, exclude)
  return 'quantity' in state ? state.quantity : undefined
}

const bookOf = (statement: Statement): Book => ({
  source: statement.snapshot.source,
  sourceName: '',
  statements: new Map([[statement.account, statement]]),
  complete: new Map(),
})
