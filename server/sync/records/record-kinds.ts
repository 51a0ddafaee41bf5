import { decimal } from '#billing/decimal.ts'
import { type Agreement, type Company, type Contact, contactFor, type Product } from '#billing/existing.ts'
import { isNewRecord, type NewAgreement, type NewContact, type NewRecord } from '#billing/record.ts'
import { saveKnownContacts } from '#db/contacts.ts'
import type { Scope, Statement } from '#db/db.ts'
import type { Intent } from '#db/intents.ts'
import { saveAgreements, saveCompanies, saveProducts } from '#db/mirror.ts'
import type { ConnectWise, WriteOutcome } from '#server/deps.ts'

/** A record ConnectWise holds: what a write of one answers. */
export type HeldRecord = { company: Company } | { contact: Contact } | { agreement: Agreement } | { product: Product }
export type RecordOutcome = WriteOutcome<HeldRecord>

/** Whether a write is about a record of its own instead of an addition. */
export const isOfRecord = ({ record }: Pick<Intent, 'record'>): boolean => record !== 'addition'

/** What a record's write is to make. */
export function draftOf({ id, draft }: Pick<Intent, 'id' | 'draft'>): NewRecord {
  if (!isNewRecord(draft)) throw new Error(`intent ${id} makes no record`)
  return draft
}

export const idOf = (held: HeldRecord): number => Object.values(held as Record<string, { id: number }>)[0]?.id ?? 0

/** Sends one write of a record. */
export async function writeRecord(connectWise: ConnectWise, intent: Intent): Promise<RecordOutcome> {
  if (intent.change === 'cancel') return connectWise.deactivateContact(leftContactOf(intent))
  if (intent.change !== 'create') return updateCost(connectWise, intent)
  const draft = draftOf(intent)
  switch (draft.record) {
    case 'company':
      return connectWise.createCompany(draft)
    case 'contact':
      return connectWise.createContact(draft, draft.email === undefined ? undefined : await connectWise.findEmailType())
    case 'agreement':
      return connectWise.createAgreement({ ...draft, contactId: draft.contactId ?? 0 })
    case 'product':
      return connectWise.createProduct(draft)
  }
}

/** The contact that a write sets inactive. */
export function leftContactOf({ id, draft }: Pick<Intent, 'id' | 'draft'>): number {
  if (draft?.record !== 'contact' || draft.inactiveId === undefined) throw new Error(`intent ${id} names no contact`)
  return draft.inactiveId
}

async function updateCost(connectWise: ConnectWise, { id, recordId, desired }: Intent): Promise<RecordOutcome> {
  if (recordId === null || desired.unitCost === undefined) throw new Error(`intent ${id} changes nothing of a product`)
  return connectWise.updateProductCost(recordId, decimal(desired.unitCost))
}

/**
 * The records that may be the one a write makes: companies and products by their identifier, which is unique, contacts by
 * their e-mail address, agreements by type, name and first day among those that were not there before (TRUST section 4).
 */
export async function listAlike(connectWise: ConnectWise, draft: NewRecord): Promise<HeldRecord[]> {
  switch (draft.record) {
    case 'company':
      return (await connectWise.listCompaniesCalled(draft.identifier)).map((company) => ({ company }))
    case 'product':
      return (await connectWise.listProductsCalled(draft.identifier)).map((product) => ({ product }))
    case 'contact':
      return (await connectWise.listContactsOf(draft.companyId))
        .filter((contact) => isContact(contact, draft))
        .map((contact) => ({ contact }))
    case 'agreement':
      return (await connectWise.listAgreementsOf(draft.companyId))
        .filter((agreement) => isAgreement(agreement, draft))
        .map((agreement) => ({ agreement }))
  }
}

/** Whether a contact is the one that a draft would make. */
export function isContact(contact: Contact, { email, firstName, lastName = '', besides = [] }: NewContact): boolean {
  if (email !== undefined) return contact.emails.some((one) => one.toLowerCase() === email.toLowerCase())
  return contact.firstName === firstName && contact.lastName === lastName && !besides.includes(contact.id)
}

const isAgreement = (agreement: Agreement, { typeId, name, startOn, besides = [] }: NewAgreement): boolean =>
  agreement.typeId === typeId &&
  agreement.name === name &&
  agreement.startOn === startOn &&
  !besides.includes(agreement.id)

/** A record with the unique identifier and another name was made by somebody else. */
export function isOurs(held: HeldRecord, draft: NewRecord): boolean {
  if ('company' in held) return draft.record === 'company' && held.company.name === draft.name && !held.company.deleted
  if ('product' in held) return draft.record === 'product' && held.product.description === draft.description
  return true
}

/** `company 251 (Contoso Ltd)` */
export function heldWords(held: HeldRecord): string {
  if ('company' in held) return `company ${held.company.id} (${held.company.name})`
  if ('product' in held) return `product ${held.product.id} (${held.product.description})`
  if ('agreement' in held) return `agreement ${held.agreement.id} (${held.agreement.name})`
  return `contact ${held.contact.id} (${`${held.contact.firstName} ${held.contact.lastName}`.trim()})`
}

/**
 * The draft with all that is only known right before it is sent: who a new agreement names, and which of its kind the
 * company has already. Undefined: it cannot be sent, for want of a contact.
 */
export async function readyDraft(connectWise: ConnectWise, draft: NewRecord): Promise<NewRecord | undefined> {
  if (draft.record === 'agreement') {
    const contactId = draft.contactId ?? contactFor(await connectWise.listContactsOf(draft.companyId))?.id
    if (contactId === undefined) return undefined
    const besides = draft.besides ?? (await connectWise.listAgreementsOf(draft.companyId)).map(({ id }) => id)
    return { ...draft, contactId, besides }
  }
  if (draft.record !== 'contact') return draft
  if (draft.email !== undefined) {
    await connectWise.findEmailType()
    return draft
  }
  const besides = draft.besides ?? (await connectWise.listContactsOf(draft.companyId)).map(({ id }) => id)
  return { ...draft, besides }
}

/** Our copy of a record that was just written or found; one that is not ours is never changed later (FEATURES 4.12). */
export function mirrored(scope: Scope, held: HeldRecord, { isOurs, at }: { isOurs: boolean; at: number }): Statement[] {
  if ('company' in held) return saveCompanies(scope, [held.company], at)
  if ('product' in held) return saveProducts(scope, [held.product], at)
  if ('agreement' in held) return saveAgreements(scope, [held.agreement.id], [held.agreement], at)
  const { id, companyId, emails, inactive } = held.contact
  if (companyId === undefined) return []
  const contact = { companyId, contactId: id, isOurs, inactive, readAt: at }
  return saveKnownContacts(
    scope,
    emails.map((email) => ({ ...contact, email: email.toLowerCase() })),
  )
}
