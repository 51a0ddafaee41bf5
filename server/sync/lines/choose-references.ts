import type { CrossReferences } from '#billing/lines/settings.ts'
import { findTenant, saveTenantSettings } from '#db/tenants.ts'
import type { ConnectWise } from '#server/deps.ts'
import { type Place, Problem } from '#server/problem.ts'
import { type Editor, saveChange } from '#sync/settings/settings.ts'

type CustomField = Awaited<ReturnType<ConnectWise['listCustomFields']>>[number]

/** Where the source's ids may be written, in the order in which they are asked for. */
export const referencePlaces = ['companyFieldId', 'agreementFieldId', 'additionFieldId'] as const
export type ReferencePlace = (typeof referencePlaces)[number]

/** ConnectWise's custom text fields that may be of a company, an agreement, an addition; read now (M23). Throws a Problem. */
export async function listReferenceFields({ deps, scope }: Editor): Promise<Record<ReferencePlace, CustomField[]>> {
  const fields = (await (await deps.connectWise(scope)).listCustomFields()).filter(({ takesText }) => takesText)
  const on = (place: ReferencePlace) => fields.filter(({ screen }) => (placeOf(screen) ?? place) === place)
  return {
    companyFieldId: on('companyFieldId'),
    agreementFieldId: on('agreementFieldId'),
    additionFieldId: on('additionFieldId'),
  }
}

/** Screens are called as the instance does: where a name tells nothing, any record may have the field. */
function placeOf(screen: string): ReferencePlace | undefined {
  if (/addition/i.test(screen)) return 'additionFieldId'
  if (/agreement/i.test(screen)) return 'agreementFieldId'
  return /company/i.test(screen) ? 'companyFieldId' : undefined
}

/** Chooses the custom fields that get the source's ids from the next run on. Throws a Problem naming each that cannot be. */
export async function chooseReferences(editor: Editor, chosen: CrossReferences): Promise<void> {
  const stored = await findTenant(editor.scope.db, editor.scope.tenant)
  if (!stored) throw new Problem('not_found', 'There is no such tenant.')
  const { lineSettings } = stored
  const offered = await listReferenceFields(editor)
  const places = referencePlaces.flatMap((place): Place[] => {
    const id = chosen[place]
    if (id === undefined || offered[place].some((field) => field.id === id)) return []
    return [{ path: place, message: 'not a text field of ConnectWise: choose another' }]
  })
  if (places.length > 0) throw new Problem('invalid', 'A custom field cannot be chosen.', { places })
  const what = 'cross references'
  const text = 'The custom fields for the source’s ids were changed'
  const saved = saveTenantSettings(editor.scope, { lineSettings: { ...lineSettings, crossReferences: chosen } })
  await saveChange(editor, [saved], { what, from: lineSettings.crossReferences, to: chosen, text })
}
