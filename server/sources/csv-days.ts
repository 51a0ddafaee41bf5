import type { Place } from '#server/problem.ts'
import type { DayOrder } from './contract.ts'

const parts = /^(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/

/** A day as `YYYY-MM-DD`, whether it exists or not; undefined for what is no day. A time behind it is left out. */
export function dayIn(cell: string, order: DayOrder): string | undefined {
  const [, first = '', sign, second = '', third = ''] = parts.exec(cell) ?? []
  if (sign === undefined) return undefined
  if (first.length === 4) return third.length <= 2 ? isoOf(first, second, third) : undefined
  if (third.length !== 4 || first.length > 2) return undefined
  return sign === '.' || order === 'day-month' ? isoOf(third, second, first) : isoOf(third, first, second)
}

const isoOf = (year: string, month: string, day: string): string =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`

/** What is known of how a file writes its days, from the cells seen so far. */
export interface DayWriting {
  only: Partial<Record<DayOrder, Seen>>
  either?: Seen
}

interface Seen {
  row: number
  cell: string
}

/** Notes what one more cell tells: only 12/31/2026 and its like can be meant in two ways. */
export function noteDay(writing: DayWriting, row: number, cell: string): void {
  const [, first = '', sign, second = '', third = ''] = parts.exec(cell) ?? []
  if (sign === undefined || sign === '.' || first.length > 2 || third.length !== 4 || first === second) return
  const seen = { row, cell }
  if (Number(first) > 12) writing.only['day-month'] ??= seen
  else if (Number(second) > 12) writing.only['month-day'] ??= seen
  else writing.either ??= seen
}

/** The order of day and month: as somebody said, else as the file's cells prove; or what must be asked. */
export function orderOf(writing: DayWriting, said: DayOrder | undefined): { order?: DayOrder; question?: Place } {
  if (said) return { order: said }
  const { 'day-month': dayFirst, 'month-day': monthFirst } = writing.only
  if (dayFirst && monthFirst)
    return { question: place(`${says(dayFirst)} and ${says(monthFirst)}: does the day or the month come first?`) }
  if (dayFirst) return { order: 'day-month' }
  if (monthFirst) return { order: 'month-day' }
  return writing.either ? { question: place(`${says(writing.either)}: does the day or the month come first?`) } : {}
}

const says = ({ row, cell }: Seen): string => `Row ${row} says ${cell}`
const place = (message: string): Place => ({ path: 'days', message })
