import type { CompanyStatus } from './existing.ts'
import { isDay } from './period.ts'
import type { NewAgreement, NewCompany, NewContact, NewProduct, NewRecord, NewReference } from './record.ts'

/** What TrueUp may make in ConnectWise (FEATURES section 2), and the values new records get. Ids are ConnectWise's. */
export interface CreationPolicy {
  /** ask: every creation is held for a person. */
  companies: 'off' | 'ask'
  agreements: 'off' | 'ask' | 'automatic'
  products: 'off' | 'ask'
  companyStatusId?: number
  companyTypeId?: number
  productCategoryId?: number
  productSubcategoryId?: number
  productTypeId?: number
  productUnitId?: number
}

export const plainCreation: CreationPolicy = { companies: 'ask', agreements: 'ask', products: 'ask' }

/** What stands in the way of a record to be made, at the field where it can be put right. */
export interface DraftProblem {
  field: string
  text: string
}

/** An entry of one of ConnectWise's set-up tables, or a record to choose. */
export interface NamedChoice {
  id: number
  name: string
}

/** What a draft is checked against, each as far as it was read from ConnectWise. */
export interface KnownChoices {
  companyStatuses?: readonly CompanyStatus[]
  companyTypes?: readonly NamedChoice[]
  agreementTypes?: readonly NamedChoice[]
  subcategories?: readonly (NamedChoice & { categoryId?: number })[]
  productTypes?: readonly NamedChoice[]
  productUnits?: readonly NamedChoice[]
  /** Another record that has the identifier already. */
  twin?: NamedChoice
  /** Whether the company of an agreement has a contact that is its default or default billing one. */
  hasContact?: boolean
}

/** What is wrong with a record to be made, before anything is written (FEATURES P18, Q6, TRUST U30, U32). */
export function draftProblems(draft: NewRecord, known: KnownChoices = {}): DraftProblem[] {
  switch (draft.record) {
    case 'company':
      return companyProblems(draft, known)
    case 'contact':
      return contactProblems(draft)
    case 'agreement':
      return agreementProblems(draft, known)
    case 'product':
      return productProblems(draft, known)
  }
}

function companyProblems(draft: NewCompany, known: KnownChoices): DraftProblem[] {
  const status = known.companyStatuses?.find(({ id }) => id === draft.statusId)
  return [
    ...textProblems('identifier', 'The company id', draft.identifier, 30),
    ...problemIf(/\s/.test(draft.identifier.trim()), 'identifier', 'The company id cannot contain spaces.'),
    ...twinProblem('company', draft.identifier, known),
    ...textProblems('name', 'The name', draft.name, 50),
    ...choiceProblems('statusId', 'status', draft.statusId, known.companyStatuses),
    ...problemIf(
      status?.inactive === true,
      'statusId',
      `The status ${status?.name} is inactive: choose an active one.`,
    ),
    ...problemIf(
      status?.disallowsSaving === true,
      'statusId',
      `ConnectWise saves no company in status ${status?.name}.`,
    ),
    ...choiceProblems('typeId', 'type', draft.typeId, known.companyTypes),
    ...textProblems('siteName', 'The name of the site', draft.siteName, 50),
    ...(['addressLine1', 'city', 'state'] as const).flatMap((field) => lengthProblem(field, draft[field], 50)),
    ...lengthProblem('zip', draft.zip, 12),
  ]
}

function contactProblems(draft: NewContact): DraftProblem[] {
  const { email } = draft
  const isAddress = email === undefined || /^[^\s@]+@[^\s@]+$/.test(email)
  return [
    ...textProblems('firstName', 'The first name', draft.firstName, 30),
    ...lengthProblem('lastName', draft.lastName, 30),
    ...problemIf(!isAddress, 'email', 'This is not an e-mail address.'),
    ...lengthProblem('email', email, 250),
  ]
}

function agreementProblems(draft: NewAgreement, known: KnownChoices): DraftProblem[] {
  const noContact = draft.contactId === undefined && known.hasContact === false
  return [
    ...textProblems('name', 'The name', draft.name, 100),
    ...choiceProblems('typeId', 'active agreement type', draft.typeId, known.agreementTypes),
    ...problemIf(draft.companyId === 0, 'companyId', 'Choose the company.'),
    ...problemIf(noContact, 'contactId', 'The company has no default contact: choose one or name a new one.'),
    ...problemIf(!isDay(draft.startOn), 'startOn', 'Give the first day as YYYY-MM-DD.'),
  ]
}

function productProblems(draft: NewProduct, known: KnownChoices): DraftProblem[] {
  const subcategory = known.subcategories?.find(({ id }) => id === draft.subcategoryId)
  const { categoryId } = subcategory ?? {}
  const isForeign = categoryId !== undefined && draft.categoryId !== 0 && categoryId !== draft.categoryId
  return [
    ...textProblems('identifier', 'The product id', draft.identifier, 75),
    ...twinProblem('product', draft.identifier, known),
    ...textProblems('description', 'The description', draft.description, 60),
    ...problemIf(draft.categoryId === 0, 'categoryId', 'Choose a category.'),
    ...choiceProblems('subcategoryId', 'subcategory', draft.subcategoryId, known.subcategories),
    ...problemIf(isForeign, 'subcategoryId', `${subcategory?.name} is a subcategory of another category.`),
    ...choiceProblems('typeId', 'product type', draft.typeId, known.productTypes),
    ...(draft.unitOfMeasureId === undefined
      ? [{ field: 'unitOfMeasureId', text: 'Choose a unit.' }]
      : choiceProblems('unitOfMeasureId', 'unit', draft.unitOfMeasureId, known.productUnits)),
    ...lengthProblem('crossReference', draft.crossReference, 50),
  ]
}

const problemIf = (is: boolean, field: string, text: string): DraftProblem[] => (is ? [{ field, text }] : [])

function textProblems(field: string, what: string, value: string, most: number): DraftProblem[] {
  if (value.trim() === '') return [{ field, text: `${what} is missing.` }]
  return lengthProblem(field, value, most)
}

const lengthProblem = (field: string, value: string | undefined, most: number): DraftProblem[] =>
  problemIf((value?.length ?? 0) > most, field, `At most ${most} characters; these are ${value?.length}.`)

function choiceProblems(field: string, what: string, id: number, known?: readonly { id: number }[]): DraftProblem[] {
  if (id === 0) return [{ field, text: `Choose a ${what}.`.replace('a active', 'an active') }]
  const isUnknown = known !== undefined && !known.some((one) => one.id === id)
  return problemIf(isUnknown, field, `ConnectWise has no ${what} ${id} any more: choose another.`)
}

const twinProblem = (record: string, identifier: string, { twin }: KnownChoices): DraftProblem[] =>
  problemIf(
    twin !== undefined,
    'identifier',
    `The ${record} ${identifier} exists already (${twin?.name}, ${twin?.id}): use it.`,
  )

/** One text per thing to be made: an agreement per company and type (4.3), companies and products by their identifier. */
export function identityOf(draft: NewRecord): string {
  switch (draft.record) {
    case 'company':
    case 'product':
      return `${draft.record}/${draft.identifier.toLowerCase()}`
    case 'contact':
      return `contact/${draft.companyId}/${(draft.email ?? `${draft.firstName} ${draft.lastName ?? ''}`).toLowerCase()}`
    case 'agreement':
      return `agreement/${draft.companyId}/${draft.typeId}`
  }
}

/** `custom field Organization of company 250`: what of a record that is there is written. */
export function referenceWords(of: string, id: number | null | undefined, { caption }: NewReference): string {
  return `custom field ${caption} of ${of} ${id ?? '?'}`
}

/** `company CONTOSO (Contoso Ltd)`: what is made, for plans, logs and the ledger. */
export function recordWords(draft: NewRecord): string {
  switch (draft.record) {
    case 'company':
      return `company ${draft.identifier} (${draft.name})`
    case 'contact':
      return `contact ${[draft.firstName, draft.lastName].filter(Boolean).join(' ')}`
    case 'agreement':
      return `agreement ${draft.name} from ${draft.startOn}`
    case 'product':
      return `product ${draft.identifier} (${draft.description})`
  }
}
