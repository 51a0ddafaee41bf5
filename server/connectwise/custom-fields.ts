import * as z from 'zod'
import type { CustomValue, Referred } from '#billing/record.ts'
import { Problem } from '#server/problem.ts'
import type { Answer } from './answer.ts'
import type { Api } from './api.ts'
import { listByIds } from './by-ids.ts'
import { expectOk, parseBody } from './expect.ts'
import { type WriteOutcome, writeOutcome } from './outcome.ts'
import { listAll } from './paging.ts'
import { flag, id, text } from './wire.ts'

/** A custom field of this instance (FACTS 6.14). */
export interface CustomField {
  id: number
  caption: string
  /** The screen it is on, in ConnectWise's words; empty where it does not say. */
  screen: string
  /** It takes any short text, typed by hand or by us. */
  takesText: boolean
}

const definition = z
  .object({
    id,
    caption: text,
    screenId: text,
    fieldTypeIdentifier: text,
    entryTypeIdentifier: text,
    readOnlyFlag: flag,
  })
  .transform(
    (found): CustomField => ({
      ...{ id: found.id, caption: found.caption, screen: found.screenId },
      takesText:
        (found.fieldTypeIdentifier === 'Text' || found.fieldTypeIdentifier === 'TextArea') &&
        (found.entryTypeIdentifier === 'EntryField' || found.entryTypeIdentifier === '') &&
        !found.readOnlyFlag,
    }),
  )

const definitions = {
  path: '/system/userDefinedFields',
  query: { fields: 'id,caption,screenId,fieldTypeIdentifier,entryTypeIdentifier,readOnlyFlag' },
  what: 'custom fields',
  parse: (body: unknown) => parseBody(z.array(definition), body, 'custom fields'),
  orderBy: 'id',
}

export const listCustomFields = (api: Api): Promise<CustomField[]> => listAll(api, definitions)

/** A record's custom fields exactly as they were read: a write sends all of them back (FACTS 6.2). */
export type CustomFields = readonly Readonly<Record<string, unknown>>[]

const paths: Record<Referred, string> = { company: '/company/companies', agreement: '/finance/agreements' }
const names: Record<Referred, string> = { company: 'companies', agreement: 'agreements' }

const holder = z
  .object({ id, customFields: z.array(z.looseObject({ id })).nullish() })
  .transform(({ id: of, customFields }) => ({ id: of, fields: customFields ?? undefined }))

/** What one custom field holds as text; null: the record has no such field; absent: ConnectWise does not say. */
export interface HeldText {
  id: number
  holds?: string | null
}

/** What this custom field of these records holds. Records that do not exist are left out. */
export async function listHeldTexts(
  api: Api,
  of: Referred,
  ids: readonly number[],
  fieldId: number,
): Promise<HeldText[]> {
  const what = `custom fields of ${names[of]}`
  const parse = (body: unknown) => parseBody(z.array(holder), body, what)
  const found = await listByIds(api, { path: paths[of], query: { fields: 'id,customFields' }, what, parse }, ids)
  return found.map((one) => ({ id: one.id, ...holdingOf(one.fields, fieldId) }))
}

/** The same of one record, read now, with all its custom fields; undefined when it does not exist. Throws a Problem. */
export async function findHeldFields(
  api: Api,
  of: Referred,
  recordId: number,
  fieldId: number,
): Promise<(HeldText & { fields: CustomFields }) | undefined> {
  const what = `custom fields of ${of} ${recordId}`
  const answer: Answer = await api.read({ path: `${paths[of]}/${recordId}`, query: { fields: 'id,customFields' } })
  if (answer.kind === 'missing') return undefined
  const held = parseBody(holder, expectOk(answer, what).body, what)
  if (held.id !== recordId) throw new Problem('broken', `ConnectWise sent ${of} ${held.id} for ${what}.`)
  return { id: recordId, fields: held.fields ?? [], ...holdingOf(held.fields, fieldId) }
}

/**
 * Sets one custom field and sends all others back as they were read. `held` is what ConnectWise says it holds now.
 */
export async function updateCustomField(
  api: Api,
  of: Referred,
  recordId: number,
  { fieldId, value }: CustomValue,
  all: CustomFields,
): Promise<WriteOutcome<{ held: Omit<HeldText, 'id'> }>> {
  const customFields = all.map((field) => (field.id === fieldId ? { ...field, value } : field))
  const body = [{ op: 'replace', path: 'customFields', value: customFields }]
  const answer = await api.write({ method: 'PATCH', path: `${paths[of]}/${recordId}`, body })
  return writeOutcome(answer, false, (echo) => {
    const said = holder.safeParse(echo)
    if (!said.success || said.data.id !== recordId) return undefined
    return { held: holdingOf(said.data.fields, fieldId) }
  })
}

function holdingOf(fields: CustomFields | undefined, fieldId: number): Omit<HeldText, 'id'> {
  if (fields === undefined) return {}
  const field = fields.find((one) => one.id === fieldId)
  if (!field) return { holds: null }
  const { value } = field
  return { holds: typeof value === 'string' || typeof value === 'number' ? String(value) : '' }
}

/** The custom fields of a record to be made. */
export const customFieldsOf = (value: CustomValue | undefined) =>
  value === undefined ? {} : { customFields: [{ id: value.fieldId, value: value.value }] }
