import * as z from 'zod'
import { dayIn, type Month, monthName, monthOf, shiftMonth } from '#billing/period.ts'
import { findHeardAt, listLineLoads } from '#db/line-loads.ts'
import { findSource, listSources, type Source } from '#db/sources.ts'
import { readForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { listLineSources } from '#sync/lines/line-sources.ts'
import { startLoad } from '#sync/lines/load-by-hand.ts'
import { isPulled } from '#sync/sources/heard.ts'
import { type LoadedMonth, LoadsPart, type LoadsProps } from '#views/lines/loads.tsx'

const scopes = ['current', 'previous', 'both'] as const
const form = z.object({ source: z.string().min(1).max(100), months: z.enum(scopes) })

/** `GET /lines/loads`: what was sent and loaded of the last months, and how far a load is (X17). */
export const getLoads = (deps: Deps) => async (c: Ask) => {
  const props = await loadsOf(deps, c.get('viewer'))
  if (!props.sources.some(({ isLoading }) => isLoading)) c.header('HX-Trigger', 'ended')
  return fragment(c, LoadsPart, props)
}

/** `POST /lines/loads`: loads the current month, the previous one or both (X17). */
export const postLoad = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { source: id, months } = await readForm(c, form)
  const { scope, tenant, member } = viewer
  const source = await findSource(scope, id)
  if (!source) throw new Problem('not_found', 'This source is not connected any more.')
  const all = monthsOf(viewer, deps.now())
  const chosen = { current: all.slice(1), previous: all.slice(0, 1), both: all }[months]
  try {
    await startLoad({ deps, scope, tenant, source, by: member }, chosen)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return fragment(c, LoadsPart, { ...(await loadsOf(deps, viewer)), chosen: months, refused: problem.message }, 409)
  }
  const props = await loadsOf(deps, viewer)
  if (!props.sources.some(({ isLoading }) => isLoading)) c.header('HX-Trigger', 'ended')
  return fragment(c, LoadsPart, { ...props, chosen: months, source: id })
}

/** The month before and this one, in the tenant's zone. */
function monthsOf({ tenant }: Viewer, now: number): Month[] {
  const month = monthOf(dayIn(tenant.zone, now))
  return [shiftMonth(month, -1), month]
}

/** What the loading controls show. */
export async function loadsOf(deps: Deps, viewer: Viewer): Promise<LoadsProps> {
  const { scope, tenant, role } = viewer
  const months = monthsOf(viewer, deps.now())
  const sources = await sourcesOf(viewer)
  const loads = await listLineLoads(scope)
  const shown = await Promise.all(
    sources.map(async (source) => ({
      ...{ id: source.id, name: source.name, isAsked: isPulled(source) },
      isLoading: source.loading !== null && source.loading.endedAt === undefined,
      months: await Promise.all(months.map((period) => monthOfSource(viewer, source, period, loads))),
    })),
  )
  return {
    sources: shown,
    names: { previous: monthName(months[0] ?? ''), current: monthName(months[1] ?? '') },
    acts: includesRole(role, 'finance'),
    zone: tenant.zone,
  }
}

async function monthOfSource(
  { scope }: Viewer,
  { id: sourceId, loading }: Source,
  period: Month,
  loads: Awaited<ReturnType<typeof listLineLoads>>,
): Promise<LoadedMonth> {
  const load = loads.find((one) => one.sourceId === sourceId && one.period === period)
  const sentAt = await findHeardAt(scope, { sourceId, period })
  const last = loading?.months.find((one) => one.period === period)
  return {
    name: monthName(period),
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(load ? { loadedAt: load.loadedAt, lines: load.lineCount } : {}),
    ...(last ? { state: last.state, ...(last.text === undefined ? {} : { text: last.text }) } : {}),
  }
}

/** Sources of invoice lines, by what they told last or are set up to be asked for. */
async function sourcesOf({ scope }: Viewer): Promise<Source[]> {
  const told = new Set((await listLineSources(scope)).map(({ id }) => id))
  return (await listSources(scope)).filter(({ id, settings }) => told.has(id) || settings.kind === 'invoice-lines')
}
