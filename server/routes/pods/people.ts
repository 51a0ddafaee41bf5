import { userListCsv, usersOf } from '#billing/user-list.ts'
import { listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import { callerOf } from '#routes/caller.ts'
import { readQuery } from '#routes/form.ts'
import { pageOf, pageQuery } from '#routes/paging.ts'
import type { Ask } from '#routes/route.ts'
import { tooMany } from '#routes/too-many.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import { listReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { type Crowd, crowdOf } from '#sync/people/people.ts'
import { People } from '#views/pods/people.tsx'

const downloadsPerMinute = 6

/** `GET /mappings/:id/people`: who is in the number this mapping reads. */
export const getPeople = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const mapping = await readableMapping(deps, viewer, c.req.param('id') ?? '')
  const { behind, snapshot, since } = await crowd(deps, viewer, mapping)
  const all = usersOf(behind)
  const { rows: people, page, pages } = pageOf(all, readQuery(c, pageQuery).page)
  const counted = all.filter(({ why }) => why === undefined).length
  return fragment(c, People, {
    mapping: mapping.id,
    ...(snapshot ? { snapshot } : {}),
    counted,
    excluded: all.length - counted,
    people,
    page,
    pages,
    behind,
    ...(since ? { since } : {}),
    zone: viewer.tenant.zone,
    now: deps.now(),
  })
}

/** `GET /mappings/:id/people.csv`: the same list for a spreadsheet (FEATURES 4.12). */
export function getPeopleCsv(deps: Deps) {
  const secondsToWait = createRateLimit(downloadsPerMinute, deps.now)
  return async (c: Ask) => {
    const viewer = c.get('viewer')
    const wait = secondsToWait([viewer.tenant.id, viewer.member, callerOf(deps, c)].join('|'))
    if (wait !== undefined) return tooMany(c, wait, `${downloadsPerMinute} a minute`)
    const mapping = await readableMapping(deps, viewer, c.req.param('id') ?? '')
    const { behind, name } = await crowd(deps, viewer, mapping)
    return c.body(userListCsv({ id: mapping.account, name }, usersOf(behind)), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="users.csv"',
    })
  }
}

async function crowd(deps: Deps, { scope, tenant }: Viewer, mapping: MappingRow): Promise<Crowd> {
  const source = (await listSources(scope)).find(({ id }) => id === mapping.sourceId)
  if (!source) throw new Problem('not_found', 'The source of this mapping is not connected any more.')
  return crowdOf(deps, scope, { tenant, source, mapping })
}

/** One answer for a mapping that is not there and one whose company the member may not read. */
async function readableMapping(deps: Deps, viewer: Viewer, id: string): Promise<MappingRow> {
  const [mapping] = await listMappingsOf(viewer.scope, { ids: [id] })
  const readable = mapping ? await listReadable(deps, viewer, 'company', [mapping.companyId]) : new Set<number>()
  if (!mapping || !readable.has(mapping.companyId))
    throw new Problem('not_found', 'There is no such mapping that you may see.')
  return mapping
}
