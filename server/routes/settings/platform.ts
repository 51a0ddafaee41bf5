import * as z from 'zod'
import { monthName, monthPattern } from '#billing/period.ts'
import { listLastFour } from '#db/secrets.ts'
import { listSources, type Source } from '#db/sources.ts'
import { errorsOf, fillForm, readForm, type Typed } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { billedMonth, collectFrom } from '#sync/sources/collect-sources.ts'
import { isPulled } from '#sync/sources/heard.ts'
import { addHttpSource, changeHttpSource, type HttpSource, testHttpSource } from '#sync/sources/http-sources.ts'
import { PlatformForm, type PlatformProps, PlatformScreen, SampleResult } from '#views/settings/platform.tsx'
import { SourcesScreen, SourcesSection } from '#views/settings/sources.tsx'
import { editorOf } from './editor.ts'
import { layoutOf, textOfLayout } from './platform-layout.ts'
import { sourceName, sourcesOf } from './sources.ts'

const entered = z.object({
  name: sourceName,
  base: z.string().trim(),
  kind: z.string(),
  header: z.string().trim(),
  secret: z.string().trim(),
  layout: z.string(),
})

/** What the form calls its fields. */
const labels: Readonly<Record<string, string>> = {
  name: 'Name',
  base: 'Address of its API',
  kind: 'What it tells',
  header: 'Header of the key',
  secret: 'Key',
}

/** `GET /settings/platform`, `GET /settings/sources/:id/platform`: how a platform is asked. */
export const getPlatform = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const source = await platformAsked(c, editor)
  const props = await formOf(editor, source, source ? typedOf(source) : {})
  return fragment(c, PlatformScreen, { standing: standingOf(c.get('viewer')), ...props })
}

/** `POST /settings/platform/tests`, `POST /settings/sources/:id/tests`: nothing is stored (K4). */
export const postPlatformTest = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const source = await platformAsked(c, editor)
  const values = await readForm(c, entered)
  try {
    const given = givenOf(values, source)
    return fragment(c, SampleResult, await testHttpSource(editor, given, periodOf(editor, source), source))
  } catch (error) {
    const wrong = Object.entries(errorsOf(error)).map(([name, message]) => `${labels[name] ?? name} ${message}`)
    return fragment(c, SampleResult, { ok: false, cause: `${wrong.join('; ')}.` })
  }
}

/** `POST /settings/platform`, `POST /settings/sources/:id/platform`: tests, and stores only then (K5). */
export const postPlatform = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const source = await platformAsked(c, editor)
  const form = await fillForm(c, entered)
  const refused = async (errors: Record<string, string>, more: Partial<PlatformProps> = {}) =>
    fragment(c, PlatformForm, { ...(await formOf(editor, source, form.typed)), errors, ...more }, 422)
  if (!form.ok) return refused(form.errors)
  try {
    const given = givenOf(form.values, source)
    const tested = await testHttpSource(editor, given, periodOf(editor, source), source)
    if (!tested.ok) return refused({}, { tested })
    if (source) await changeHttpSource(editor, source, given)
    else await addHttpSource(editor, given)
  } catch (error) {
    return refused(atFields(errorsOf(error)))
  }
  c.header('HX-Retarget', '#main')
  c.header('HX-Reswap', 'innerHTML')
  const standing = standingOf(c.get('viewer'))
  return fragment(c, SourcesScreen, { standing, ...(await sourcesOf(editor)), saved: `${form.values.name} is saved.` })
}

/** What is wrong in the layout stands at its field, setting by setting. */
function atFields(errors: Record<string, string>): Record<string, string> {
  const [own, inLayout] = [Object.keys(entered.shape), [] as string[]]
  const fields = Object.entries(errors).filter(([name, message]) => {
    if (!own.includes(name)) inLayout.push(`${name} ${message}`)
    return own.includes(name)
  })
  return { ...Object.fromEntries(fields), ...(inLayout.length > 0 ? { layout: inLayout.join('; ') } : {}) }
}

/** `POST /settings/sources/:id/collection`: asks now and stores what is said; the same section says what came of it. */
export const postCollection = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const source = await platformAsked(c, editor)
  if (!source) throw new Problem('not_found', 'There is no such source.')
  const { period } = await readForm(c, z.object({ period: z.string().regex(monthPattern, 'a month') }))
  try {
    const { accountCount, readingCount } = await collectFrom(deps, editor.scope, source, { period, isWaitedFor: true })
    const told = `${accountCount} accounts and ${readingCount} readings of ${monthName(period)}`
    return fragment(c, SourcesSection, { ...(await sourcesOf(editor)), saved: `${source.name} told ${told}.` })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return fragment(c, SourcesSection, await sourcesOf(editor), 422)
  }
}

/** The source of the address; undefined for a new one. */
async function platformAsked(c: Ask, { scope }: Editor): Promise<Source | undefined> {
  const id = c.req.param('id')
  if (id === undefined) return undefined
  const source = (await listSources(scope)).find((one) => one.id === id)
  if (!source) throw new Problem('not_found', 'There is no such source.')
  if (isPulled(source)) return source
  throw new Problem('invalid', `${source.name} is not asked: it tells by itself.`)
}

const periodOf = ({ tenant, deps }: Editor, source: Source | undefined): string =>
  billedMonth(source ?? { billingPeriod: 'current' }, tenant, deps.now())

function givenOf(values: z.infer<typeof entered>, source: Source | undefined): HttpSource {
  const { name, base, kind, header, secret, layout } = values
  return {
    name,
    settings: { ...layoutOf(layout), base, kind, ...(header === '' ? {} : { header }) },
    ...(secret === '' ? {} : { secret }),
    billingPeriod: source?.billingPeriod ?? 'current',
  }
}

function typedOf({ name, settings }: Source): Typed {
  const { base = '', kind = '', header = '', ...layout } = settings
  return { name, base, kind, header, layout: textOfLayout(layout) }
}

async function formOf({ deps, scope }: Editor, source: Source | undefined, typed: Typed): Promise<PlatformProps> {
  const ends = source ? await listLastFour(scope) : []
  const end = ends.find(({ field }) => field === `source:${source?.id}`)
  return {
    ...(source ? { id: source.id } : {}),
    typed,
    errors: {},
    allowed: deps.config.SOURCE_HOSTS,
    ...(end ? { secretEnd: end.lastFour } : {}),
  }
}
