import { draftProblems } from '#billing/creation.ts'
import { decimal } from '#billing/decimal.ts'
import type { Product } from '#billing/existing.ts'
import { isToBeMade, type NewProduct } from '#billing/record.ts'
import { productRefusal } from '#billing/target.ts'
import { isSame } from '#billing/twins.ts'
import { searchProducts } from '#db/catalogue.ts'
import { save } from '#db/db.ts'
import { saveProducts } from '#db/mirror.ts'
import type { Typed } from '#routes/form.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import { listAllProducts } from '#sync/mapping/catalogue.ts'
import { listWanted } from '#sync/records/to-be-made.ts'
import { tenantOf } from '#sync/run.ts'
import type { Twin } from '#views/creations/creation.tsx'
import { choicesOf, chosenId, filled, lineOf, namesOf } from './place.ts'

/** What products are filed under and counted in, as ConnectWise lists it now. */
export type ProductChoices = Awaited<ReturnType<ConnectWise['listProductTables']>>

export const productChoices = async (deps: Deps, { scope }: Viewer): Promise<ProductChoices> =>
  (await deps.connectWise(scope)).listProductTables()

/** The selects: each subcategory under its category. */
export function productSelects({ categories, subcategories, productTypes, productUnits }: ProductChoices) {
  const names = new Map(categories.map(({ id, name }) => [id, name]))
  return {
    subcategories: subcategories.map(({ id, name, categoryId }) => ({
      ...{ value: String(id), text: name },
      group: names.get(categoryId ?? 0) ?? 'No category',
    })),
    types: choicesOf(productTypes),
    units: choicesOf(productUnits),
  }
}

/** What a form starts with: what it stands for, and the tenant's own choices for new products (S4, Q6). */
export function productFields({ tenant: { creation } }: Viewer, seed: { name: string; title: string }): Typed {
  const { productSubcategoryId, productTypeId, productUnitId } = creation
  const text = (id: number | undefined) => (id === undefined ? '' : String(id))
  const name = lineOf(seed.name)
  return {
    ...{ identifier: name.slice(0, 75), description: (lineOf(seed.title) || name).slice(0, 60) },
    ...{ subcategoryId: text(productSubcategoryId), typeId: text(productTypeId), unitOfMeasureId: text(productUnitId) },
    ...{ cost: '', price: '', crossReference: name.length <= 50 ? name : '' },
  }
}

/** The product a form asks for; what is not chosen is 0. */
export function productDraft(typed: Typed, choices: ProductChoices): NewProduct {
  const { subcategories, productTypes, productUnits, categories } = choices
  const subcategoryId = chosenId(typed.subcategoryId)
  const categoryId = subcategories.find(({ id }) => id === subcategoryId)?.categoryId ?? 0
  const [typeId, unitOfMeasureId] = [chosenId(typed.typeId), chosenId(typed.unitOfMeasureId)]
  return {
    ...{ record: 'product', identifier: lineOf(typed.identifier), description: lineOf(typed.description) },
    ...{ categoryId, subcategoryId, typeId },
    ...(unitOfMeasureId === 0 ? {} : { unitOfMeasureId }),
    ...filled({ cost: amountOf(typed.cost), price: amountOf(typed.price) }),
    ...filled({ crossReference: lineOf(typed.crossReference) }),
    names: namesOf({
      categoryId: { id: categoryId, choices: categories },
      subcategoryId: { id: subcategoryId, choices: subcategories },
      typeId: { id: typeId, choices: productTypes },
      unitOfMeasureId: { id: unitOfMeasureId, choices: productUnits },
    }),
  }
}

const isAmount = (text: string): boolean => /^\d{1,9}(\.\d{1,4})?$/.test(text)
const amountOf = (typed: string | undefined): string => (isAmount(lineOf(typed)) ? decimal(lineOf(typed)) : '')

/** What is wrong with it, by field. */
export function productErrors(typed: Typed, choices: ProductChoices, twins: readonly Twin[]): Record<string, string> {
  const draft = productDraft(typed, choices)
  const isTaken = twins.some(({ name }) => isSame(name, draft.identifier))
  const problems = draftProblems(draft, choices).filter(({ field }) => field !== 'categoryId')
  const amounts = (['cost', 'price'] as const).filter(
    (field) => lineOf(typed[field]) !== '' && !isAmount(lineOf(typed[field])),
  )
  return Object.fromEntries([
    ...(isTaken ? [['identifier', 'Another product has this id: use that one, or give another id.'] as const] : []),
    ...problems.map(({ field, text }) => [field, text] as const),
    ...amounts.map((field) => [field, 'An amount like 12.50, or nothing.'] as const),
  ])
}

/** Looks in ConnectWise for what has the identifier by now: our copy may be a day old. */
export async function readNamesakes(deps: Deps, { scope }: Viewer, identifier: string): Promise<void> {
  if (identifier === '') return
  const at = deps.now()
  const found = await (await deps.connectWise(scope)).listProductsCalled(identifier)
  await save(scope.db, saveProducts(scope, found, at))
}

const mostTwins = 5

/** Products whose id, description or cross-reference is what is typed as the id. */
export async function productTwins(deps: Deps, { scope }: Viewer, typed: Typed): Promise<Twin[]> {
  if ((await tenantOf(scope)).productsListedAt === null) await listAllProducts(deps, scope)
  const identifier = lineOf(typed.identifier)
  if (identifier === '') return []
  const wanted = (await listWanted(scope)).products
  const found = (await searchProducts(scope, { text: identifier, limit: 50 })).map(({ body }) => body)
  return [...wanted, ...found].flatMap((product) => twinOf(product, identifier) ?? []).slice(0, mostTwins)
}

function twinOf(product: Product, identifier: string): Twin | undefined {
  const { id, description, crossReference } = product
  const why = isSame(product.identifier, identifier)
    ? 'the same id'
    : isSame(crossReference ?? '', identifier)
      ? 'its cross-reference is this id'
      : isSame(description, identifier)
        ? 'its description is this id'
        : undefined
  if (why === undefined) return undefined
  const refused = productRefusal(product, id)
  const detail = [description, isToBeMade(id) ? 'to be made already' : `id ${id}`].join(' · ')
  return { id, name: product.identifier, detail, why, ...(refused === undefined ? {} : { refused }) }
}
