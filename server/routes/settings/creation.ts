import * as z from 'zod'
import type { CreationPolicy } from '#billing/creation.ts'
import { choicesOf } from '#routes/creations/place.ts'
import { productSelects } from '#routes/creations/product-form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { NewRecords, type NewRecordsProps, NewRecordsUnknown } from '#views/settings/creation.tsx'
import { editorOf } from './editor.ts'
import { recordId } from './sources.ts'

const offOrAsk = z.enum(['off', 'ask'], 'never, or after approval').optional()
const id = recordId.optional()

/** The fields of what may be made; those that are not sent keep their values. */
export const creationForm = z.object({
  companies: offOrAsk,
  agreements: z.enum(['off', 'ask', 'automatic'], 'never, after approval, or without asking').optional(),
  products: offOrAsk,
  ...{ companyStatusId: id, companyTypeId: id, productTypeId: id, productUnitId: id },
  /** Category and subcategory: `3/12`. */
  productSubcategory: z
    .string()
    .regex(/^([1-9]\d{0,8}\/[1-9]\d{0,8})?$/, 'a subcategory of the list')
    .optional(),
})

/** What is stored, with what a form says in its place; empty takes a value away. */
export function creationOf(stored: CreationPolicy, form: z.output<typeof creationForm>): CreationPolicy {
  const { productSubcategory, companies, agreements, products, ...ids } = form
  const [categoryId, subcategoryId] = (productSubcategory || '/').split('/')
  const said = {
    ...ids,
    ...(productSubcategory === undefined
      ? {}
      : { productCategoryId: Number(categoryId) || null, productSubcategoryId: Number(subcategoryId) || null }),
  }
  const { companies: _, agreements: __, products: ___, ...before } = stored
  const after = Object.entries({ ...before, ...defined(said) }).filter(([, value]) => value !== null)
  return {
    companies: companies ?? stored.companies,
    agreements: agreements ?? stored.agreements,
    products: products ?? stored.products,
    ...Object.fromEntries(after),
  }
}

const defined = (values: Record<string, number | null | undefined>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** `GET /settings/new-records`: what new records can be, as ConnectWise lists it now, by id. */
export const getNewRecords = (deps: Deps) => async (c: Ask) => {
  const { scope, tenant } = editorOf(deps, c)
  try {
    const connectWise = await deps.connectWise(scope)
    const [statuses, types, tables] = await Promise.all([
      connectWise.listCompanyStatuses(),
      connectWise.listCompanyTypes(),
      connectWise.listProductTables(),
    ])
    const usable = statuses.filter(({ inactive, disallowsSaving }) => !inactive && !disallowsSaving)
    const choices = { statuses: choicesOf(usable), types: choicesOf(types) }
    return await fragment(c, NewRecords, newRecords(tenant.creation, choices, tables))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return fragment(c, NewRecordsUnknown, { reason: error.message })
  }
}

type Choices = ReturnType<typeof choicesOf>

function newRecords(
  stored: CreationPolicy,
  { statuses, types }: { statuses: Choices; types: Choices },
  tables: Parameters<typeof productSelects>[0],
): NewRecordsProps {
  const selects = productSelects(tables)
  const categories = new Map(tables.subcategories.map(({ id, categoryId }) => [String(id), categoryId]))
  const text = (chosen: number | undefined) => (chosen === undefined ? '' : String(chosen))
  const { productCategoryId, productSubcategoryId } = stored
  return {
    companyStatusId: { value: text(stored.companyStatusId), choices: statuses },
    companyTypeId: { value: text(stored.companyTypeId), choices: types },
    productSubcategory: {
      value: productSubcategoryId === undefined ? '' : `${productCategoryId}/${productSubcategoryId}`,
      choices: selects.subcategories.flatMap((choice) => {
        const category = categories.get(choice.value)
        return category === undefined ? [] : [{ ...choice, value: `${category}/${choice.value}` }]
      }),
    },
    productTypeId: { value: text(stored.productTypeId), choices: selects.types },
    productUnitId: { value: text(stored.productUnitId), choices: selects.units },
  }
}
