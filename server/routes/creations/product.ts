import { readQuery } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import { Checked } from '#views/creations/creation.tsx'
import { ProductCreation } from '#views/creations/product.tsx'
import { doubted, readCreation, requireMayMake, wantAndChoose, wishWords } from './place.ts'
import {
  type ProductChoices,
  productChoices,
  productDraft,
  productErrors,
  productFields,
  productSelects,
  productTwins,
  readNamesakes,
} from './product-form.ts'
import { askedForProduct, type ProductPlace, readProductPlace } from './product-place.ts'

/** `GET /creations/product`: the form, filled in as far as the SKU and the settings say (S4, Q6, M24). */
export const getProductCreation = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  requireMayMake(viewer, 'product')
  const place = await readProductPlace(deps, c, readQuery(c, askedForProduct))
  const choices = await productChoices(deps, viewer)
  const fields = productFields(viewer, place.seed)
  const twins = await productTwins(deps, viewer, fields)
  return fragment(c, ProductCreation, { ...formOf(viewer, place, choices), fields, errors: {}, twins, askAgain: false })
}

/** `POST /creations/product/checks`: what is wrong with the field that was left. */
export const postProductChecks = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { typed } = await readCreation(c, askedForProduct)
  const twins = await productTwins(deps, viewer, typed)
  const error = productErrors(typed, await productChoices(deps, viewer), twins)[typed.field ?? '']
  return fragment(c, Checked, { record: 'product', error, twins })
}

/** `POST /creations/product`: wants it made and has it chosen where it was missing; or chooses one that is there. */
export const postProductCreation = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { asked, typed } = await readCreation(c, askedForProduct)
  const place = await readProductPlace(deps, c, asked)
  const { use } = asked
  if (use !== undefined) return (await place.choose(use))('Product saved.')
  requireMayMake(viewer, 'product')
  const choices = await productChoices(deps, viewer)
  const draft = productDraft(typed, choices)
  await readNamesakes(deps, viewer, draft.identifier)
  const twins = await productTwins(deps, viewer, typed)
  const errors = doubted(typed, twins, productErrors(typed, choices, twins))
  if (Object.keys(errors).length > 0) {
    const form = { ...formOf(viewer, place, choices), fields: typed, errors, twins, askAgain: twins.length > 0 }
    return fragment(c, ProductCreation, form, 422)
  }
  const { id, saved: answer } = await wantAndChoose(deps, viewer, draft, place.choose)
  return answer(wishWords(draft.identifier, id))
}

const formOf = (viewer: Viewer, { purpose, asked, back }: ProductPlace, choices: ProductChoices) => ({
  ...{ standing: standingOf(viewer), record: 'product' as const, purpose, asked, back },
  ...productSelects(choices),
})
