import * as z from 'zod'
import { type DataSwitches, switchNames } from '#billing/data.ts'
import { listSources, type Source } from '#db/sources.ts'
import { findTenant } from '#db/tenants.ts'
import { errorsOf, fillForm, type Typed } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listLineSources } from '#sync/lines/line-sources.ts'
import { placeLines } from '#sync/lines/place.ts'
import { tenantOf } from '#sync/run.ts'
import { type Editor, saveAgreementType, saveCreation } from '#sync/settings/settings.ts'
import { changeSource } from '#sync/sources/sources.ts'
import {
  AgreementTypes,
  AgreementTypesUnknown,
  type ConfigurationProps,
  ConfigurationScreen,
  ConfigurationSection,
  type SourceFields,
} from '#views/settings/configuration.tsx'
import { creationForm, creationOf } from './creation.ts'
import { editorOf } from './editor.ts'
import { recordId, sourceName } from './sources.ts'

/** `GET /settings/configuration` */
export const getConfiguration = (deps: Deps) => async (c: Ask) =>
  fragment(c, ConfigurationScreen, {
    standing: standingOf(c.get('viewer')),
    ...(await configurationOf(editorOf(deps, c))),
  })

/** What is stored, as fields. */
export async function configurationOf({ scope, tenant }: Editor): Promise<ConfigurationProps> {
  const { creation, defaultAgreementTypeId: type } = (await findTenant(scope.db, scope.tenant)) ?? tenant
  const ofLines = await listLineSourceIds(scope)
  const sources = (await listSources(scope)).map((source) => fieldsOf(source, ofLines.has(source.id)))
  return { sources, creation, ...(type === null ? {} : { agreementType: type }) }
}

const fieldsOf = ({ id, name, billingPeriod, data }: Source, statesLines: boolean): SourceFields => ({
  ...{ id, title: name, name, billingPeriod, data, statesLines },
})

/** The sources of invoice lines, by their settings or their newest word. */
const listLineSourceIds = async (scope: Editor['scope']): Promise<ReadonlySet<string>> => {
  const set = (await listSources(scope)).filter(({ settings }) => settings.kind === 'invoice-lines')
  return new Set([...set, ...(await listLineSources(scope))].map(({ id }) => id))
}

const periods = ['current', 'previous'] as const

/** Invoice lines of both months can be posted (X17); a count is of one. */
const billingOf = (statesLines: boolean) =>
  z
    .object({
      name: sourceName,
      billingPeriod: z.enum(statesLines ? [...periods, 'both'] : periods, 'one of the months offered'),
    })
    .loose()
    .transform(({ name, billingPeriod, ...ticks }) => ({ name, billingPeriod, data: switchesIn(ticks) }))

const switchesIn = (ticks: Record<string, unknown>): DataSwitches =>
  Object.fromEntries(switchNames.map((name) => [name, ticks[name] === 'on'])) as Record<keyof DataSwitches, boolean>

const tenantWide = creationForm.extend({ agreementType: recordId.optional() }).loose()

/** `POST /settings/configuration`: every source is checked before anything is saved (S20). */
export const postConfiguration = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const form = await fillForm(c, tenantWide)
  const ofLines = await listLineSourceIds(editor.scope)
  const sources = (await listSources(editor.scope)).map((source) =>
    readSource(source, ofLines.has(source.id), form.typed),
  )
  const errors = { ...(form.ok ? {} : form.errors), ...Object.assign({}, ...sources.map(({ errors }) => errors)) }
  if (!form.ok || Object.keys(errors).length > 0) return refused(c, editor, form.typed, errors)
  for (const { source, values } of sources)
    try {
      if (values) await changeSource(editor, source, { ...values, productId: source.productId })
    } catch (error) {
      return refused(c, editor, form.typed, suffixed(errorsOf(error), source.id))
    }
  const type = form.values.agreementType
  if (type !== undefined && type !== editor.tenant.defaultAgreementTypeId) {
    await saveAgreementType(editor, type)
    await placeLines(editor.scope, await tenantOf(editor.scope))
  }
  await saveCreation(editor, creationOf(editor.tenant.creation, creationForm.parse(form.typed)))
  return fragment(c, ConfigurationSection, { ...(await configurationOf(editor)), saved: true })
}

interface ReadSource {
  source: Source
  errors: Record<string, string>
  values?: z.output<ReturnType<typeof billingOf>>
}

/** The fields of one source; no values when nothing of it differs. */
function readSource(source: Source, statesLines: boolean, typed: Typed): ReadSource {
  const own = typedOf(source.id, typed)
  if (Object.keys(own).length === 0) return { source, errors: {} }
  const parsed = billingOf(statesLines).safeParse(own)
  if (!parsed.success) {
    const errors = Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join('.'), message]))
    return { source, errors: suffixed(errors, source.id) }
  }
  // An invoice line is written whole: there is nothing to switch.
  const values = statesLines ? { ...parsed.data, data: source.data } : parsed.data
  const { name, billingPeriod, data } = source
  const differs =
    values.name !== name ||
    values.billingPeriod !== billingPeriod ||
    switchNames.some((one) => values.data[one] !== data[one])
  return { source, errors: {}, ...(differs ? { values } : {}) }
}

/** What was typed for one source, by the field's own name. */
const typedOf = (id: string, typed: Typed): Typed =>
  Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) => {
      const [field = '', of] = name.split('.')
      return of === id ? [[field, value] as const] : []
    }),
  )

const suffixed = (errors: Record<string, string>, id: string): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([name, message]) => [`${name}.${id}`, message]))

async function refused(c: Ask, editor: Editor, typed: Typed, errors: Record<string, string>) {
  const stored = await configurationOf(editor)
  const sources = stored.sources.map((source) => ({
    ...source,
    name: typed[`name.${source.id}`] ?? source.name,
    billingPeriod: typed[`billingPeriod.${source.id}`] ?? source.billingPeriod,
    data: switchesIn(typedOf(source.id, typed)),
  }))
  const said = creationForm.safeParse(typed)
  const creation = said.success ? creationOf(stored.creation, said.data) : stored.creation
  return fragment(c, ConfigurationSection, { ...stored, creation, sources, errors }, 422)
}

/** `GET /settings/agreement-types`: ConnectWise's active types, read now (S10). */
export const getAgreementTypes = (deps: Deps) => async (c: Ask) => {
  const { scope, tenant } = editorOf(deps, c)
  try {
    const types = await (await deps.connectWise(scope)).listAgreementTypes()
    return fragment(c, AgreementTypes, { types, chosen: tenant.defaultAgreementTypeId })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return fragment(c, AgreementTypesUnknown, { reason: error.message })
  }
}
