import type * as z from 'zod'
import { decimal } from '#billing/decimal.ts'
import type { Read } from '#billing/reading.ts'
import type { MappingRow } from '#db/mappings.ts'
import { type Place, Problem } from '#server/problem.ts'
import { mappingRow } from './row.ts'

/** One row of the file, read (INTERFACE). */
export type FileRow = z.output<typeof mappingRow>

/** A readable row and its number in the file, from 1. */
export interface NumberedRow {
  number: number
  row: FileRow
}

const mostRows = 5000
const mostCharacters = 10_000_000

/** Reads every row that can be read and names every place that cannot. Throws a Problem when it is no list of rows at all. */
export function parseMappings(text: string): { rows: NumberedRow[]; places: Place[] } {
  const rows: NumberedRow[] = []
  const places: Place[] = []
  listOf(text).forEach((value, at) => {
    const parsed = mappingRow.safeParse(value, { reportInput: true })
    if (parsed.success) rows.push({ number: at + 1, row: parsed.data })
    else places.push(...placesOf(at + 1, parsed.error))
  })
  return { rows, places }
}

/** `row 4: rule.minimum` */
export const placeOf = (row: number, path: string, message: string): Place => ({
  path: path === '' ? `row ${row}` : `row ${row}: ${path}`,
  message,
})

/** The mappings as INTERFACE writes them, one a line; importing it again changes nothing. */
export function writeMappings(rows: readonly MappingRow[]): string {
  const lines = rows.map((row) => JSON.stringify(fileRowOf(row)))
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`
}

/** A mapping in the file's words. A row that names a product keeps naming it, whatever addition it was found to be. */
export function fileRowOf(row: MappingRow) {
  const isByAddition = row.targetKey.startsWith('addition:')
  return {
    source: row.sourceId,
    account: row.account,
    reads: row.reads.length === 1 ? readOf(row.reads[0]) : row.reads.map(readOf),
    company: row.companyId,
    agreement: row.agreementId,
    ...(isByAddition && row.additionId !== null ? { addition: row.additionId } : {}),
    ...(row.productId === null ? {} : { product: row.productId }),
    ...(row.leaveAlone.length > 0 ? { leaveAlone: row.leaveAlone } : {}),
    include: row.include,
    rule: ruleOf(row),
  }
}

function readOf(read: Read | undefined) {
  if (!read) throw new Error('a mapping reads something')
  if ('metric' in read) return { metric: read.metric, ...(read.services ? { services: read.services } : {}) }
  const { subscription } = read
  const narrowed = subscription === undefined ? {} : { subscription }
  if ('offer' in read) return { offer: read.offer, chargeType: read.chargeType, ...narrowed }
  const { sku, term } = read
  return { sku, ...(term === undefined ? {} : { term }), ...narrowed }
}

function ruleOf({ rule, followsSource }: MappingRow) {
  const { write, prorate, rounding, above, included, minimum, maximum, packSize, exclude } = rule
  const numbers = Object.entries({ above, included, minimum, maximum, packSize }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, numberOrText(value)] as const],
  )
  return {
    ...(followsSource ? { writeFrom: 'source' } : { write }),
    ...(prorate ? { prorate } : {}),
    ...Object.fromEntries(numbers),
    ...(rounding === undefined ? {} : { rounding }),
    ...(exclude === undefined ? {} : { exclude }),
  }
}

const numberOrText = (value: string): number | string => (decimal(Number(value)) === value ? Number(value) : value)

function listOf(text: string): unknown[] {
  if (text.length > mostCharacters)
    throw new Problem('invalid', 'The file is larger than 10 MB; import fewer mappings at a time.')
  const value = parseJson(text)
  const list = typeof value === 'object' && value !== null && 'mappings' in value ? value.mappings : value
  if (!Array.isArray(list))
    throw new Problem('invalid', 'The file must hold a JSON list of mappings; nothing was imported.')
  if (list.length > mostRows)
    throw new Problem('invalid', `The file holds ${list.length} mappings; import at most ${mostRows} at a time.`)
  return list
}

function parseJson(text: string): unknown {
  const json = text.replace(/^\uFEFF/, '')
  if (json.trim() === '') throw new Problem('invalid', 'The file is empty; nothing was imported.')
  try {
    return JSON.parse(json)
  } catch (error) {
    const line = json.slice(0, placeOfError(error, json)).split('\n').length
    throw new Problem('invalid', `The file is not valid JSON in or just before line ${line}; nothing was imported.`)
  }
}

/** V8 names either the position, or up to ten characters on both sides of it, or the end. */
function placeOfError(error: unknown, json: string): number {
  const message = error instanceof Error ? error.message : ''
  const position = /position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  const around = /(\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message)
  if (!around) return json.length
  const [, isCut, near = ''] = around
  return isCut ? json.indexOf(near) + Math.min(10, near.length) : 0
}

function placesOf(number: number, error: z.ZodError): Place[] {
  return error.issues.flatMap((issue) => {
    const path = pathOf(issue.path)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => placeOf(number, pathOf([...issue.path, key]), 'is not known here'))
    const isMissing = issue.input === undefined && issue.code === 'invalid_type'
    return [placeOf(number, path, isMissing ? 'is missing' : issue.message)]
  })
}

function pathOf(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`
    const name = String(part).slice(0, 60)
    return path === '' ? name : `${path}.${name}`
  }, '')
}
