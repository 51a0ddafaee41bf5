import { draftProblems } from '#billing/creation.ts'
import { type Contact, contactFor } from '#billing/existing.ts'
import { dayIn, firstOf, monthOf, shiftMonth } from '#billing/period.ts'
import { isToBeMade, type NewAgreement, type NewContact } from '#billing/record.ts'
import { closedReason } from '#billing/target.ts'
import { twinsOf } from '#billing/twins.ts'
import { listAgreementsOf } from '#db/catalogue.ts'
import { listCreations } from '#db/creations.ts'
import { listCompanies } from '#db/mirror.ts'
import type { Typed } from '#routes/form.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { readAgreementsOf } from '#sync/mapping/catalogue.ts'
import { listStandIns, listWanted } from '#sync/records/to-be-made.ts'
import type { Twin } from '#views/creations/creation.tsx'
import { chosenId, filled, lineOf, namesOf, type Place } from './place.ts'

type AgreementType = Awaited<ReturnType<ConnectWise['listAgreementTypes']>>[number]

/** What an agreement's form lets choose. */
export interface AgreementChoices {
  company: { id: number; name: string }
  types: readonly AgreementType[]
  /** Of the company, the one that new agreements name first. */
  contacts: readonly { id: number; name: string }[]
  /** Whether one of them is the company's default or default billing contact. */
  hasDefault: boolean
}

/** Throws a Problem when the account has no company yet, or the viewer may not read it. */
export async function agreementChoices(deps: Deps, viewer: Viewer, place: Place): Promise<AgreementChoices> {
  const { state } = place.account
  const id = state.mappings[0]?.companyId ?? state.companyId
  if (id === null) throw new Problem('invalid', 'Choose the company first.')
  await requireReadable(deps, viewer, 'company', id)
  const connectWise = await deps.connectWise(viewer.scope)
  const [types, contacts, found, toBe] = await Promise.all([
    connectWise.listAgreementTypes(),
    isToBeMade(id) ? wantedContacts(viewer, id) : existingContacts(await connectWise.listContactsOf(id)),
    listCompanies(viewer.scope, [id]),
    listStandIns(viewer.scope, [id]),
  ])
  const name = [...found, ...toBe.companies][0]?.name ?? `Company ${id}`
  return { company: { id, name }, types, ...contacts }
}

function existingContacts(all: readonly Contact[]): Pick<AgreementChoices, 'contacts' | 'hasDefault'> {
  const usual = contactFor(all)
  const active = all.filter(({ inactive }) => !inactive)
  const ordered = [...active].sort((a, b) => Number(b === usual) - Number(a === usual))
  return { contacts: ordered.map((one) => ({ id: one.id, name: nameOf(one, usual) })), hasDefault: usual !== undefined }
}

function nameOf({ id, firstName, lastName, emails, isDefault, isDefaultBilling }: Contact, usual: Contact | undefined) {
  const why = isDefault ? 'default' : isDefaultBilling ? 'default billing' : ''
  const said = [emails[0], id === usual?.id ? why : ''].filter(Boolean).join(', ')
  return `${[firstName, lastName].filter(Boolean).join(' ') || `Contact ${id}`}${said === '' ? '' : ` (${said})`}`
}

async function wantedContacts({ scope }: Viewer, companyId: number) {
  const contacts = (await listCreations(scope)).flatMap(({ id, draft }) =>
    draft.record === 'contact' && draft.companyId === companyId
      ? [{ id, name: `${[draft.firstName, draft.lastName].filter(Boolean).join(' ')} (to be made)` }]
      : [],
  )
  return { contacts, hasDefault: contacts.length > 0 }
}

/** In the contact's select. */
export const newContact = 'new'

/** The form filled in: the default type, the first day of the period that is billed, the company's contact (4.3, P18). */
export function agreementFields(deps: Deps, { tenant }: Viewer, { source }: Place, choices: AgreementChoices): Typed {
  const { types, contacts, hasDefault } = choices
  const type =
    types.find(({ id }) => id === tenant.defaultAgreementTypeId) ?? (types.length === 1 ? types[0] : undefined)
  const month = monthOf(dayIn(tenant.zone, deps.now()))
  const startOn = firstOf(source.billingPeriod === 'previous' ? shiftMonth(month, -1) : month)
  const contactId = contacts.length === 0 ? newContact : hasDefault ? String(contacts[0]?.id) : ''
  return { typeId: type ? String(type.id) : '', name: type?.name ?? '', startOn, contactId }
}

/** The agreement a form asks for, and its contact when that is to be made as well. */
export function agreementDraft(
  typed: Typed,
  choices: AgreementChoices,
): { agreement: NewAgreement; contact?: NewContact } {
  const { company, types, contacts, hasDefault } = choices
  const typeId = chosenId(typed.typeId)
  const type = types.find(({ id }) => id === typeId)
  const contactId = chosenId(typed.contactId)
  const name = lineOf(typed.name) || (type?.name ?? '')
  const names = namesOf({
    typeId: { id: typeId, choices: types },
    companyId: { id: company.id, choices: [company] },
    contactId: { id: contactId, choices: contacts },
  })
  const agreement: NewAgreement = {
    ...{ record: 'agreement', name, typeId, companyId: company.id, startOn: typed.startOn ?? '', names },
    ...(contactId === 0 ? {} : { contactId }),
  }
  if (typed.contactId !== newContact) return { agreement }
  const contact: NewContact = {
    ...{ record: 'contact', companyId: company.id, firstName: lineOf(typed.firstName) },
    ...filled({ lastName: lineOf(typed.lastName), email: lineOf(typed.email) }),
    ...(hasDefault ? {} : { isDefault: true }),
    names: { companyId: company.name },
  }
  return { agreement, contact }
}

/** What is wrong with it, by field. */
export function agreementErrors(typed: Typed, choices: AgreementChoices): Record<string, string> {
  const { agreement, contact } = agreementDraft(typed, choices)
  const { types, contacts } = choices
  const isForeign = agreement.contactId !== undefined && !contacts.some(({ id }) => id === agreement.contactId)
  const noContact = agreement.contactId === undefined && !contact
  return Object.fromEntries([
    ...draftProblems(agreement, { agreementTypes: types }).map(({ field, text }) => [field, text] as const),
    ...(contact ? draftProblems(contact) : []).map(({ field, text }) => [field, text] as const),
    ...(isForeign ? [['contactId', 'The company has no such contact any more: choose another.'] as const] : []),
    ...(noContact ? [['contactId', 'Choose a contact, or a new one.'] as const] : []),
  ])
}

/** Agreements of the company that are called alike or are of the same type, and those that are to be made. */
export async function agreementTwins(
  deps: Deps,
  viewer: Viewer,
  typed: Typed,
  { company, types }: AgreementChoices,
): Promise<Twin[]> {
  await readAgreementsOf(deps, viewer.scope, company.id)
  const rows = (await listAgreementsOf(viewer.scope, company.id)).map(({ body }) => body)
  const readable = await listReadable(
    deps,
    viewer,
    'agreement',
    rows.map(({ id }) => id),
  )
  const wanted = (await listWanted(viewer.scope)).agreements.filter(({ companyId }) => companyId === company.id)
  const today = dayIn(viewer.tenant.zone, deps.now())
  const seen = [...wanted, ...rows.filter(({ id }) => readable.has(id))]
  const type = types.find(({ id }) => id === chosenId(typed.typeId))?.name
  const name = lineOf(typed.name) || (type ?? '')
  const alike = twinsOf(
    { name, identifier: '' },
    seen.map((one) => ({ ...one, identifier: '' })),
  )
  return seen.flatMap((one): Twin[] => {
    const twin = alike.find(({ id }) => id === one.id)
    const why = one.typeName === type ? 'of the same type' : twin?.why
    // One that has ended is no reason not to make another.
    if (why === undefined || closedReason(one, today) !== undefined) return []
    const detail = [one.typeName, isToBeMade(one.id) ? 'to be made already' : `id ${one.id}`]
      .filter(Boolean)
      .join(' · ')
    return [{ id: one.id, name: one.name, detail, why }]
  })
}
