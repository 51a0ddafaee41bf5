import { monthName } from '#billing/period.ts'
import type { SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import type { Reading, Upload } from '#sync/sources/upload.ts'
import type { Comparison } from '#sync/sources/upload-preview.ts'
import type { Call } from './command.ts'
import { counted, table } from './text.ts'

const mostListed = 50

interface Outcome {
  upload: Upload
  reading: Reading
  comparison: Comparison
  row: SnapshotRow | undefined
}

/** Says what a file holds, how it compares with the snapshot before, and what was stored of it. */
export function printUpload(call: Call, source: Source, outcome: Outcome): void {
  const { upload, reading, comparison, row } = outcome
  const { accounts, sample: _, fields, ...sheet } = reading.sheet
  const columns = Object.fromEntries(
    fields.flatMap(({ name, column }) => (column === undefined ? [] : [[name, column]])),
  )
  const { before, ...compared } = comparison
  call.print(
    {
      source: source.id,
      period: upload.period,
      complete: row?.complete ?? upload.complete,
      ...sheet,
      columns,
      accounts: accounts.length,
      ...compared,
      before: before?.id ?? null,
      stored: row ? { snapshot: row.id, accounts: row.accountCount, readings: row.readingCount } : null,
    },
    textOf(source, outcome, columns).join('\n'),
  )
}

function textOf(
  source: Source,
  { upload, reading, comparison, row }: Outcome,
  columns: Record<string, string>,
): string[] {
  const { sheet } = reading
  const { newcomers, missing, totals, readings } = comparison
  const rows = [
    ['encoding', sheet.encoding],
    ['separator', sheet.separator],
    ...(sheet.decimal ? [['decimals after', sheet.decimal]] : []),
    ...(sheet.days ? [['days', sheet.days]] : []),
    ['holds', `${sheet.kind}, one ${sheet.shape === 'users' ? 'user' : 'number'} a row`],
    ...Object.entries(columns).map(([field, header]) => [`column ${field}`, header]),
    ['rows', `${sheet.rowCount}, ${sheet.blankCount} blank, ${sheet.bad.length} bad`],
  ]
  return [
    `${source.name}, ${monthName(upload.period)}, ${upload.complete ? 'complete' : 'partial'}:`,
    table(rows.map(([what = '', is = '']) => [`  ${what}`, is])),
    ...listed(
      'Say first:',
      sheet.questions.map(({ path, message }) => `${path}: ${message}`),
    ),
    ...listed(
      'Bad rows:',
      sheet.bad.map(({ path, message }) => `${path}: ${message}`),
    ),
    ...listed(
      'Totals:',
      totals.map(({ name, quantity, accounts }) => `${quantity} ${name} of ${counted(accounts, 'account')}`),
    ),
    ...listed(
      'New accounts:',
      newcomers.map(({ id, name }) => `${id} ${name}`),
    ),
    ...listed(
      'Missing accounts:',
      missing.map(({ id, name }) => `${id} ${name}`),
    ),
    '',
    row
      ? `Stored as ${row.complete ? 'complete' : 'partial'}: ${counted(row.accountCount, 'account')}, ${counted(row.readingCount, 'reading')}.`
      : nextOf(reading, readings),
  ]
}

function nextOf({ sheet: { questions, bad, gaveUp } }: Reading, readings: number): string {
  if (questions.length > 0) return 'Nothing is stored: answer with --column, --decimal or --days.'
  if (gaveUp) return 'Nothing is stored: too many rows are bad. Correct the file.'
  if (bad.length > 0)
    return `Nothing is stored: correct the file, or store its ${counted(readings, 'good number')} as partial with --skip-bad-rows --yes.`
  return 'Nothing is stored yet: add --yes to store it.'
}

const listed = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0
    ? []
    : ['', title, ...lines.slice(0, mostListed).map((line) => `  ${line}`), ...more(lines.length - mostListed)]

const more = (count: number): string[] => (count > 0 ? [`  and ${count} more`] : [])
