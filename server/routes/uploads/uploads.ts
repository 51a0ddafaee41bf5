import { dayIn, monthName, monthOf, shiftMonth } from '#billing/period.ts'
import { listPlaces } from '#db/accounts.ts'
import { findSource, type Source } from '#db/sources.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { importUpload, periodOf, type Reading, readUpload, takenAtOf } from '#sync/sources/upload.ts'
import { compareUpload } from '#sync/sources/upload-preview.ts'
import { Imported, UploadPreview, UploadRefused } from '#views/uploads/preview.tsx'
import { UploadScreen } from '#views/uploads/upload.tsx'
import { type PostedUpload, readUploadForm } from './form.ts'

const monthsOffered = 13

/** `GET /sources/:id/upload`: the form for a file. */
export const getUpload = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const source = await sourceAsked(deps, c)
  const today = dayIn(viewer.tenant.zone, deps.now())
  const months = Array.from({ length: monthsOffered }, (_, back) => shiftMonth(monthOf(today), -back))
  return fragment(c, UploadScreen, {
    standing: standingOf(viewer),
    source: { id: source.id, name: source.name },
    months: months.map((month) => ({ value: month, text: monthName(month) })),
    period: periodOf(source, today),
    today,
  })
}

/** `POST /sources/:id/preview`: how the file is read, and what it would say. Nothing is stored. */
export const postUploadPreview = (deps: Deps) => async (c: Ask) => {
  const source = await sourceAsked(deps, c)
  try {
    const upload = await readUploadForm(deps, c)
    takenAtOf(deps, c.get('viewer').tenant, upload.takenOn)
    const { posted, reading } = readAfresh(deps, source, upload)
    return fragment(c, UploadPreview, await previewOf(deps, c.get('viewer'), source, posted, reading))
  } catch (error) {
    return refused(c, error)
  }
}

/** `POST /sources/:id/snapshots`: stores what was previewed, of the same file sent again. */
export const postUpload = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const source = await sourceAsked(deps, c)
  try {
    const { form, ...upload } = await readUploadForm(deps, c)
    const { seen = '', hash = '', upload: key = '' } = form
    const consent = { member: viewer.member, seen, hash, key, goodRowsOnly: form.rows === 'good' }
    const row = await importUpload(deps, viewer, source, upload, consent)
    const { complete, accountCount, readingCount, period } = row
    const month = monthName(period)
    return fragment(c, Imported, {
      source: source.name,
      month,
      complete,
      accounts: accountCount,
      readings: readingCount,
    })
  } catch (error) {
    return refused(c, error)
  }
}

async function sourceAsked({ sources }: Deps, c: Ask): Promise<Source> {
  const { scope } = c.get('viewer')
  const id = c.req.param('id') ?? ''
  const source = await findSource(scope, id)
  if (source?.id !== id) throw new Problem('not_found', 'There is no such source.')
  const kind = Object.entries(sources).find(([name]) => name === source.kind)?.[1]
  if (!kind?.read) throw new Problem('invalid', `${source.name} is not a source that files are uploaded to.`)
  return source
}

/** What was said of another file does not count for this one: it has its own columns, and its own way to write numbers. */
function readAfresh(deps: Deps, source: Source, posted: PostedUpload): { posted: PostedUpload; reading: Reading } {
  const reading = readUpload(deps, source, posted)
  const { hash = reading.hash, header = reading.header } = posted.form
  if (hash === reading.hash) return { posted, reading }
  const { decimal: _, days: __, ...kept } = posted.told
  const afresh = { ...posted, told: header === reading.header ? kept : { columns: {} } }
  return { posted: afresh, reading: readUpload(deps, source, afresh) }
}

async function previewOf(deps: Deps, viewer: Viewer, source: Source, posted: PostedUpload, reading: Reading) {
  const { before, missing, ...comparison } = await compareUpload(viewer.scope, source, reading.sheet)
  const { accounts, ...sheet } = reading.sheet
  const { hash, header, seen } = reading
  return {
    source: source.id,
    file: posted.fileName,
    month: monthName(posted.period),
    sheet,
    told: posted.told,
    complete: posted.complete,
    accounts: accounts.length,
    ...comparison,
    missing: await withoutHidden(deps, viewer, source, missing),
    ...(before ? { before: { accounts: before.accountCount, month: monthName(before.period) } } : {}),
    passed: { hash, header, seen, upload: deps.id() },
  }
}

/** Without those whose company the viewer may not read in ConnectWise. */
async function withoutHidden<A extends { id: string }>(
  deps: Deps,
  viewer: Viewer,
  source: Source,
  accounts: readonly A[],
) {
  const ids = new Set(accounts.map(({ id }) => id))
  const places = (await listPlaces(viewer.scope)).filter(
    ({ sourceId, account }) => sourceId === source.id && ids.has(account),
  )
  const readable = await listReadable(deps, viewer, 'company', [...new Set(places.map(({ companyId }) => companyId))])
  const hidden = new Set(places.filter(({ companyId }) => !readable.has(companyId)).map(({ account }) => account))
  return accounts.filter(({ id }) => !hidden.has(id))
}

/** What is wrong, in the place of the preview. */
function refused(c: Ask, error: unknown) {
  if (!(error instanceof Problem)) throw error
  const { message, places, kind } = error
  return fragment(c, UploadRefused, { message, places }, kind === 'conflict' ? 409 : 422)
}
