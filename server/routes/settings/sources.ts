import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import { dayIn, monthOf } from '#billing/period.ts'
import { isToBeMade } from '#billing/record.ts'
import { listProducts } from '#db/mirror.ts'
import { findNewestSnapshot, type SnapshotRow } from '#db/snapshots.ts'
import { listSources, type Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import { errorsOf, fillForm, readForm, type Typed } from '#routes/form.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { billedMonth } from '#sync/sources/collect-sources.ts'
import { isPulled } from '#sync/sources/heard.ts'
import { addFileSource, addPushSource, changeSource, rotateToken, sourceNamePattern } from '#sync/sources/sources.ts'
import type { SourceLine } from '#views/settings/source-line.tsx'
import { SourcesScreen, SourcesSection } from '#views/settings/sources.tsx'
import { editorOf, timeOf } from './editor.ts'

/** What people call a source. */
export const sourceName = z.string().trim().regex(sourceNamePattern, '1 to 100 visible characters')

/** An id of ConnectWise, or none. */
export const recordId = z
  .string()
  .trim()
  .regex(/^([1-9]\d{0,8})?$/, 'a number, as ConnectWise shows it, or nothing')
  .transform((text) => (text === '' ? null : Number(text)))

/** `GET /settings/sources` */
export const getSources = (deps: Deps) => async (c: Ask) =>
  fragment(c, SourcesScreen, { standing: standingOf(c.get('viewer')), ...(await sourcesOf(editorOf(deps, c))) })

/** The sources with the age of what they last said. */
export async function sourcesOf(editor: Editor) {
  const { deps, scope } = editor
  const rows = await listSources(scope)
  const ids = rows.flatMap(({ productId }) => productId ?? [])
  const products = [...(await listProducts(scope, ids)), ...(await listStandIns(scope, ids)).products]
  const names = new Map(products.map(({ id, identifier }) => [id, identifier]))
  const sources = await Promise.all(rows.map((source) => lineOf(editor, source, names)))
  return { sources, address: `${deps.config.PUBLIC_URL}/api/v1/snapshots` }
}

async function lineOf(
  { deps, scope, tenant }: Editor,
  source: Source,
  names: ReadonlyMap<number, string>,
): Promise<SourceLine> {
  const { id, name, kind, productId } = source
  const newest = await findNewestSnapshot(scope, id)
  return {
    id,
    name,
    kind,
    ...(productId === null ? {} : { product: productOf(productId, names) }),
    mayMake: tenant.creation.products !== 'off',
    ...(newest ? ageOf(tenant, newest) : {}),
    ...(isPulled(source) ? { asked: askedOf(tenant, source, deps.now()) } : {}),
  }
}

const productOf = (id: number, names: ReadonlyMap<number, string>): NonNullable<SourceLine['product']> => ({
  id,
  name: names.get(id) ?? `Product ${id}`,
  ...(isToBeMade(id) ? { toBeMade: true } : {}),
})

/** This month and the one before may be asked for (X17). */
function askedOf(tenant: Tenant, { problem, problemAt }: Source, now: number): NonNullable<SourceLine['asked']> {
  const months = (['current', 'previous'] as const).map((billingPeriod) => billedMonth({ billingPeriod }, tenant, now))
  return { months, ...(problem === null ? {} : { problem: { text: problem, at: timeOf(tenant, problemAt ?? now) } }) }
}

const ageOf = (tenant: Tenant, { takenAt, accountCount, complete }: SnapshotRow) => ({
  newestAt: timeOf(tenant, takenAt),
  accounts: accountCount,
  complete,
})

const newSource = z.object({ name: sourceName, kind: z.enum(['push', 'csv']).default('push') })

/** `POST /settings/sources`: a source that pushes, its token shown this once; or one whose files people upload. */
export const postSource = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const form = await fillForm(c, newSource)
  if (!form.ok) return refused(c, editor, form.typed, form.errors)
  const { name, kind } = form.values
  try {
    if (kind === 'push') return shown(c, editor, name, (await addPushSource(editor, name)).token)
    await addFileSource(editor, name)
    return fragment(c, SourcesSection, { ...(await sourcesOf(editor)), saved: `${name} was added.` })
  } catch (error) {
    return refused(c, editor, form.typed, errorsOf(error))
  }
}

/** `POST /settings/sources/:id/token`: a new token; the old one is worthless at once. */
export const postSourceToken = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const source = await sourceAsked(c, editor)
  return shown(c, editor, source.name, await rotateToken(editor, source))
}

/** `POST /settings/sources/:id/product`: saved the moment it is picked (S9, S20). */
export const postSourceProduct = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const source = await sourceAsked(c, editor)
  const { productId } = await readForm(c, z.object({ productId: recordId.or(recordOrWanted) }))
  const { name, billingPeriod, data } = source
  try {
    await changeSource(editor, source, { name, billingPeriod, data, productId })
    return fragment(c, SourcesSection, { ...(await sourcesOf(editor)), saved: `Saved for ${name}.` })
  } catch (error) {
    const refused = `Product ${productId} ${errorsOf(error).productId}; nothing was saved.`
    const { sources, address } = await sourcesOf(editor)
    const lines = sources.map((line) => (line.id === source.id ? { ...line, refused } : line))
    return fragment(c, SourcesSection, { sources: lines, address }, 422)
  }
}

async function sourceAsked(c: Ask, { scope }: Editor): Promise<Source> {
  const source = (await listSources(scope)).find(({ id }) => id === c.req.param('id'))
  if (!source) throw new Problem('not_found', 'There is no such source.')
  return source
}

async function shown(c: Ask, editor: Editor, source: string, token: string) {
  const now = editor.deps.now()
  const takenAt = Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' })
  const month = monthOf(dayIn(editor.tenant.zone, now))
  return fragment(c, SourcesSection, { ...(await sourcesOf(editor)), token: { source, token, month, takenAt } })
}

const refused = async (c: Ask, editor: Editor, { name = '', kind = '' }: Typed, errors: Record<string, string>) =>
  fragment(c, SourcesSection, { ...(await sourcesOf(editor)), typed: name, kind, error: errors.name ?? '' }, 422)
