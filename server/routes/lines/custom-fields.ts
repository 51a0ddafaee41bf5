import * as z from 'zod'
import type { CrossReferences } from '#billing/lines/settings.ts'
import { findTenant } from '#db/tenants.ts'
import { errorsOf, fillForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { editorOf } from '#routes/settings/editor.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { chooseReferences, listReferenceFields } from '#sync/lines/choose-references.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { type CustomFieldsProps, CustomFieldsSection, CustomFieldsUnknown } from '#views/lines/custom-fields.tsx'

/** `GET /settings/custom-fields`: the custom fields for the source's ids, read now (M23). */
export const getCustomFields = (deps: Deps) => async (c: Ask) => {
  const props = await propsOf(editorOf(deps, c))
  return 'reason' in props ? fragment(c, CustomFieldsUnknown, props) : fragment(c, CustomFieldsSection, props)
}

const field = z
  .string()
  .regex(/^(?:[1-9]\d{0,9})?$/, 'one of the fields offered')
  .transform((typed) => (typed === '' ? undefined : Number(typed)))

const form = z.object({
  companyFieldId: field,
  agreementFieldId: field,
  additionFieldId: field,
  existing: z.literal('on').optional(),
})

/** `POST /settings/custom-fields` */
export const postCustomFields = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const filled = await fillForm(c, form)
  const errors = filled.ok ? await choose(editor, filled.values) : filled.errors
  const props = await propsOf(editor)
  if ('reason' in props) throw new Problem('unreachable', `Nothing was saved: ${props.reason}`, { retry: true })
  if (!errors) return fragment(c, CustomFieldsSection, { ...props, saved: true })
  return fragment(c, CustomFieldsSection, { ...props, errors }, 422)
}

async function choose(editor: Editor, values: z.output<typeof form>): Promise<Record<string, string> | undefined> {
  const { companyFieldId, agreementFieldId, additionFieldId, existing } = values
  const chosen: CrossReferences = {
    existing: existing === 'on',
    ...(companyFieldId === undefined ? {} : { companyFieldId }),
    ...(agreementFieldId === undefined ? {} : { agreementFieldId }),
    ...(additionFieldId === undefined ? {} : { additionFieldId }),
  }
  try {
    await chooseReferences(editor, chosen)
    return undefined
  } catch (error) {
    return errorsOf(error)
  }
}

async function propsOf(editor: Editor): Promise<CustomFieldsProps | { reason: string }> {
  const stored = await findTenant(editor.scope.db, editor.scope.tenant)
  try {
    const offered = await listReferenceFields(editor)
    return { offered, chosen: (stored ?? editor.tenant).lineSettings.crossReferences }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { reason: error.message }
  }
}
