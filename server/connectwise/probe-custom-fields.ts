import type { CrossReferences } from '#billing/lines/settings.ts'
import type { Api } from './api.ts'
import { type CustomField, findHeldFields, listCustomFields } from './custom-fields.ts'
import { type Finding, nothingToDo } from './finding.ts'

interface Asked {
  /** The custom fields chosen for the source's ids. */
  chosen: CrossReferences
  /** Mapped agreements. */
  agreements: readonly number[]
  /** The one agreement that may be written to. */
  testAgreement?: number | undefined
}

/** Whether the chosen custom fields are there, are told of records, and can be written back whole (U24, FACTS 6.14). */
export async function probeCustomFields(api: Api, asked: Asked): Promise<Finding[]> {
  const fields = await listCustomFields(api)
  const looked = asked.testAgreement ?? asked.agreements[0]
  return [
    present(fields, asked.chosen),
    ...(looked === undefined ? [] : [await told(api, looked)]),
    ...(asked.testAgreement === undefined ? [] : [await written(api, asked.testAgreement)]),
  ]
}

function present(fields: readonly CustomField[], chosen: CrossReferences): Finding {
  const { companyFieldId, agreementFieldId, additionFieldId } = chosen
  const ids = [companyFieldId, agreementFieldId, additionFieldId].filter((one) => one !== undefined)
  const missing = ids.filter((one) => !fields.some((field) => field.id === one && field.takesText))
  const texts = fields
    .filter(({ takesText }) => takesText)
    .map(({ caption, screen }) => `${caption} (${screen || '?'})`)
  const told = texts.length === 0 ? 'no custom text field' : texts.slice(0, 10).join(', ')
  const isMissing = missing.length > 0
  return {
    probe: 'custom-fields',
    state: isMissing ? 'attention' : 'ok',
    result: isMissing ? `chosen and not there: ${missing.join(', ')}; ${told}` : told,
    means: 'They can hold what the source calls a company, an agreement or a line.',
    next: isMissing ? 'Choose other ones under Settings, Configuration, Cross references.' : nothingToDo,
  }
}

async function told(api: Api, agreement: number): Promise<Finding> {
  const held = await findHeldFields(api, 'agreement', agreement, 0)
  const says = held !== undefined && 'holds' in held
  return {
    probe: 'custom-field-values',
    state: 'ok',
    result: `agreement ${agreement} ${says ? `tells ${held.fields.length} custom fields` : 'does not tell its custom fields'}`,
    means: says
      ? 'What they hold is compared before it is written.'
      : 'Nothing is written to those of records that are there: nobody could say what they hold.',
    next: nothingToDo,
  }
}

/** Sends an agreement's custom fields back as they were read: nothing changes where they are kept whole. */
async function written(api: Api, agreement: number): Promise<Finding> {
  const before = await findHeldFields(api, 'agreement', agreement, 0)
  const path = `/finance/agreements/${agreement}`
  const body = [{ op: 'replace', path: 'customFields', value: before?.fields ?? [] }]
  const answer = await api.write({ method: 'PATCH', path, body })
  const after = await findHeldFields(api, 'agreement', agreement, 0)
  const kept = answer.kind === 'ok' && JSON.stringify(before?.fields) === JSON.stringify(after?.fields)
  const refused = answer.kind === 'ok' ? 'they came back different' : `refused (${answer.status ?? 'no answer'})`
  return {
    probe: 'custom-field-write',
    state: kept ? 'ok' : 'attention',
    result: kept ? `agreement ${agreement} kept its custom fields` : refused,
    means: kept ? 'They can be written on agreements.' : 'Cross references cannot be written on agreements.',
    next: kept ? nothingToDo : 'Give the role Finance, Agreements, Edit; or leave these cross references out.',
  }
}
