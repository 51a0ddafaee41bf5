import { dayIn, monthName, monthOf } from '#billing/period.ts'
import { listLineLoads } from '#db/line-loads.ts'
import { listLineFacets, pageLines, sumLines } from '#db/lines-page.ts'
import { listSources } from '#db/sources.ts'
import { readQuery } from '#routes/form.ts'
import { pageSize, pagesOf } from '#routes/paging.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { LinesScreen } from '#views/lines/lines.tsx'
import { LinesPart, type LinesProps } from '#views/lines/rows.tsx'
import { facetsOf } from './facets.ts'
import { loadLineNames, viewOf } from './line-view.ts'
import { loadsOf } from './loads.ts'
import { type Found, findLines, lineQuery } from './query.ts'
import { totalsOf } from './totals.ts'

/** `GET /lines`: the screen with the first page of a month's invoice lines (M15, X16). */
export const getLines = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const asked = readQuery(c, lineQuery)
  const sources = await sourcesOf(viewer)
  const [only, ...others] = sources
  const source = only && others.length === 0 ? only.value : asked.source
  const found = await findLines(deps, viewer, { ...asked, source })
  const { period, readable } = found.filter
  const all = { period, readable, ...(source === '' ? {} : { source }) }
  return fragment(c, LinesScreen, {
    standing: standingOf(viewer),
    sources,
    // Corrections are of the current month, loaded or not.
    months: [...new Set([monthOf(dayIn(viewer.tenant.zone, deps.now())), found.query.month, ...found.months])]
      .sort()
      .reverse()
      .map((month) => ({ value: month, text: monthName(month) })),
    facets: await facetsOf(viewer, await listLineFacets(viewer.scope, all)),
    part: await partOf(viewer, found),
    loads: await loadsOf(deps, viewer),
  })
}

/** `GET /lines/rows`: the list alone, as search, filters, order and pages ask for it. */
export const getLineRows = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  return fragment(c, LinesPart, await partOf(viewer, await findLines(deps, viewer, readQuery(c, lineQuery))))
}

/** A page of what was found, with what all of it adds up to. */
export async function partOf(viewer: Viewer, found: Found): Promise<LinesProps> {
  const { query, filter, order, seesMoney } = found
  const sums = await sumLines(viewer.scope, filter)
  const total = sums.reduce((all, { lines }) => all + lines, 0)
  const pages = pagesOf(total)
  const page = Math.min(query.page, pages)
  const rows = await pageLines(viewer.scope, filter, { order, limit: pageSize, offset: (page - 1) * pageSize })
  const names = await loadLineNames(viewer, rows)
  const { month, page: _, quiet, ...filters } = query
  return {
    lines: rows.map((row) => viewOf(viewer, row, names, seesMoney)),
    monthName: monthName(month),
    isLoaded: found.months.includes(month),
    ...{ total, page, pages, seesMoney, isWhole: found.isWhole, zone: viewer.tenant.zone },
    totals: totalsOf(sums, seesMoney),
    acts: includesRole(viewer.role, 'finance'),
    query: { month, ...filters },
    isQuiet: quiet === 'yes',
  }
}

/** The sources of which lines are stored, by name. */
async function sourcesOf({ scope }: Viewer) {
  const loaded = new Set((await listLineLoads(scope)).map(({ sourceId }) => sourceId))
  const sources = (await listSources(scope)).filter(({ id }) => loaded.has(id))
  return sources.map(({ id, name }) => ({ value: id, text: name }))
}
