import * as z from 'zod'
import type { Kind, Remarks, Sheet } from './contract.ts'
import { type Columns, columnQuestions, columnsOf, countKnown, fieldNames, shownFields } from './csv-columns.ts'
import { type DayWriting, noteDay, orderOf } from './csv-days.ts'
import { markOf, noteNumber, type Writing } from './csv-numbers.ts'
import { readRows } from './csv-rows.ts'
import { separatorNames, type Table, tableOf, trimmed } from './csv-table.ts'
import { textOf } from './csv-text.ts'
import { currency, id, line } from './fields.ts'

const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type)

/** What is remembered of a source's files: `column-account` is the header of the account's column; empty: it has none. */
const settings = z.strictObject({
  kind: optional(z.enum(['counts', 'usage', 'invoice-lines'], 'must be counts, usage or invoice-lines')),
  metric: optional(id),
  currency: optional(currency),
  ...Object.fromEntries(fieldNames.map((name) => [`column-${name}`, optional(z.union([z.literal(''), line(200)]))])),
})

/** A person uploads its files: comma-separated and its likes, one number or one user a row. */
export const csv: Kind = { settings: settings.transform(onlyGiven), read }

function onlyGiven(given: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function read(file: Uint8Array, told: Remarks, remembered: Readonly<Record<string, string>>): Sheet {
  const { text, encoding } = textOf(file)
  const table = tableOf(text, countKnown)
  const columns = columnsOf(table.header, { ...told, ...kindOf(told, remembered) }, columnsIn(remembered))
  const { writing, days } = writingOf(table, columns)
  const { mark, question: numberQuestion } = markOf(writing, told.decimal)
  const { order, question: dayQuestion } = orderOf(days, told.days)
  const constants = {
    metric: told.metric ?? remembered.metric ?? 'users',
    currency: told.currency ?? remembered.currency ?? '',
  }
  const questions = [
    ...columnQuestions(columns),
    ...constantQuestions(constants),
    ...[numberQuestion, dayQuestion].filter((question) => question !== undefined),
  ]
  const style = { decimal: mark ?? '.', days: order ?? 'day-month' } as const
  const none = { accounts: [], bad: [], sample: [], gaveUp: false }
  return {
    kind: columns.kind,
    shape: columns.shape,
    encoding,
    separator: separatorNames[table.separator] ?? table.separator,
    ...(mark ? { decimal: mark } : {}),
    ...(order ? { days: order } : {}),
    header: table.header,
    fields: shownFields(columns, table.header),
    ...constants,
    rowCount: table.rowCount,
    blankCount: table.blankCount,
    questions,
    ...(questions.length > 0 ? none : readRows(table, columns, style, constants)),
  }
}

function kindOf({ kind }: Remarks, { kind: remembered }: Readonly<Record<string, string>>): Pick<Remarks, 'kind'> {
  const known = settings.shape.kind.safeParse(kind ?? remembered).data
  return known === undefined ? {} : { kind: known }
}

const columnsIn = (remembered: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(remembered).flatMap(([name, header]) =>
      name.startsWith('column-') ? [[name.slice('column-'.length), header]] : [],
    ),
  )

function constantQuestions(constants: { metric: string; currency: string }) {
  const metric = id.safeParse(constants.metric)
  const money = constants.currency === '' || currency.safeParse(constants.currency).success
  return [
    ...(metric.success ? [] : [{ path: 'metric', message: `Metric ${metric.error.issues[0]?.message ?? ''}.` }]),
    ...(money ? [] : [{ path: 'currency', message: 'Currency must be a code such as USD.' }]),
  ]
}

/** How the file writes numbers and days, seen over every cell of their columns. */
function writingOf(table: Table, { fields, at }: Columns): { writing: Writing; days: DayWriting } {
  const writing: Writing = { only: {} }
  const days: DayWriting = { only: {} }
  const noted = fields.flatMap(({ name, type }) => {
    const column = at.get(name)
    if (column === undefined || (type !== 'number' && type !== 'day')) return []
    return [{ column, note: type === 'number' ? noteNumber.bind(null, writing) : noteDay.bind(null, days) }]
  })
  for (const { number, cells } of table.rows)
    for (const { column, note } of noted) note(number, trimmed(cells[column] ?? ''))
  return { writing, days }
}
