import { z } from 'zod'
import { type ListedAccount, pageAccounts } from '#db/accounts.ts'
import type { AccountKey } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { includeAccounts } from '#sync/include.ts'
import { listedSince } from '#sync/newest-words.ts'
import { chooseCompany, readCompanies } from '#sync/place-account.ts'
import { unmap } from '#sync/unmap.ts'
import { AccountsPart, Review } from '#views/mapping-accounts.tsx'
import { readForm } from './form.ts'
import { filterOf, type GridQuery, gridQuery, readableSuggestions } from './mapping-query.ts'
import { askedBy } from './mapping-sight.ts'
import { gridOf } from './mappings.ts'
import type { Ask } from './route.ts'

const mostRows = 5000
const count = z.coerce.number().int().nonnegative()

/** A row's key as its tick sends it. */
const key = z
  .string()
  .max(400)
  .transform((text, context): AccountKey => {
    const pair = pairOf(text)
    if (pair) return { sourceId: pair[0], account: pair[1] }
    context.addIssue({ code: 'custom', message: 'is not a row of this list' })
    return z.NEVER
  })

const several = gridQuery.extend({
  action: z.enum(['include', 'exclude', 'unmap']),
  scope: z.enum(['ticked', 'all']),
  keys: z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(key).max(mostRows)),
})

/** `POST /mappings/reviews`: how many rows would be changed, before they are (M17). */
export const postReview = (deps: Deps) => async (c: Ask) => {
  const form = await readForm(c, several)
  const rows = await rowsOf(deps, c.get('viewer'), form)
  const keys = rows.map(({ sourceId, account }) => JSON.stringify([sourceId, account]))
  return fragment(c, Review, {
    action: form.action,
    count: rows.length,
    ...(form.scope === 'ticked' ? { keys } : {}),
  })
}

/** `POST /mappings/bulk`: changes exactly as many rows as the question said (M17). */
export const postBulk = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, several.extend({ count }))
  const rows = await rowsOf(deps, viewer, form)
  if (rows.length !== form.count) throw movedOn(rows.length, form.count)
  const done =
    form.action === 'unmap'
      ? await unmapAll(deps, viewer, rows)
      : await includeAll(deps, viewer, rows, form.action === 'include')
  return fragment(c, AccountsPart, { ...(await gridOf(deps, viewer, form)), ...done })
}

/** `POST /mappings/suggestions`: accepts every suggestion there is, as many as the button said (4.8). */
export const postSuggestions = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const form = await readForm(c, gridQuery.extend({ count }))
  const all = await readableSuggestions(deps, viewer)
  if (all.length !== form.count) throw movedOn(all.length, form.count)
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

async function includeAll(deps: Deps, { scope, member }: Viewer, rows: readonly ListedAccount[], on: boolean) {
  const changed = await includeAccounts(deps, scope, member, rows, on)
  const word = on ? 'included' : 'excluded'
  const same = rows.length - changed
  return { said: `${changed} ${word}${same > 0 ? `; ${same} were ${word} already` : ''}.` }
}

async function unmapAll(deps: Deps, viewer: Viewer, rows: readonly ListedAccount[]) {
  const failures = await eachRow(rows, (row) => {
    return [`${row.name} (${row.account}): `, unmap(deps, viewer.scope, askedBy(deps, viewer, row))]
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

/** The rows that are meant, without those whose company the viewer may not read. */
async function rowsOf(deps: Deps, viewer: Viewer, form: Several): Promise<ListedAccount[]> {
  const { filter } = form.scope === 'all' ? await filterOf(deps, viewer, form) : { filter: ticked(form.keys) }
  const since = await listedSince(viewer.scope, await listSources(viewer.scope))
  const rows = await pageAccounts(viewer.scope, filter, { listedSince: since, limit: mostRows, offset: 0 })
  const companies = rows.flatMap(({ companyId }) => companyId ?? [])
  const readable = await listReadable(deps, viewer, 'company', [...new Set(companies)])
  return rows.filter(({ companyId }) => companyId === null || readable.has(companyId))
}

const ticked = (only: readonly AccountKey[]) => ({ only, sort: 'name' as const })

const movedOn = (now: number, stated: number) =>
  new Problem('conflict', `There are ${now} rows now, not ${stated}, so nothing was changed. Look at the list again.`)

function pairOf(text: string): [string, string] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!Array.isArray(value) || value.length !== 2) return undefined
    const [source, account]: unknown[] = value
    return typeof source === 'string' && typeof account === 'string' ? [source, account] : undefined
  } catch {
    return undefined
  }
}
