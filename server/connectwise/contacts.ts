import * as z from 'zod'
import type { Contact } from '#billing/existing.ts'
import type { NewContact } from '#billing/record.ts'
import type { Api } from './api.ts'
import { writeCondition } from './conditions.ts'
import { expectOk, parseBody } from './expect.ts'
import { type WriteOutcome, writeOutcome } from './outcome.ts'
import { listAll } from './paging.ts'
import { flag, id, text } from './wire.ts'

const path = '/company/contacts'

const items = z
  .array(z.object({ value: text, communicationType: text }))
  .nullish()
  .catch(undefined)

const record = z
  .object({
    ...{ id, firstName: text, lastName: text, company: z.object({ id }).nullish().catch(undefined) },
    ...{ inactiveFlag: flag, defaultFlag: flag, defaultBillingFlag: flag, communicationItems: items },
  })
  .transform(
    (found): Contact => ({
      ...{ id: found.id, companyId: found.company?.id, firstName: found.firstName, lastName: found.lastName },
      emails: (found.communicationItems ?? [])
        .filter(({ communicationType }) => communicationType === 'Email')
        .map(({ value }) => value),
      ...{ inactive: found.inactiveFlag, isDefault: found.defaultFlag, isDefaultBilling: found.defaultBillingFlag },
    }),
  )

/** Every contact of a company, inactive ones included. */
export function listContactsOf(api: Api, companyId: number): Promise<Contact[]> {
  const what = `contacts of company ${companyId}`
  const fields =
    'id,firstName,lastName,company/id,inactiveFlag,defaultFlag,defaultBillingFlag,communicationItems/value,communicationItems/communicationType'
  const conditions = writeCondition({ field: 'company/id', is: '=', value: companyId })
  const parse = (body: unknown) => parseBody(z.array(record), body, what)
  return listAll(api, { path, query: { fields, conditions }, what, parse, orderBy: 'id' })
}

/**
 * Makes a contact of a company that exists; `typeId` is what `findEmailType` says. What is not certain comes back as
 * `unknown`.
 */
export async function createContact(
  api: Api,
  draft: NewContact,
  typeId: number | undefined,
): Promise<WriteOutcome<{ contact: Contact }>> {
  const { companyId, firstName, lastName, email, isDefault } = draft
  const item = { type: { id: typeId }, value: email, defaultFlag: true, communicationType: 'Email' }
  const body = {
    ...{ firstName, lastName, company: { id: companyId } },
    ...(isDefault ? { defaultFlag: true } : {}),
    ...(typeId === undefined || email === undefined ? {} : { communicationItems: [item] }),
  }
  const answer = await api.write({ method: 'POST', path, body })
  return writeOutcome(answer, true, (echo) => {
    const contact = record.safeParse(echo)
    return contact.success ? { contact: contact.data } : undefined
  })
}

/** One contact; undefined when it does not exist. */
export async function findContact(api: Api, contactId: number): Promise<Contact | undefined> {
  const answer = await api.read({ path: `${path}/${contactId}` })
  return answer.kind === 'missing'
    ? undefined
    : parseBody(record, expectOk(answer, `contact ${contactId}`).body, 'contact')
}

/** Sets a contact inactive and nothing else. */
export async function deactivateContact(api: Api, contactId: number): Promise<WriteOutcome<{ contact: Contact }>> {
  const body = [{ op: 'replace', path: 'inactiveFlag', value: true }]
  const answer = await api.write({ method: 'PATCH', path: `${path}/${contactId}`, body })
  return writeOutcome(answer, false, (echo) => {
    const contact = record.safeParse(echo)
    return contact.success && contact.data.id === contactId && contact.data.inactive
      ? { contact: contact.data }
      : undefined
  })
}

const communicationType = z.object({ id, emailFlag: flag, defaultFlag: flag })

/** The kind of communication that e-mail addresses have in this instance: the default one of that kind. */
export async function findEmailType(api: Api): Promise<number | undefined> {
  const what = 'communication types'
  const query = { fields: 'id,emailFlag,defaultFlag', pageSize: 1000 }
  const answer = await api.read({ path: '/company/communicationTypes', query })
  const types = parseBody(z.array(communicationType), expectOk(answer, what).body, what)
  const forEmail = types.filter(({ emailFlag }) => emailFlag)
  return (forEmail.find(({ defaultFlag }) => defaultFlag) ?? forEmail[0])?.id
}
