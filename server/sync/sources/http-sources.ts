import { openSecret, sealSecrets } from '#db/secrets.ts'
import { addSource, type Source, saveSource } from '#db/sources.ts'
import { type Place, Problem } from '#server/problem.ts'
import { type Editor, saveChange } from '#sync/settings/settings.ts'
import { askSource } from './collect-sources.ts'
import { type SourceSample, sampleOf } from './source-sample.ts'
import { requireFree } from './sources.ts'

/** Who changes a source: a member, or the operator. */
export type Changer = Omit<Editor, 'tenant'>

/** A platform to be asked, as somebody entered it. */
export interface HttpSource {
  name: string
  settings: Readonly<Record<string, string>>
  /** Absent: the one that is stored stays. */
  secret?: string
  billingPeriod: Source['billingPeriod']
}

const samplePages = 3
const isSecret = /^[\x21-\x7e]{8,500}$/

/** Adds a platform that is asked. Throws a Problem that names each wrong field. */
export async function addHttpSource(editor: Changer, given: HttpSource): Promise<string> {
  const { deps, scope } = editor
  const settings = checked(editor, given, true)
  await requireFree(editor, given.name)
  const id = deps.id()
  const { name, billingPeriod } = given
  const source = { id, kind: 'http', name, settings, billingPeriod }
  const { saved } = addSource(scope, { ...source, createdAt: deps.now() })
  const sealed = await sealSecrets(scope, deps.seal, { [`source:${id}`]: given.secret ?? '' })
  await saveChange(editor, [saved, ...sealed], { what: 'source', to: source, text: `Source ${name} was added` })
  return id
}

/**
 * Changes how a platform is asked. Throws a Problem that names each wrong field; the stored key goes to no other address
 * than the one it was entered for.
 */
export async function changeHttpSource(editor: Changer, source: Source, given: HttpSource): Promise<void> {
  const { deps, scope } = editor
  const settings = checked(editor, given, movesAway(source, given))
  if (given.name !== source.name) await requireFree(editor, given.name)
  const { name, billingPeriod } = given
  const values = { name, billingPeriod, settings }
  const sealed = given.secret ? await sealSecrets(scope, deps.seal, { [`source:${source.id}`]: given.secret }) : []
  await saveChange(editor, [saveSource(scope, source.id, { ...values, problem: null, problemAt: null }), ...sealed], {
    what: `source ${source.id}`,
    from: { name: source.name, billingPeriod: source.billingPeriod, settings: source.settings },
    to: { ...values, key: given.secret ? 'replaced' : 'kept' },
    text: `Source ${name} was changed`,
  })
}

/** What a test of a platform came to: what it said, or why that cannot be used (K4). */
export type SourceTest = { ok: true; sample: SourceSample } | { ok: false; cause: string }

/** Asks for the first pages of a month; nothing is stored. Throws a Problem that names each wrong field. */
export async function testHttpSource(
  editor: Changer,
  given: HttpSource,
  period: string,
  source?: Source,
): Promise<SourceTest> {
  const { deps, scope } = editor
  const settings = checked(editor, given, source === undefined || movesAway(source, given))
  const secret = given.secret ?? (source && (await openSecret(scope, deps.seal, `source:${source.id}`)))
  try {
    const way = { period, isWaitedFor: true, pages: samplePages }
    return { ok: true, sample: sampleOf(await askSource(deps, { kind: 'http', settings }, secret, way)) }
  } catch (error) {
    if (error instanceof Problem) return { ok: false, cause: error.message }
    throw error
  }
}

function movesAway({ settings }: Source, given: HttpSource): boolean {
  const originOf = (base: string | undefined) => (URL.canParse(base ?? '') ? new URL(base ?? '').origin : '')
  return originOf(settings.base) !== originOf(given.settings.base)
}

function checked({ deps }: Changer, { settings, secret }: HttpSource, needsSecret: boolean): Record<string, string> {
  const kind = deps.sources.http
  const parsed = kind.settings.safeParse(settings)
  const places: Place[] = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  if (secret === undefined && needsSecret) places.push({ path: 'secret', message: 'is missing for this address' })
  if (secret !== undefined && !isSecret.test(secret))
    places.push({ path: 'secret', message: 'must be 8 to 500 visible characters' })
  if (!parsed.success || places.length > 0) throw new Problem('invalid', 'The settings are not valid.', { places })
  kind.check?.(parsed.data, deps.config.SOURCE_HOSTS)
  return parsed.data
}
