import * as z from 'zod'
import { listPlaces } from '#db/accounts.ts'
import type { AccountFilter } from '#db/listed-accounts.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { listSuggestions, type Suggested } from '#sync/mapping/suggestions.ts'

const empty = z.literal('').transform(() => undefined)

/** How the grid is asked for: search, filters, order, page. */
export const gridQuery = z.object({
  search: z.string().max(100).default(''),
  status: z.enum(['', 'mapped', 'unmapped', 'excluded', 'parked', 'gone', 'suggested']).catch('').default(''),
  source: z.string().max(100).default(''),
  company: z.union([empty, z.coerce.number().int().positive()]).optional().catch(undefined),
  months: z.coerce.number().int().min(1).max(15).catch(1).default(1),
  sort: z.enum(['unmapped', 'name', 'account', 'company']).catch('unmapped').default('unmapped'),
  page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1),
})

export type GridQuery = z.output<typeof gridQuery>

export interface Filtered {
  filter: AccountFilter
  suggestions: readonly Suggested[]
  /** Whether the viewer may read every company that accounts are of. */
  isWhole: boolean
}

/** What the grid lists for this viewer, with the suggestions when they are what is asked for. */
export async function filterOf(
  deps: Deps,
  viewer: Viewer,
  { search, status, source, company, months, sort }: GridQuery,
): Promise<Filtered> {
  const placed = [...new Set((await listPlaces(viewer.scope)).map(({ companyId }) => companyId))]
  const readable = await listReadable(deps, viewer, 'company', placed)
  const acts = includesRole(viewer.role, 'finance')
  const suggestions = acts && status === 'suggested' ? await readableSuggestions(deps, viewer) : []
  const filter: AccountFilter = {
    text: search.trim(),
    readable: [...readable],
    ...{ sort, months },
    ...(source === '' ? {} : { source }),
    ...(status === '' || status === 'suggested' ? {} : { status }),
    ...(company === undefined ? {} : { company }),
    // Accounts without a company are for those who map.
    ...(acts ? {} : { placed: true }),
    ...(status === 'suggested' ? { only: suggestions.map(({ key }) => key) } : {}),
  }
  return { filter, suggestions, isWhole: readable.size === placed.length }
}

/** The suggestions whose companies the viewer may read in ConnectWise. */
export async function readableSuggestions(deps: Deps, viewer: Viewer): Promise<Suggested[]> {
  const all = await listSuggestions(deps, viewer.scope)
  const ids = all.map(({ companyId }) => companyId)
  const readable = await listReadable(deps, viewer, 'company', ids)
  return all.filter(({ companyId }) => readable.has(companyId))
}
