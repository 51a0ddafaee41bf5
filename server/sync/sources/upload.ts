import { Temporal } from 'temporal-polyfill'
import { type Day, dayIn, type Month, monthOf, shiftMonth } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import { sha256 } from '#db/sha256.ts'
import type { SnapshotRow } from '#db/snapshots.ts'
import { type Source, saveSource } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps, Remarks, Sheet } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { saveChange } from '#sync/settings/settings.ts'
import { receive } from './receive.ts'

/** A file that somebody uploads, and what they say of it. */
export interface Upload {
  file: Uint8Array
  told: Remarks
  period: Month
  /** The day it was counted on. */
  takenOn: Day
  /** Whether it lists every account. */
  complete: boolean
}

/** A file as it was read, nothing of it stored. */
export interface Reading {
  sheet: Sheet
  /** SHA-256 of the file, in hex. */
  hash: string
  /** Names the header of the file. */
  header: string
  /** Names the file together with how it was read and what it is for. */
  seen: string
}

/** Reads a file of a source. Throws a Problem for a source that takes none, and for what is no such file. */
export function readUpload(deps: Deps, source: Source, upload: Upload): Reading {
  const kind = Object.entries(deps.sources).find(([name]) => name === source.kind)?.[1]
  if (!kind?.read) throw new Problem('invalid', `${source.name} is not a source that files are uploaded to.`)
  const { file, told, period, takenOn, complete } = upload
  const sheet = kind.read(file, told, source.settings)
  const hash = sha256(file)
  const seen = sha256(JSON.stringify([hash, period, takenOn, complete, wayOf(sheet)]))
  return { sheet, hash, header: sha256(JSON.stringify(sheet.header)), seen }
}

/** How a file was read, whether somebody said so or it was detected. */
const wayOf = ({ kind, shape, fields, decimal, days, metric, currency }: Sheet): unknown[] => [
  [kind, shape, decimal, days, metric, currency],
  fields.map(({ name, column }) => [name, column]),
]

/** What a person agreed to. */
export interface Consent {
  member: string
  /** The file and all that was said of it, as they were in the preview. */
  seen?: string
  hash?: string
  /** The same for the same press of a button. */
  key?: string
  /** Leave bad rows out; what is stored is partial then, so that it lowers nothing. */
  goodRowsOnly: boolean
}

/**
 * Stores what an uploaded file says, as it was previewed, and remembers its columns for the next one. Throws a Problem when
 * the file is another one, something must still be said of it, or rows are bad and were not agreed to be left out.
 */
export async function importUpload(
  deps: Deps,
  { scope, tenant }: { scope: Scope; tenant: Tenant },
  source: Source,
  upload: Upload,
  consent: Consent,
): Promise<SnapshotRow> {
  const reading = readUpload(deps, source, upload)
  requireSame(reading, consent)
  requireReadable(reading.sheet, consent)
  const { sheet, hash } = reading
  const takenAt = takenAtOf(deps, tenant, upload.takenOn)
  const complete = upload.complete && sheet.bad.length === 0
  const { kind, accounts } = sheet
  const letter = { bodyHash: hash, idempotencyKey: consent.key === undefined ? null : `upload-${consent.key}` }
  const way = { opening: `A file of ${source.name} was uploaded with`, member: consent.member }
  const row = await receive(
    deps,
    source,
    letter,
    () => ({ kind, period: upload.period, takenAt, complete, accounts }),
    way,
  )
  await remember(deps, scope, source, { sheet, member: consent.member })
  return row
}

function requireSame({ seen, hash }: Reading, agreed: Consent): void {
  if (agreed.hash !== undefined && agreed.hash !== hash)
    throw new Problem('conflict', 'This is not the file that was previewed: look at the preview again.')
  if (agreed.seen !== undefined && agreed.seen !== seen)
    throw new Problem('conflict', 'Something was changed after the preview: look at the preview again.')
}

function requireReadable({ questions, bad, gaveUp, accounts }: Sheet, { goodRowsOnly }: Consent): void {
  if (questions.length > 0)
    throw new Problem('invalid', 'Something must be said of the file first; nothing was stored.', { places: questions })
  if (gaveUp) throw new Problem('invalid', 'Too many rows are bad; nothing was stored.', { places: bad })
  if (bad.length > 0 && !goodRowsOnly)
    throw new Problem('invalid', `${bad.length} rows are bad; nothing was stored.`, { places: bad })
  if (accounts.length === 0) throw new Problem('invalid', 'No row is good; nothing was stored.', { places: bad })
}

/** The month whose numbers are billed now. */
export function periodOf({ billingPeriod }: Source, today: Day): Month {
  return billingPeriod === 'previous' ? shiftMonth(monthOf(today), -1) : monthOf(today)
}

/** When it was counted: now, for today; the end of a day before. Throws a Problem for a day to come. */
export function takenAtOf({ now }: Deps, { zone }: Tenant, day: Day): number {
  const today = dayIn(zone, now())
  if (day === today) return now()
  const message = 'must not be after today'
  if (day > today)
    throw new Problem('invalid', `The day of counting ${message}.`, { places: [{ path: 'takenOn', message }] })
  const next = Temporal.PlainDate.from(day).add({ days: 1 })
  return next.toZonedDateTime(zone).epochMilliseconds - 1000
}

/** Keeps the columns, kind, metric and currency for the next file; never how numbers or days are written. */
async function remember(
  deps: Deps,
  scope: Scope,
  source: Source,
  { sheet, member }: { sheet: Sheet; member: string },
): Promise<void> {
  const columns = sheet.fields.flatMap(({ name, column, isLeftOut }): [string, string][] => {
    const header = column ?? (isLeftOut ? '' : undefined)
    return header === undefined || header.length > 200 ? [] : [[`column-${name}`, header]]
  })
  const settings = {
    ...source.settings,
    ...Object.fromEntries(columns),
    kind: sheet.kind,
    metric: sheet.metric,
    ...(sheet.currency === '' ? {} : { currency: sheet.currency }),
  }
  const sorted = (values: Record<string, string>) => JSON.stringify(Object.entries(values).sort())
  if (sorted(settings) === sorted(source.settings)) return
  await saveChange({ deps, scope, member }, [saveSource(scope, source.id, { settings })], {
    what: `source ${source.id}`,
    from: { settings: source.settings },
    to: { settings },
    text: `The columns of ${source.name} were remembered`,
  })
}
