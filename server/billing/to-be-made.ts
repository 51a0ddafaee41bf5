import type { Agreement, Company, Product } from './existing.ts'
import type { NewAgreement, NewCompany, NewProduct, RecordDraft } from './record.ts'

/** Records as if ConnectWise held them already, each under its negative id. */
export interface StandIns {
  companies: Company[]
  agreements: Agreement[]
  products: Product[]
}

/** What wanted records will be once they are made, as far as their drafts say. */
export function standInsOf(wanted: readonly { id: number; draft: RecordDraft }[]): StandIns {
  return {
    companies: wanted.flatMap(({ id, draft }) => (draft.record === 'company' ? companyToBe(id, draft) : [])),
    agreements: wanted.flatMap(({ id, draft }) => (draft.record === 'agreement' ? agreementToBe(id, draft) : [])),
    products: wanted.flatMap(({ id, draft }) => (draft.record === 'product' ? productToBe(id, draft) : [])),
  }
}

const companyToBe = (id: number, { identifier, name, statusId, names }: NewCompany): Company => ({
  id,
  identifier,
  name,
  statusId,
  statusName: names?.statusId ?? '',
  types: names?.typeId === undefined ? [] : [names.typeId],
  hasSite: true,
  deleted: false,
})

/** How it is billed comes from its type, which is not known here. */
const agreementToBe = (id: number, { name, companyId, startOn, names }: NewAgreement): Agreement => ({
  id,
  name,
  companyId,
  companyName: names?.companyId ?? '',
  typeName: names?.typeId ?? '',
  status: 'Active',
  startOn,
  endOn: undefined,
  billStartOn: startOn,
  nextInvoiceOn: undefined,
  billProducts: '',
  billingCycle: '',
  prorate: false,
  currency: undefined,
  currencyDecimals: 2,
  parentId: undefined,
})

const productToBe = (id: number, { identifier, description }: NewProduct): Product => ({
  id,
  identifier,
  description,
  productClass: '',
  inactive: false,
})
