import type { SourceKind } from '#billing/reading.ts'
import type { Place } from '#server/problem.ts'
import type { Remarks, Sheet, SheetField } from './contract.ts'
import { type Field, fieldsOf, plain, requiredOf } from './csv-fields.ts'

/** Which column says what. */
export interface Columns {
  kind: SourceKind
  shape: Sheet['shape']
  fields: readonly Field[]
  /** Where in a row each field stands, by its name. */
  at: ReadonlyMap<string, number>
}

const everyField = [...new Set(Object.values(fieldsOf).flat())]
const everyHeader = new Set(everyField.flatMap(({ headers }) => headers))

/** How many names of a header are known. */
export const countKnown = (header: readonly string[]): number =>
  header.filter((name) => everyHeader.has(plain(name))).length

/** Every field's name that a person or a setting may give a column to. */
export const fieldNames = [...new Set(everyField.map(({ name }) => name))]

/**
 * Matches columns to fields: as a person said, else as remembered, else by their headers; none is guessed. A header that the
 * file does not have says nothing.
 */
export function columnsOf(
  header: readonly string[],
  told: Remarks,
  remembered: Readonly<Record<string, string>>,
): Columns {
  const places = header.map((name) => plain(name.replace(/\s*\([^()]*\)$/, '')))
  const match = (fields: readonly Field[]) => matched(fields, header, places, told.columns, remembered)
  const kind = told.kind ?? kindOf(match)
  if (kind !== 'counts') return { kind, shape: 'numbers', fields: fieldsOf[kind], at: match(fieldsOf[kind]) }
  const numbers = match(fieldsOf.counts)
  const users = match(fieldsOf.users)
  const isUsers = !numbers.has('quantity') && (users.has('user') || users.has('email'))
  return isUsers
    ? { kind, shape: 'users', fields: fieldsOf.users, at: users }
    : { kind, shape: 'numbers', fields: fieldsOf.counts, at: numbers }
}

/** No header is this: a file's own are trimmed. */
const absent = ' '

type Match = (fields: readonly Field[]) => ReadonlyMap<string, number>

function kindOf(match: Match): SourceKind {
  const lines = match(fieldsOf['invoice-lines'])
  if (lines.has('chargeType') && lines.has('offer')) return 'invoice-lines'
  return match(fieldsOf.usage).has('sku') ? 'usage' : 'counts'
}

/** No column says two things. What a person chose is taken first, so that no synonym takes it away. */
function matched(
  fields: readonly Field[],
  header: readonly string[],
  places: readonly string[],
  said: Readonly<Record<string, string>>,
  remembered: Readonly<Record<string, string>>,
): Map<string, number> {
  const at = new Map<string, number>()
  const free = (column: number) => column >= 0 && ![...at.values()].includes(column)
  for (const { name } of fields) {
    const column = header.indexOf(said[name] || absent)
    if (free(column)) at.set(name, column)
  }
  for (const { name } of fields) {
    const column = header.indexOf(remembered[name] || absent)
    if (said[name] !== '' && !at.has(name) && free(column)) at.set(name, column)
  }
  for (const { name, headers } of fields) {
    if ((said[name] ?? remembered[name]) === '' || at.has(name)) continue
    const columns = headers.map((one) => places.indexOf(one))
    const column = columns.find(free)
    // The same name twice: which of them is meant?
    if (column !== undefined && places.indexOf(places[column] ?? '', column + 1) < 0) at.set(name, column)
  }
  return at
}

/** What must still be said of the columns before rows can be read. */
export function columnQuestions({ kind, shape, fields, at }: Columns): Place[] {
  const labels = new Map(fields.map(({ name, label }) => [name, label]))
  const wanted = requiredOf[shape === 'users' ? 'users' : kind].filter((name) => !at.has(name))
  return [
    ...(at.has('account') || at.has('name')
      ? []
      : [{ path: 'account', message: 'Say which column names the account.' }]),
    ...wanted.map((path) => ({ path, message: questionOf(path, labels.get(path) ?? path, kind) })),
  ]
}

const questionOf = (path: string, label: string, kind: SourceKind): string =>
  path === 'quantity' && kind === 'counts'
    ? 'Say which column holds the quantity. For one user a row, say which one holds the user id or the e-mail.'
    : `Say which column holds: ${label}.`

/** The fields as people see them, with the columns they are read from. */
export function shownFields({ kind, shape, fields, at }: Columns, header: readonly string[]): SheetField[] {
  const required = requiredOf[shape === 'users' ? 'users' : kind]
  const others = kind === 'counts' ? (shape === 'users' ? fieldsOf.counts : fieldsOf.users) : []
  const more = others.filter(({ name }) => ['quantity', 'user', 'email'].includes(name))
  const byName = columnsOf(header, { kind, columns: {} }, {}).at
  return [...new Set([...fields, ...more])].map(({ name, label }) => {
    const column = header[at.get(name) ?? -1]
    const shown = { name, label, required: required.includes(name) }
    return column === undefined ? { ...shown, isLeftOut: byName.has(name) } : { ...shown, column, isLeftOut: false }
  })
}
