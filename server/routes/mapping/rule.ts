import * as z from 'zod'
import type { MappingRow } from '#db/mappings.ts'
import { errorsOf, fillForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Viewer } from '#session/viewer.ts'
import { edited, listTogether, saveRule } from '#sync/mapping/edit-rule.ts'
import { number } from '#sync/mapping/row.ts'
import { splitMapping } from '#sync/mapping/split-mapping.ts'
import { MappingDetail } from '#views/mapping/detail.tsx'
import { Preview, PreviewRefused } from '#views/mapping/preview.tsx'
import { detailOf, findReadable } from './detail.ts'
import { previewOf } from './preview.ts'
import { ruleForm, ruleIn } from './rule-form.ts'
import { requireSight } from './sight.ts'

/** `POST /mappings/:id/rule`: saves the rule; what is wrong is said at its field, and what was typed stays. */
export const postRule = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const mapping = await findWhole(deps, viewer, c.req.param('id'))
  const { typed } = await fillForm(c, ruleForm)
  const refuse = async (errors: Record<string, string>) =>
    fragment(c, MappingDetail, await detailOf(deps, viewer, mapping, { refused: { typed, errors } }), 422)
  const read = ruleIn(typed)
  if ('errors' in read) return refuse(read.errors)
  const asked = { id: mapping.id, member: viewer.member, version: Number(typed.version) }
  try {
    await saveRule(deps, viewer.scope, asked, read.edit)
  } catch (error) {
    return refuse(errorsOf(error))
  }
  return answerSaved(deps, c, mapping.id, 'Saved. The next plan waits for a person because the rule is new.')
}

/** `POST /mappings/:id/trials`: what is typed, tried on the newest readings; nothing is saved (V7, V22). */
export const postTrial = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const mapping = await findReadable(deps, viewer, c.req.param('id'))
  const read = ruleIn((await fillForm(c, ruleForm)).typed)
  if ('errors' in read) return fragment(c, PreviewRefused, { problems: Object.values(read.errors) })
  const together = await listTogether(viewer.scope, mapping)
  return fragment(c, Preview, await previewOf(deps, viewer, { mapping: edited(mapping, read.edit), together }))
}

const splitForm = z.object({
  version: z.coerce.number(),
  here: number,
  target: z.string().regex(/^(addition|product):[1-9]\d{0,14}$/, 'must be an addition or a product'),
})

/** `POST /mappings/:id/splits`: one count on two additions (V12, E1). */
export const postSplit = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const mapping = await findWhole(deps, viewer, c.req.param('id'))
  const form = await fillForm(c, splitForm)
  const refuse = async (error: string) => {
    const split = { here: form.typed.here ?? '', error }
    return fragment(c, MappingDetail, await detailOf(deps, viewer, mapping, { split }), 422)
  }
  if (!form.ok) return refuse(form.errors.here ?? 'choose an addition or a product for the rest')
  const { here, target, version } = form.values
  try {
    const asked = { id: mapping.id, member: viewer.member, version }
    await splitMapping(deps, viewer.scope, asked, { here, target: targetOf(target) })
  } catch (error) {
    if (error instanceof Problem && error.kind === 'invalid') return refuse(error.message)
    throw error
  }
  return answerSaved(deps, c, mapping.id, 'Split. The first write to each of the two waits for a person.')
}

/** A mapping that the viewer may read with all that is added together with it. */
async function findWhole(deps: Deps, viewer: Viewer, id: string | undefined): Promise<MappingRow> {
  const mapping = await findReadable(deps, viewer, id)
  await requireSight(deps, viewer, { ...mapping, mappings: await listTogether(viewer.scope, mapping) })
  return mapping
}

async function answerSaved(deps: Deps, c: Ask, id: string, saved: string) {
  const viewer = c.get('viewer')
  return fragment(c, MappingDetail, await detailOf(deps, viewer, await findReadable(deps, viewer, id), { saved }))
}

function targetOf(text: string): { addition: number } | { product: number } {
  const [kind, id] = text.split(':')
  return kind === 'addition' ? { addition: Number(id) } : { product: Number(id) }
}
