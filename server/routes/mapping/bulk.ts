import * as z from 'zod'
import { pageAccounts } from '#db/listed-accounts.ts'
import { type AccountKey, listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import { readForm } from '#routes/form.ts'
import { loadNames } from '#routes/names.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { versionOf } from '#sync/mapping/account-state.ts'
import { includeAccounts } from '#sync/mapping/include.ts'
import { chooseCompany, readCompanies } from '#sync/mapping/place-account.ts'
import { unmap } from '#sync/mapping/unmap.ts'
import { keyText, listedSince } from '#sync/sources/newest-words.ts'
import { AccountsPart } from '#views/mapping/accounts.tsx'
import { Review, type ReviewProps } from '#views/mapping/several.tsx'
import { accountKey, mostRows } from './account-key.ts'
import { digestOfRows, digestOfSuggestions, type SeenRow } from './digest.ts'
import { gridOf } from './mappings.ts'
import { filterOf, type GridQuery, gridQuery, readableSuggestions } from './query.ts'
import { askedBy, sightOf } from './sight.ts'

const digest = z.string().max(100)

const several = gridQuery.extend({
  action: z.enum(['include', 'exclude', 'unmap', 'company']),
  /** Where accounts are mapped to; `company` is what the list was opened for. */
  chosen: recordOrWanted.optional(),
  scope: z.enum(['ticked', 'all']),
  keys: z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(accountKey).max(mostRows)),
})

/** `POST /mappings/reviews`: how many rows would be changed, before they are (M17). */
export const postReview = (deps: Deps) => async (c: Ask) => {
  const form = await readForm(c, several)
  const viewer = c.get('viewer')
  return fragment(c, Review, await reviewOf(deps, viewer, form, await rowsOf(deps, viewer, form)))
}

/** `POST /mappings/bulk`: changes exactly the rows that the question was about, as they were then; else it asks again (M17). */
export const postBulk = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, several.extend({ digest }))
  const rows = await rowsOf(deps, viewer, form)
  if (digestOfRows(rows) !== form.digest) {
    c.header('HX-Retarget', '#several')
    c.header('HX-Reswap', 'outerHTML')
    return fragment(c, Review, { ...(await reviewOf(deps, viewer, form, rows)), moved: true }, 409)
  }
  const done = await doneTo(deps, viewer, form, rows)
  return fragment(c, AccountsPart, { ...(await gridOf(deps, viewer, form)), ...done })
}

async function doneTo(deps: Deps, viewer: Viewer, { action, chosen }: Asked, rows: readonly SeenRow[]) {
  if (action === 'company') return mapAll(deps, viewer, rows, await companyAsked(deps, viewer, chosen))
  if (action === 'unmap') return unmapAll(deps, viewer, rows)
  return includeAll(deps, viewer, rows, action === 'include')
}

type Asked = Pick<z.output<typeof several>, 'action' | 'chosen'>

async function reviewOf(
  deps: Deps,
  viewer: Viewer,
  form: Several & Asked,
  rows: readonly SeenRow[],
): Promise<ReviewProps> {
  return {
    action: form.action,
    ...(form.action === 'company' ? { company: await companyAsked(deps, viewer, form.chosen) } : {}),
    count: rows.length,
    digest: digestOfRows(rows),
    ...(form.scope === 'ticked' ? { keys: rows.map(({ row }) => JSON.stringify([row.sourceId, row.account])) } : {}),
  }
}

/** The company that several accounts are to be mapped to. Throws a Problem when the viewer may not read it. */
async function companyAsked(deps: Deps, viewer: Viewer, id: number | undefined): Promise<{ id: number; name: string }> {
  if (id === undefined) throw new Problem('invalid', 'Choose the company.')
  await requireReadable(deps, viewer, 'company', id)
  const names = await loadNames(deps, viewer, { companies: [id], agreements: [], products: [] })
  return { id, name: names.company(id).name }
}

/** `POST /mappings/suggestions`: accepts exactly the suggestions that were shown (4.8). */
export const postSuggestions = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, gridQuery.extend({ digest }))
  const all = await readableSuggestions(deps, viewer)
  if (digestOfSuggestions(all) !== form.digest) throw moved()
  const companies = readCompanies(
    deps,
    viewer.scope,
    all.map(({ companyId }) => companyId),
  )
  const failures = await eachRow(all, ({ key, company }) => {
    const named = `${key.account}: `
    return [named, chooseCompany(deps, viewer.scope, askedBy(deps, viewer, key), company.id, companies)]
  })
  const said = `${all.length - failures.length} of ${all.length} suggestions accepted. Choose their agreements next.`
  return fragment(c, AccountsPart, { ...(await gridOf(deps, viewer, { ...form, status: '' })), said, failures })
}

async function includeAll(deps: Deps, { scope, member }: Viewer, rows: readonly SeenRow[], on: boolean) {
  const keys = rows.map(({ row }) => row)
  const changed = await includeAccounts(deps, scope, member, keys, on)
  const word = on ? 'included' : 'excluded'
  const same = rows.length - changed
  return { said: `${changed} ${word}${same > 0 ? `; ${same} were ${word} already` : ''}.` }
}

async function mapAll(
  deps: Deps,
  viewer: Viewer,
  rows: readonly SeenRow[],
  { id, name }: { id: number; name: string },
) {
  const companies = readCompanies(deps, viewer.scope, [id])
  const failures = await eachRow(rows, ({ row, version }) => {
    const asked = { ...askedBy(deps, viewer, row), version }
    return [`${row.name} (${row.account}): `, chooseCompany(deps, viewer.scope, asked, id, companies)]
  })
  return { said: `${rows.length - failures.length} of ${rows.length} mapped to ${name}.`, failures }
}

async function unmapAll(deps: Deps, viewer: Viewer, rows: readonly SeenRow[]) {
  const failures = await eachRow(rows, ({ row, version }) => {
    return [`${row.name} (${row.account}): `, unmap(deps, viewer.scope, { ...askedBy(deps, viewer, row), version })]
  })
  return { said: `${rows.length - failures.length} of ${rows.length} unmapped. What was written stays.`, failures }
}

/** Does it row by row; what fails is told and stops no other. */
async function eachRow<T>(rows: readonly T[], work: (row: T) => [string, Promise<unknown>]): Promise<string[]> {
  const failures: string[] = []
  for (const row of rows) {
    const [named, done] = work(row)
    await done.catch((problem: unknown) => {
      if (!(problem instanceof Problem)) throw problem
      failures.push(`${named}${problem.message}`)
    })
  }
  return failures
}

type Several = GridQuery & { scope: 'ticked' | 'all'; keys: readonly AccountKey[] }

/** The rows that are meant, without those that name a company or an agreement which the viewer may not read. */
async function rowsOf(deps: Deps, viewer: Viewer, form: Several): Promise<SeenRow[]> {
  const { filter } = form.scope === 'all' ? await filterOf(deps, viewer, form) : { filter: ticked(form.keys) }
  const since = await listedSince(viewer.scope, await listSources(viewer.scope))
  const rows = await pageAccounts(viewer.scope, filter, { listedSince: since, limit: mostRows, offset: 0 })
  const mappings = await listMappingsOf(viewer.scope, { accounts: rows })
  const byAccount = new Map(rows.map((row) => [keyText(row), { ...row, mappings: [] as MappingRow[] }]))
  for (const mapping of mappings) byAccount.get(keyText(mapping))?.mappings.push(mapping)
  const found = [...byAccount.values()]
  const maySee = await sightOf(deps, viewer, found)
  return found.filter(maySee).map((row) => ({ row, version: versionOf(row, row.mappings) }))
}

const ticked = (only: readonly AccountKey[]) => ({ only, sort: 'name' as const })

const moved = () =>
  new Problem('conflict', 'There are other suggestions now than were shown, so none was accepted. Press Suggest again.')
