import * as z from 'zod'
import { type LineFilter, listChangeable, type SeenLine, sumLines } from '#db/lines-page.ts'
import { sha256 } from '#db/sha256.ts'
import { readForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { editLines, type LineChange } from '#sync/lines/edit.ts'
import { LinesPart } from '#views/lines/rows.tsx'
import { Review, type ReviewProps } from '#views/lines/several.tsx'
import { isBillable, wrongDay } from './edit.ts'
import { partOf } from './lines.ts'
import { type Found, findLines, lineQuery } from './query.ts'

/** Lines that are changed at once. */
const mostLines = 10_000

const ids = z.preprocess(
  (value) => (value === undefined ? [] : [value].flat()),
  z.array(z.string().max(40)).max(mostLines),
)

const several = lineQuery.extend({
  action: z.enum(['agreement', 'start', 'end', 'rule', 'out', 'in']),
  scope: z.enum(['ticked', 'all']),
  line: ids,
})

type Several = z.output<typeof several>

/** `POST /lines/reviews`: how many lines would be changed, before they are, and the value to give them (M17). */
export const postLineReview = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, several)
  return fragment(c, Review, await reviewOf(viewer, form, await meantBy(deps, viewer, form)))
}

/** `POST /lines/bulk`: one value for exactly the lines that the question was about, as they were then; else it asks again (M17). */
export const postLineBulk = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, several.extend({ digest: z.string().max(100), value: z.string().max(40).default('') }))
  const meant = await meantBy(deps, viewer, form)
  const { found, lines } = meant
  const refuse = async (problem: string, status: 409 | 422) => {
    c.header('HX-Retarget', '#several')
    c.header('HX-Reswap', 'outerHTML')
    return fragment(c, Review, { ...(await reviewOf(viewer, form, meant)), value: form.value, problem }, status)
  }
  if (digestOf(lines) !== form.digest) return refuse(moved, 409)
  const change = changeOf(form.action, form.value)
  if (typeof change === 'string') return refuse(change, 422)
  try {
    if (change.agreement) await requireReadable(deps, viewer, 'agreement', change.agreement)
    const seen = new Map(lines.map((line) => [line.id, line.change]))
    const done = await editLines(deps, viewer.scope, { member: viewer.member, seen }, change)
    return fragment(c, LinesPart, { ...(await partOf(viewer, found)), said: saidOf(done, lines.length) })
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return refuse(problem.message, problem.kind === 'conflict' ? 409 : 422)
  }
}

const moved = 'The lines are others than you were asked about, so nothing was changed.'

const saidOf = (done: number, asked: number): string => {
  const left = asked - done
  const rest =
    left === 0 ? '' : ` ${left} were changed by somebody meanwhile, or are being posted: they stay as they are.`
  return `${done === 1 ? '1 line was' : `${done} lines were`} changed.${rest}`
}

/** What an action and its value say; a text says what is wrong with the value. */
function changeOf(action: Several['action'], value: string): LineChange | string {
  if (action === 'out' || action === 'in') return { leftOut: action === 'out' }
  if (action === 'rule') return { start: null, end: null }
  if (action === 'agreement')
    return /^-?[1-9]\d{0,9}$/.test(value) ? { agreement: Number(value) } : 'Pick an agreement.'
  if (action === 'end' && value === '') return { end: 'never' }
  return isBillable(value) ? { [action]: value } : `${wrongDay}.`
}

interface Meant {
  found: Found
  filter: LineFilter
  lines: SeenLine[]
}

/** The lines that are meant, of those the viewer may read, without posted ones (X9). */
async function meantBy(deps: Deps, viewer: Viewer, form: Several): Promise<Meant> {
  const found = await findLines(deps, viewer, form)
  const { period, readable } = found.filter
  const filter = form.scope === 'all' ? found.filter : { period, readable, ids: form.line }
  const lines = await listChangeable(viewer.scope, filter, mostLines + 1)
  if (lines.length <= mostLines) return { found, filter, lines }
  throw new Problem('invalid', `At most ${mostLines} lines are changed at once: filter them further.`)
}

async function reviewOf(
  { scope }: Viewer,
  { action, scope: which }: Several,
  { filter, lines }: Meant,
): Promise<ReviewProps> {
  const companies = [...new Set(lines.map(({ companyId }) => companyId))]
  const [company] = companies
  const sums = await sumLines(scope, filter)
  const posted = sums.filter(({ status }) => status === 'synced')
  return {
    ...{ action, count: lines.length, digest: digestOf(lines) },
    locked: posted.reduce((all, one) => all + one.lines, 0),
    ...(which === 'ticked' ? { ids: lines.map(({ id }) => id) } : {}),
    ...(companies.length === 1 && typeof company === 'number' ? { company } : {}),
  }
}

/** Names exactly these lines in these states (M17). */
const digestOf = (lines: readonly SeenLine[]): string =>
  sha256(lines.map(({ id, change, status }) => `${id} ${change ?? ''} ${status}`).join())
