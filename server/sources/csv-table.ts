import Papa from 'papaparse'
import { Problem } from '#server/problem.ts'

/** A file as cells. */
export interface Table {
  separator: string
  /** Trimmed; what stands there twice is numbered. */
  header: string[]
  /** Below the header, without the blank ones; numbered as a spreadsheet shows them. */
  rows: Row[]
  rowCount: number
  blankCount: number
}

export interface Row {
  number: number
  cells: readonly string[]
}

const separators = [',', ';', '\t', '|'] as const
export const separatorNames: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'vertical bar',
}
const mostRows = 100_000
const mostColumns = 300
const longestLine = 100_000
const sampleRows = 30

/**
 * Splits a text into rows and cells; `known` counts the names it knows in a header. Throws a Problem with the line for
 * quotes that do not close, and for a file without rows.
 */
export function tableOf(whole: string, known: (header: readonly string[]) => number): Table {
  const { text, said, offset } = withoutHint(whole)
  refuseLongLines(text, offset)
  const separator = said ?? separatorOf(text, known)
  const { data, errors } = parse(text, separator, mostRows + 3)
  const [error] = errors
  if (error) throw quotesProblem(error, text, offset)
  if (data.length > mostRows + 2)
    throw new Problem('invalid', 'The file has more than 100,000 rows: leave out what is not billed.')
  if (data.at(-1)?.join('') === '') data.pop()
  const top = data.findIndex((cells) => !isBlank(cells))
  const header = numbered((data[top] ?? []).map(trimmed))
  if (header.length > mostColumns)
    throw new Problem('invalid', 'The file has more than 300 columns: leave out what is not billed.')
  const below = data.slice(top + 1).map((cells, at) => ({ number: top + at + 2 + offset, cells }))
  const rows = below.filter(({ cells }) => !isBlank(cells))
  if (rows.length === 0) throw new Problem('invalid', 'The file has no row below its header.')
  return { separator, header, rows, rowCount: below.length, blankCount: below.length - rows.length }
}

/** A cell without the spaces around it. */
export const trimmed = (cell: string): string => cell.trim()

/** Why a row does not fit under the header; undefined when it does, or only lacks its last cells. */
export function misfit({ cells }: Row, { header, separator }: Table): string | undefined {
  const extra = cells.slice(header.length).filter((cell) => trimmed(cell) !== '').length
  if (extra > 0)
    return `has ${cells.length} cells, the header ${header.length}: put a cell that holds a ${separatorNames[separator]} in quotes`
  const lacking = header.length - cells.length
  if (lacking <= 0) return undefined
  const other = separators.find((one) => one !== separator && cells.join('').split(one).length - 1 === lacking)
  return other && `is separated by ${separatorNames[other]}, the header by ${separatorNames[separator]}`
}

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => trimmed(cell) === '')

const parse = (text: string, delimiter: string, preview: number) => Papa.parse<string[]>(text, { delimiter, preview })

/** The one under which the header names most, then the one that divides the first rows most evenly. */
function separatorOf(text: string, known: (header: readonly string[]) => number): string {
  const head = text.slice(0, longestLine)
  const scored = separators.map((separator) => {
    const rows = parse(head, separator, sampleRows).data.filter((cells) => !isBlank(cells))
    const [header = []] = rows
    const even = header.length > 1 ? rows.filter(({ length }) => length === header.length).length : 0
    return { separator, score: [known(header.map(trimmed)), even, header.length] }
  })
  const [best] = scored.sort((a, b) => compare(b.score, a.score))
  return best?.separator ?? ','
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

/** Spreadsheets may write `sep=;` above the header. */
function withoutHint(text: string): { text: string; said?: string; offset: number } {
  const [hint, said] = /^sep=([,;\t|])\n/i.exec(text) ?? []
  return hint === undefined || said === undefined
    ? { text, offset: 0 }
    : { text: text.slice(hint.length), said, offset: 1 }
}

/** Such a line is no row of a table, and costs memory to take apart. */
function refuseLongLines(text: string, offset: number): void {
  let start = 0
  for (let line = 1 + offset; start <= text.length; line++) {
    const end = text.indexOf('\n', start)
    const length = (end < 0 ? text.length : end) - start
    if (length > longestLine)
      throw new Problem('invalid', `Line ${line} is longer than 100,000 characters: this is no table of rows.`)
    if (end < 0) return
    start = end + 1
  }
}

function quotesProblem({ code, index = 0 }: Papa.ParseError, text: string, offset: number): Problem {
  const line = text.slice(0, index).split('\n').length + offset
  const why =
    code === 'MissingQuotes'
      ? 'a quotation mark opens there and never closes'
      : 'a cell goes on after its closing quotation mark'
  const message = `Line ${line}: ${why}. Write a quotation mark inside a quoted cell twice.`
  return new Problem('invalid', message, { places: [{ path: `line ${line}`, message: why }] })
}

/** Headers by which one column can be told from another. */
function numbered(header: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return header.map((name, at) => {
    const text = name === '' ? `column ${at + 1}` : name
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    return times === 1 ? text : `${text} (${times})`
  })
}
