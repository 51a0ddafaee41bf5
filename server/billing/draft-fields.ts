import { isNewRecord, type NewRecord, type RecordDraft } from './record.ts'

/** One field of a record to be made, as it will be written. */
interface DraftField {
  name: string
  value: string
  /** What it holds now, where that is not nothing. */
  from?: string
  /** A cost or price. */
  money?: true
}

/** Every field that will be written, in words; ids with what they were called when they were chosen. */
export function draftFields(draft: RecordDraft | null): DraftField[] {
  if (draft?.record === 'reference') return [{ name: draft.caption, value: draft.to, from: draft.from }]
  if (!isNewRecord(draft)) return []
  return named(draft).flatMap(([name, value, money]) =>
    value === undefined || value === '' ? [] : [{ name, value, ...(money ? { money } : {}) }],
  )
}

type Entry = [name: string, value: string | undefined, money?: true]

function named(draft: NewRecord): Entry[] {
  const of = (field: string, id: number | undefined): string | undefined => {
    if (id === undefined) return undefined
    const name = draft.names?.[field]
    return id < 0 ? `${name ?? ''} (new)`.trim() : name === undefined ? String(id) : `${name} (${id})`
  }
  switch (draft.record) {
    case 'company':
      return entries(
        ['company id', draft.identifier],
        ['name', draft.name],
        ['status', of('statusId', draft.statusId)],
        ['type', of('typeId', draft.typeId)],
        ['site', draft.siteName],
        ['address', draft.addressLine1],
        ['city', draft.city],
        ['state', draft.state],
        ['zip', draft.zip],
        ['account id', draft.reference?.value],
      )
    case 'contact':
      return entries(
        ['first name', draft.firstName],
        ['last name', draft.lastName],
        ['e-mail', draft.email],
        ['company', of('companyId', draft.companyId)],
        ['default contact', draft.isDefault ? 'yes' : undefined],
      )
    case 'agreement':
      return entries(
        ['name', draft.name],
        ['type', of('typeId', draft.typeId)],
        ['company', of('companyId', draft.companyId)],
        ['start', draft.startOn],
        ['contact', of('contactId', draft.contactId) ?? 'the default contact of the company'],
        ['account', draft.reference?.value],
      )
    case 'product':
      return entries(
        ['product id', draft.identifier],
        ['description', draft.description],
        ['category', of('categoryId', draft.categoryId)],
        ['subcategory', of('subcategoryId', draft.subcategoryId)],
        ['type', of('typeId', draft.typeId)],
        ['class', 'NonInventory'],
        ['unit', of('unitOfMeasureId', draft.unitOfMeasureId)],
        ['cross reference', draft.crossReference],
        ['cost', draft.cost, true],
        ['price', draft.price, true],
      )
  }
}

const entries = (...all: Entry[]): Entry[] => all
