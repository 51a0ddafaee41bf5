import type { Place } from '#server/problem.ts'

/** What stands before the decimals of a number. */
type Mark = '.' | ','

const spaces = '[ \\u00a0\\u202f]'
const whole = '(?:0|[1-9]\\d*)'
/** The same sign between every three digits. */
const grouped = (signs: string) => `[1-9]\\d{0,2}(?:(${signs})\\d{3})(?:\\1\\d{3})*`
const written: Record<Mark, RegExp> = {
  '.': new RegExp(`^-?(?:${grouped(`,|['’]|${spaces}`)}|${whole})(?:\\.\\d+)?$`, 'u'),
  ',': new RegExp(`^-?(?:${grouped(`\\.|['’]|${spaces}`)}|${whole})(?:,\\d+)?$`, 'u'),
}
const marks: readonly Mark[] = ['.', ',']

/** A cell as the bare number in it: no currency sign, and the hyphen as minus. */
const bare = (cell: string): string =>
  cell
    .replace(/^[−–](?=\d)/u, '-')
    .replace(/^(-?)\p{Sc}\s*/u, '$1')
    .replace(/\s*\p{Sc}$/u, '')

/** A number as a decimal's text, `1234.56`; undefined for what is no number in this writing. */
export function numberIn(cell: string, mark: Mark): string | undefined {
  const text = bare(cell)
  if (text.length > 40 || !written[mark].test(text)) return undefined
  const digits = text.replace(mark === '.' ? /[,'’\u00a0\u202f ]/gu : /[.'’\u00a0\u202f ]/gu, '')
  return mark === ',' ? digits.replace(',', '.') : digits
}

/** What is known of how a file writes its numbers, from the cells seen so far. */
export interface Writing {
  /** The first cell that is a number in one writing only. */
  only: Partial<Record<Mark, Seen>>
  /** The first cell that is another number in each. */
  either?: Seen
}

interface Seen {
  row: number
  cell: string
}

/** Notes what one more cell tells. */
export function noteNumber(writing: Writing, row: number, cell: string): void {
  const text = bare(cell)
  if (/^-?\d*$/.test(text)) return
  const values = marks.map((mark) => numberIn(text, mark))
  const [point, comma] = values
  if (point === comma) return
  const seen = { row, cell: cell.slice(0, 40) }
  if (point === undefined) writing.only[','] ??= seen
  else if (comma === undefined) writing.only['.'] ??= seen
  else writing.either ??= seen
}

/** How the file writes its numbers: as somebody said, else as its cells prove; or what must be asked. */
export function markOf(writing: Writing, said: Mark | undefined): { mark?: Mark; question?: Place } {
  if (said) return { mark: said }
  const { '.': point, ',': comma } = writing.only
  if (point && comma)
    return { question: place(`${says(point)} and ${says(comma)}: is the point or the comma before the decimals?`) }
  if (point) return { mark: '.' }
  if (comma) return { mark: ',' }
  if (!writing.either) return {}
  const readings = marks.map((mark) => numberIn(writing.either?.cell ?? '', mark))
  return { question: place(`${says(writing.either)}: is that ${readings.join(' or ')}?`) }
}

const says = ({ row, cell }: Seen): string => `Row ${row} says ${cell}`
const place = (message: string): Place => ({ path: 'decimal', message })
