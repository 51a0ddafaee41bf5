import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { dayIn, monthOf } from '#billing/period.ts'
import { findNewestSnapshot } from '#db/snapshots.ts'
import { findSource, listSources, type Source } from '#db/sources.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Editor } from '#sync/settings.ts'
import { addPushSource, rotateToken } from '#sync/sources.ts'
import { type SourceLine, SourcesScreen, SourcesSection } from '#views/settings-sources.tsx'
import { errorsOf, fillForm } from './form.ts'
import type { Ask } from './route.ts'
import { editorOf, timeOf } from './settings-editor.ts'
import { standingOf } from './standing.ts'

/** What people call a source. */
export const sourceName = z
  .string()
  .trim()
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, '1 to 100 visible characters')

/** `GET /settings/sources` */
export const getSources = (deps: Deps) => async (c: Ask) =>
  fragment(c, SourcesScreen, { standing: standingOf(c.get('viewer')), ...(await sourcesOf(editorOf(deps, c))) })

/** The sources with the age of what they last said. */
export async function sourcesOf(editor: Editor) {
  const { deps, scope } = editor
  const sources = await Promise.all((await listSources(scope)).map((source) => lineOf(editor, source)))
  return { sources, address: `${deps.config.PUBLIC_URL}/api/v1/snapshots` }
}

async function lineOf({ scope, tenant }: Editor, { id, name }: Source): Promise<SourceLine> {
  const newest = await findNewestSnapshot(scope, id, {})
  if (!newest) return { id, name }
  const { takenAt, accountCount: accounts, complete } = newest
  return { id, name, newestAt: timeOf(tenant, takenAt), accounts, complete }
}

/** `POST /settings/sources`: a source that pushes; its token is shown this once. */
export const postSource = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const form = await fillForm(c, z.object({ name: sourceName }))
  if (!form.ok) return refused(c, editor, form.typed.name ?? '', form.errors)
  try {
    const { token } = await addPushSource(editor, form.values.name)
    return shown(c, editor, form.values.name, token)
  } catch (error) {
    return refused(c, editor, form.values.name, errorsOf(error))
  }
}

/** `POST /settings/sources/:id/token`: a new token; the old one is worthless at once. */
export const postSourceToken = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const source = await findSource(editor.scope, c.req.param('id') ?? '')
  if (!source) throw new Problem('not_found', 'There is no such source.')
  return shown(c, editor, source.name, await rotateToken(editor, source))
}

async function shown(c: Ask, editor: Editor, source: string, token: string) {
  const now = editor.deps.now()
  const takenAt = Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' })
  const month = monthOf(dayIn(editor.tenant.zone, now))
  return fragment(c, SourcesSection, { ...(await sourcesOf(editor)), token: { source, token, month, takenAt } })
}

const refused = async (c: Ask, editor: Editor, typed: string, errors: Record<string, string>) =>
  fragment(c, SourcesSection, { ...(await sourcesOf(editor)), typed, error: errors.name ?? '' }, 422)
