import * as z from 'zod'
import { listPlaces } from '#db/accounts.ts'
import { listLines } from '#db/lines.ts'
import { listOpenLines } from '#db/lines-pods.ts'
import { listReferredAgreements } from '#db/lines-references.ts'
import { listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { listAgreements } from '#db/mirror.ts'
import { listAccountNames } from '#db/plan-lines.ts'
import { listSources } from '#db/sources.ts'
import { accountKey, mostRows } from '#routes/mapping/account-key.ts'
import { presentIds } from '#routes/readable.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import type { Asked } from '#sync/asked.ts'

const recordId = z.coerce.number('a number').int('a whole number').positive('a number above 0')
const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())
/** A ticked line names all its mappings, with spaces between. */
const mappingIds = texts.transform((values) => values.flatMap((value) => value.split(' ')))

/** Invoice lines that one run may name. */
const mostLines = 500
const lineIds = texts.refine((ids) => ids.length <= mostLines, `at most ${mostLines} lines at once`)

const fields = z.strictObject({
  company: recordId.optional(),
  agreement: recordId.optional(),
  mapping: mappingIds.optional(),
  source: z.string().optional(),
  account: texts.optional(),
  /** Ticked rows of the mapping grid. */
  keys: z.preprocess(
    (value) => (value === undefined ? undefined : [value].flat()),
    z.array(accountKey).max(mostRows).optional(),
  ),
  /** Invoice lines, by our ids (X4, X5). */
  line: lineIds.optional(),
  /** Asked for what is ticked: then nothing ticked is not everything. */
  ticked: z.literal('yes').optional(),
})

type Form = z.infer<typeof fields>

/** What is asked for; nothing means everything. A field that is not understood could have meant less: it is refused. */
export const runForm = fields
  .refine(namesOne, 'name one company, one agreement, mappings, invoice lines, or a source and accounts')
  .refine(namesTicked, 'Tick the rows to sync first.')

function namesOne({ company, agreement, mapping, source, account, keys, line }: Form): boolean {
  const named = [company, agreement, mapping, keys, line, source ?? account]
  return named.filter((name) => name !== undefined).length <= 1
}

function namesTicked({ ticked, mapping, keys, line }: Form): boolean {
  return ticked === undefined || [mapping, keys, line].some((named) => named !== undefined)
}

/**
 * What a form asks to be synced. Everything, or a whole source, is finance's to sync; what is named by company, agreement,
 * mapping or account only where the member may read every company and agreement of it. Throws a Problem otherwise, and
 * when there is no such thing.
 */
export async function askedOf(deps: Deps, viewer: Viewer, form: Form): Promise<Asked> {
  const { company, agreement, mapping, source, account } = form
  const asked = { startedBy: viewer.member, ...(source === undefined ? {} : { source }) }
  if (source !== undefined) await requireSource(viewer, source)
  if (account !== undefined) {
    await requireAll(deps, viewer, await placesOfAccounts(viewer, account, source))
    return { ...asked, accounts: account }
  }
  const { keys, line } = form
  if (line !== undefined) return { ...asked, lines: await readableLines(deps, viewer, line) }
  if ([company, agreement, mapping, keys].every((named) => named === undefined)) return asked
  const lines = await onlyLines(viewer, form)
  if (lines.length > 0) return { ...asked, lines: await readableLines(deps, viewer, lines) }
  const rows = await mappingsNamed(deps, viewer, form)
  await requireAll(deps, viewer, rows)
  return { ...asked, mappings: rows.map(({ id }) => id) }
}

/** What is not posted yet of a company or agreement that is billed by invoice lines alone. */
async function onlyLines({ scope }: Viewer, { company, agreement }: Form): Promise<string[]> {
  const of = company !== undefined ? { company } : agreement !== undefined ? { agreement } : undefined
  if (!of || (await listMappingsOf(scope, of)).length > 0) return []
  return listOpenLines(scope, of, mostLines)
}

async function mappingsNamed(deps: Deps, viewer: Viewer, form: Form): Promise<readonly MappingRow[]> {
  const { company, agreement, mapping = [], keys } = form
  if (keys !== undefined) return some(await listMappingsOf(viewer.scope, { accounts: keys }), 'the ticked accounts')
  if (company !== undefined) {
    await requireReadable(deps, viewer, 'company', company)
    return some(await listMappingsOf(viewer.scope, { company }), 'this company')
  }
  if (agreement !== undefined) {
    await requireReadable(deps, viewer, 'agreement', agreement)
    return some(await listMappingsOf(viewer.scope, { agreement }), 'this agreement')
  }
  const rows = await listMappingsOf(viewer.scope, { ids: mapping })
  if (rows.length < new Set(mapping).size)
    throw new Problem('not_found', 'A mapping that was asked for is gone: look at the list again.')
  return rows
}

function some(rows: readonly MappingRow[], what: string): readonly MappingRow[] {
  if (rows.length === 0) throw new Problem('invalid', `No account is mapped to ${what}: map one first.`)
  return rows
}

/** What these accounts, and their lines, are billed to, of one source or of any. Throws a Problem when no source named one. */
async function placesOfAccounts(
  { scope }: Viewer,
  accounts: readonly string[],
  source: string | undefined,
): Promise<Placed[]> {
  const sources = (await listSources(scope)).map(({ id }) => id).filter((id) => source === undefined || id === source)
  const keys = sources.flatMap((sourceId) => accounts.map((account) => ({ sourceId, account })))
  const listed = (await listAccountNames(scope, accounts)).filter(({ sourceId }) => sources.includes(sourceId))
  const rows = await listMappingsOf(scope, { accounts: keys })
  const known = new Set([...listed, ...rows].map(({ account }) => account))
  const unknown = accounts.find((account) => !known.has(account))
  if (unknown !== undefined) throw new Problem('not_found', `No source lists account ${unknown}.`)
  const isAsked = (sourceId: string, name: string) => sources.includes(sourceId) && accounts.includes(name)
  const [chosen, posted] = await Promise.all([listPlaces(scope), listReferredAgreements(scope)])
  return [
    ...rows,
    ...chosen.filter((one) => isAsked(one.sourceId, one.account)).map((one) => ({ ...one, agreementId: null })),
    ...posted.filter((one) => isAsked(one.source, one.account)).map((one) => ({ ...one, companyId: null })),
  ]
}

/** These invoice lines, of which the viewer may read every company and agreement. Throws a Problem otherwise. */
async function readableLines(deps: Deps, viewer: Viewer, ids: readonly string[]): Promise<string[]> {
  const rows = await listLines(viewer.scope, { ids })
  if (rows.length < new Set(ids).size)
    throw new Problem('not_found', 'An invoice line that was asked for is gone: look at the list again.')
  await requireAll(
    deps,
    viewer,
    rows.map(({ companyId, placedAgreementId }) => ({ companyId, agreementId: placedAgreementId })),
  )
  return rows.map(({ id }) => id)
}

interface Placed {
  companyId: number | null
  agreementId: number | null
}

/** A deleted agreement can be read by nobody any more, and nothing is written to it. */
async function requireAll(deps: Deps, viewer: Viewer, rows: readonly Placed[]): Promise<void> {
  const companies = presentIds(rows.map((row) => row.companyId))
  const named = presentIds(rows.map((row) => row.agreementId))
  const gone = (await listAgreements(viewer.scope, named)).filter((row) => row.gone).map(({ id }) => id)
  const agreements = named.filter((id) => !gone.includes(id))
  const [seen, open] = await Promise.all([
    listReadable(deps, viewer, 'company', companies),
    listReadable(deps, viewer, 'agreement', agreements),
  ])
  if (companies.some((id) => !seen.has(id)))
    throw new Problem('forbidden', notRun('a company', 'Companies › Company Maintenance › Inquire'))
  if (agreements.some((id) => !open.has(id)))
    throw new Problem('forbidden', notRun('an agreement', 'Finance › Agreements › Inquire'))
}

const notRun = (what: string, right: string): string =>
  `Nothing was run: this is also about ${what} that you cannot see in ConnectWise (${right}).`

async function requireSource({ scope }: Viewer, id: string): Promise<void> {
  if (!(await listSources(scope)).some((source) => source.id === id))
    throw new Problem('not_found', 'There is no such source.')
}
