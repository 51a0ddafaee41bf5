import * as z from 'zod'
import { isDay } from '#billing/period.ts'
import { type LineRow, listLines } from '#db/lines.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { editLines, type LineChange } from '#sync/lines/edit.ts'
import { correctLine, leaveLine } from '#sync/lines/settle-change.ts'
import { LineAnswer } from '#views/lines/row.tsx'
import { rowProps } from './row-props.ts'

/** `GET /lines/:id`: a line with its dates and agreement to be edited, or closed again (M16). */
export const getLine = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { closed } = readQuery(c, z.object({ closed: z.literal('yes').optional() }))
  const row = await readableLine(deps, viewer, c.req.param('id') ?? '')
  return fragment(c, LineAnswer, await rowProps(deps, viewer, row, { isOpen: closed === undefined }))
}

const days = { start: z.string().max(40).optional(), end: z.string().max(40).optional() }

const form = z.strictObject({
  ...days,
  seen: z.string().max(40),
  search: z.string().optional(),
  agreement: recordOrWanted.optional(),
  back: z.enum(['start', 'end', 'agreement']).optional(),
  out: z.enum(['yes', 'no']).optional(),
})

type Form = z.output<typeof form>

/** `POST /lines/:id`: what a person types of a line; a refused save keeps it on the screen (M16). */
export const postLine = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const said = await readForm(c, form)
  const errors = errorsOf(said)
  return inRow(deps, c, said, errors, 'Saved.', (row) => save(deps, viewer, row, said))
}

const seenForm = z.strictObject({ seen: z.string().max(40) })

/** `POST /lines/:id/correction`: a line for what its source says otherwise of a posted one (FEATURES 4.5). */
export const postCorrection = (deps: Deps) => async (c: Ask) => {
  const { scope, member } = c.get('viewer')
  const said = await readForm(c, seenForm)
  const text = 'A correction was added to this month’s lines. Posting it waits for a person.'
  return inRow(deps, c, {}, {}, text, (row) => correctLine(deps, scope, { row, seen: seenOf(said), member }))
}

/** `POST /lines/:id/leave`: it stays as it was posted (FEATURES 4.5). */
export const postLeave = (deps: Deps) => async (c: Ask) => {
  const { scope, member } = c.get('viewer')
  const said = await readForm(c, seenForm)
  return inRow(deps, c, {}, {}, 'Left as posted.', (row) => leaveLine(deps, scope, { row, seen: seenOf(said), member }))
}

const seenOf = ({ seen }: { seen: string }): string | null => (seen === '' ? null : seen)

/** Does something in a row and answers with it: as it is then, or with why not and what was typed. */
async function inRow(
  deps: Deps,
  c: Ask,
  typed: Pick<Form, 'start' | 'end'>,
  errors: Record<string, string>,
  saved: string,
  work: (row: LineRow) => Promise<void>,
): Promise<Response> {
  const viewer = c.get('viewer')
  const row = await readableLine(deps, viewer, c.req.param('id') ?? '')
  if (Object.keys(errors).length > 0) return refuse(deps, c, row, typed, errors)
  try {
    await work(row)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return refuse(deps, c, await readableLine(deps, viewer, row.id), typed, {}, problem)
  }
  const props = await rowProps(deps, viewer, await readableLine(deps, viewer, row.id), { isOpen: true })
  return fragment(c, LineAnswer, { ...props, said: { saved } })
}

async function save(deps: Deps, viewer: Viewer, row: LineRow, said: Form): Promise<void> {
  if (row.status === 'synced') throw new Problem('conflict', 'This line is posted and locked.')
  if (said.agreement !== undefined) await requireReadable(deps, viewer, 'agreement', said.agreement)
  const edited = { member: viewer.member, seen: new Map([[row.id, seenOf(said)]]) }
  const change = changeOf(row, said)
  if (Object.keys(change).length > 0 && (await editLines(deps, viewer.scope, edited, change)) === 0)
    throw new Problem('conflict', 'Somebody changed this line, or it is being posted. This is how it is now.')
}

/** Only what is other than what the line holds is typed; a cleared end is one that never comes. */
function changeOf(row: LineRow, { start, end, agreement, back, out }: Form): LineChange {
  return {
    ...(start !== undefined && start !== row.effectiveOn ? { start } : {}),
    ...(end !== undefined && end !== (row.cancelledOn ?? '') ? { end: end === '' ? 'never' : end } : {}),
    ...(agreement === undefined ? {} : { agreement }),
    ...(back === undefined ? {} : { [back]: null }),
    ...(out === undefined ? {} : { leftOut: out === 'yes' }),
  }
}

function errorsOf({ start, end }: Pick<Form, 'start' | 'end'>): Record<string, string> {
  return {
    ...(start === undefined || isBillable(start) ? {} : { start: wrongDay }),
    ...(end === undefined || end === '' || isBillable(end) ? {} : { end: wrongDay }),
  }
}

export const wrongDay = 'Type a day that exists, between 2000 and 2099: 2026-11-30'

export const isBillable = (text: string): boolean => isDay(text) && text.startsWith('20')

async function refuse(
  deps: Deps,
  c: Ask,
  row: LineRow,
  { start, end }: Pick<Form, 'start' | 'end'>,
  errors: Record<string, string>,
  problem?: Problem,
): Promise<Response> {
  const props = await rowProps(deps, c.get('viewer'), row, { isOpen: true, typed: { start, end }, errors })
  const refused = problem?.message ?? 'Put right what is marked.'
  const status = problem?.kind === 'conflict' ? 409 : problem?.kind === 'unreachable' ? 503 : 422
  return fragment(c, LineAnswer, { ...props, said: { refused } }, status)
}

/** A line as it is now. Throws a Problem when there is none, or when the viewer may not read its company or agreement. */
async function readableLine(deps: Deps, viewer: Viewer, id: string): Promise<LineRow> {
  const [row] = await listLines(viewer.scope, { ids: [id] })
  if (!row || (row.companyId === null && viewer.role === 'technician'))
    throw new Problem('not_found', 'There is no such invoice line.')
  if (row.companyId !== null) await requireReadable(deps, viewer, 'company', row.companyId)
  if (row.placedAgreementId !== null) await requireReadable(deps, viewer, 'agreement', row.placedAgreementId)
  return row
}
