import * as z from 'zod'
import { pageAccounts } from '#db/listed-accounts.ts'
import type { AccountKey } from '#db/mappings.ts'
import { findNewestLoaded } from '#db/offers.ts'
import { listSources } from '#db/sources.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { loadNames } from '#routes/names.ts'
import { pageSize, pagesOf } from '#routes/paging.ts'
import { linesOf } from '#routes/pods/account-lines.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { listAllCompanies, listAllProducts } from '#sync/mapping/catalogue.ts'
import type { Suggested } from '#sync/mapping/suggestions.ts'
import { tenantOf } from '#sync/run.ts'
import { listedSince } from '#sync/sources/newest-words.ts'
import { AccountsPart, type AccountsProps } from '#views/mapping/accounts.tsx'
import type { AccountLine, Place, Said } from '#views/mapping/line.ts'
import { type MappingProps, MappingScreen } from '#views/mapping/mapping.tsx'
import { RowAnswer } from '#views/mapping/row.tsx'
import { digestOfSuggestions } from './digest.ts'
import { filterOf, type GridQuery, gridQuery } from './query.ts'

/** `GET /mappings`: the screen with its first page of accounts. */
export const getMappings = (deps: Deps) => async (c: Ask) => {
  return fragment(c, MappingScreen, await screenOf(deps, c.get('viewer'), readQuery(c, gridQuery)))
}

/** The whole mapping screen, as `query` asks for it. */
export async function screenOf(deps: Deps, viewer: Viewer, query: GridQuery): Promise<MappingProps> {
  const [accounts, sources, newest] = await Promise.all([
    gridOf(deps, viewer, query),
    listSources(viewer.scope),
    findNewestLoaded(viewer.scope),
  ])
  return {
    standing: standingOf(viewer),
    sources: sources.map(({ id, name, kind }) => ({ id, name, kind })),
    ...{ query, accounts, hasLines: newest !== undefined },
  }
}

/** `GET /mappings/accounts`: the list alone, as search, filters and pages ask for it. */
export const getAccounts = (deps: Deps) => async (c: Ask) =>
  fragment(c, AccountsPart, await gridOf(deps, c.get('viewer'), readQuery(c, gridQuery)))

/** `POST /mappings/listing`: lists companies and products from ConnectWise anew (M26). */
export const postListing = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const query = await readForm(c, gridQuery)
  await Promise.all([listAllCompanies(deps, viewer.scope), listAllProducts(deps, viewer.scope)])
  const tenant = await tenantOf(viewer.scope)
  const part = await gridOf(deps, { ...viewer, tenant }, query)
  return fragment(c, AccountsPart, { ...part, said: 'Companies and products were listed anew from ConnectWise.' })
}

/** One page of accounts, of those the viewer may see. */
export async function gridOf(deps: Deps, viewer: Viewer, query: GridQuery): Promise<AccountsProps> {
  const { filter, suggestions, isWhole } = await filterOf(deps, viewer, query)
  // Looking for suggestions may have listed them just now.
  const { companiesListedAt } = await tenantOf(viewer.scope)
  const since = await listedSince(viewer.scope, await listSources(viewer.scope))
  const offset = (query.page - 1) * pageSize
  const rows = await pageAccounts(viewer.scope, filter, { listedSince: since, limit: pageSize, offset })
  const { lines } = await linesOf(deps, viewer, rows)
  const company = await companyOf(deps, viewer, query.company)
  const total = rows[0]?.total ?? 0
  return {
    lines: lines.map((line) => withOffer(withSuggestion(line, suggestions), company)),
    ...(company ? { company } : {}),
    isWhole,
    total,
    page: query.page,
    pages: pagesOf(total),
    zone: viewer.tenant.zone,
    acts: includesRole(viewer.role, 'finance'),
    query,
    suggested: { count: suggestions.length, digest: digestOfSuggestions(suggestions) },
    ...(companiesListedAt === null ? {} : { listedAt: companiesListedAt }),
  }
}

function withSuggestion(line: AccountLine, suggestions: readonly Suggested[]): AccountLine {
  const found = suggestions.find(({ key }) => key.sourceId === line.source && key.account === line.account)
  if (!found) return line
  const { company, score, reason } = found
  return {
    ...line,
    suggestion: { company: company.id, name: company.name, identifier: company.identifier, score, reason },
  }
}

const rowQuery = z.object({
  source: z.string().max(100),
  account: z.string().max(200),
  edit: z.string().max(3).default(''),
})

/** `GET /mappings/row`: one account, with its pickers open or closed. */
export const getAccountRow = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { source, account, edit } = readQuery(c, rowQuery)
  const line = await lineOf(deps, viewer, { sourceId: source, account })
  return fragment(c, RowAnswer, { line, zone: viewer.tenant.zone, acts: true, edit: edit !== '' })
}

/** The company the list was opened for, as its pod does. */
async function companyOf(deps: Deps, viewer: Viewer, id: number | undefined): Promise<Place | undefined> {
  if (id === undefined) return undefined
  const names = await loadNames(deps, viewer, { companies: [id], agreements: [], products: [] })
  return names.mayRead(id) ? names.company(id) : undefined
}

const withOffer = (line: AccountLine, company: Place | undefined): AccountLine =>
  company && !line.company ? { ...line, offer: company } : line

/** One row as it is now. Throws a Problem when there is none the viewer may see. */
async function lineOf(deps: Deps, viewer: Viewer, key: AccountKey): Promise<AccountLine> {
  const since = await listedSince(viewer.scope, await listSources(viewer.scope))
  const page = { listedSince: since, limit: 1, offset: 0 }
  const rows = await pageAccounts(viewer.scope, { only: [key], sort: 'account' }, page)
  const { lines, hidden } = await linesOf(deps, viewer, rows)
  const [line] = lines
  if (hidden > 0) throw new Problem('forbidden', 'You may not read the company of this account in ConnectWise.')
  if (!line) throw new Problem('not_found', 'No source lists this account.')
  return line
}

/** The row after something was done in it; its pickers stay open while something is missing. */
export async function rowAnswer(deps: Deps, viewer: Viewer, key: AccountKey, said: Said) {
  const line = await lineOf(deps, viewer, key)
  return { line, zone: viewer.tenant.zone, acts: true, edit: true, said }
}
