import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { dayIn, monthName } from '#billing/period.ts'
import type { SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import type { Remarks } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { importUpload, periodOf, type Reading, readUpload, type Upload } from '#sync/sources/upload.ts'
import { type Comparison, compareUpload } from '#sync/sources/upload-preview.ts'
import { type Call, type Command, type ExitCode, UsageProblem } from './command.ts'
import { whyNoFile } from './files.ts'
import { scopeNamed, sourceNamed, tenantNamed } from './named.ts'
import { counted, table } from './text.ts'

const mostListed = 50

export const sourcesUploadCommand: Command = {
  name: 'sources upload',
  about: 'Read a CSV file of a source, show what it says, and store it with --yes.',
  arguments: [
    { value: 'SOURCE', about: 'a source of kind csv, by id or name' },
    { value: 'FILE', about: 'its first row names the columns' },
  ],
  options: {
    tenant: { value: 'T', required: true, about: 'whose source it is' },
    kind: { value: 'KIND', about: 'counts, usage or invoice-lines; detected without it' },
    period: { value: 'MONTH', about: 'the month it is for, 2026-11; the source’s billing period without it' },
    'taken-on': { value: 'DAY', about: 'the day it was counted on, 2026-11-30; today without it' },
    partial: { about: 'it does not list every account: nothing is lowered' },
    column: { value: 'FIELD=HEADER', repeated: true, about: 'account=Customer; FIELD= for none' },
    decimal: { value: 'SIGN', about: 'what stands before decimals, . or ,' },
    days: { value: 'ORDER', about: 'day-month or month-day, for days such as 11/12/2026' },
    metric: { value: 'M', about: 'the metric, when no column names it; users without it' },
    currency: { value: 'C', about: 'the currency, when no column names it' },
    'skip-bad-rows': { about: 'store the good rows as partial although others are bad' },
    yes: { about: 'store it; without it only the preview is printed' },
  },
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const { deps } = await call.open()
  const tenant = await tenantNamed(deps.db, call.required('tenant'))
  const scope = await scopeNamed(deps.db, tenant.id)
  const source = await sourceNamed(scope, call.argument(0) ?? '')
  const today = dayIn(tenant.zone, deps.now())
  const upload: Upload = {
    file: await readBytes(call.argument(1) ?? ''),
    told: remarksIn(call),
    period: matching(call, 'period', /^\d{4}-(?:0[1-9]|1[0-2])$/, 'a month such as 2026-11') ?? periodOf(source, today),
    takenOn: dayNamed(call) ?? today,
    complete: !call.isOn('partial'),
  }
  const reading = readUpload(deps, source, upload)
  checkColumns(upload.told, reading)
  const comparison = await compareUpload(scope, source, reading.sheet)
  const { questions, bad, accounts } = reading.sheet
  const goodRowsOnly = call.isOn('skip-bad-rows')
  const isGood = questions.length === 0 && (bad.length === 0 || goodRowsOnly) && accounts.length > 0
  const isStored = call.isOn('yes') && isGood && !reading.sheet.gaveUp
  const row = isStored
    ? await importUpload(deps, { scope, tenant }, source, upload, { member: 'operator', goodRowsOnly })
    : undefined
  print(call, source, { upload, reading, comparison, row })
  return row ? 0 : isGood ? 2 : 1
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new Problem('not_found', `${path} cannot be read: ${whyNoFile(error)}.`)
  })
}

function remarksIn(call: Call): Remarks {
  const columns = call.every('column').map((pair) => /^([A-Za-z]+)=(.*)$/s.exec(pair)?.slice(1) ?? [])
  if (columns.some(([field]) => field === undefined)) throw new UsageProblem('--column must be FIELD=HEADER.')
  const kind = oneOf(call, 'kind', ['counts', 'usage', 'invoice-lines'])
  const decimal = oneOf(call, 'decimal', ['.', ','])
  const days = oneOf(call, 'days', ['day-month', 'month-day'])
  const [metric, currency] = [call.option('metric'), call.option('currency')]
  return {
    columns: Object.fromEntries(columns),
    ...(kind ? { kind } : {}),
    ...(decimal ? { decimal } : {}),
    ...(days ? { days } : {}),
    ...(metric ? { metric } : {}),
    ...(currency ? { currency } : {}),
  }
}

function oneOf<T extends string>(call: Call, name: string, values: readonly T[]): T | undefined {
  const given = call.option(name)
  const value = values.find((one) => one === given)
  if (given !== undefined && value === undefined) throw new UsageProblem(`--${name} must be ${values.join(' or ')}.`)
  return value
}

function matching(call: Call, name: string, pattern: RegExp, what: string): string | undefined {
  const given = call.option(name)
  if (given !== undefined && !pattern.test(given)) throw new UsageProblem(`--${name} must be ${what}.`)
  return given
}

function dayNamed(call: Call): string | undefined {
  const given = call.option('taken-on')
  if (given !== undefined && !z.iso.date().safeParse(given).success)
    throw new UsageProblem('--taken-on must be a day that exists, such as 2026-11-30.')
  return given
}

/** A misspelt name would look like a column that the file does not have. */
function checkColumns({ columns }: Remarks, { sheet: { header, fields } }: Reading): void {
  const known = fields.map(({ name }) => name)
  for (const [field, column] of Object.entries(columns)) {
    if (!known.includes(field)) throw new UsageProblem(`--column ${field}: there is ${known.join(', ')}.`)
    if (column !== '' && !header.includes(column))
      throw new UsageProblem(`--column ${field}=${column}: the file has ${header.join(', ')}.`)
  }
}

interface Outcome {
  upload: Upload
  reading: Reading
  comparison: Comparison
  row: SnapshotRow | undefined
}

function print(call: Call, source: Source, outcome: Outcome): void {
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
