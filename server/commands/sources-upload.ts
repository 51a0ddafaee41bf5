import { readFile } from 'node:fs/promises'
import { dayIn, monthPattern } from '#billing/period.ts'
import type { Remarks } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { importUpload, periodOf, type Reading, readUpload, type Upload } from '#sync/sources/upload.ts'
import { compareUpload } from '#sync/sources/upload-preview.ts'
import { type Call, type Command, type ExitCode, UsageProblem } from './command.ts'
import { whyNoFile } from './files.ts'
import { scopeNamed, sourceNamed, tenantNamed } from './named.ts'
import { dayNamed, matching, remarksIn } from './upload-options.ts'
import { printUpload } from './upload-text.ts'

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
    period: matching(call, 'period', monthPattern, 'a month such as 2026-11') ?? periodOf(source, today),
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
  printUpload(call, source, { upload, reading, comparison, row })
  return row ? 0 : isGood ? 2 : 1
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new Problem('not_found', `${path} cannot be read: ${whyNoFile(error)}.`)
  })
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
