import * as z from 'zod'
import { type Decimal, decimal } from '#billing/decimal.ts'
import type { Product } from '#billing/existing.ts'
import type { NewProduct } from '#billing/record.ts'
import type { Api } from './api.ts'
import { listByIdentifier } from './by-identifier.ts'
import { listByIds } from './by-ids.ts'
import { exactNumber } from './exact-number.ts'
import { parseBody } from './expect.ts'
import { type WriteOutcome, writeOutcome } from './outcome.ts'
import { listAll } from './paging.ts'
import { flag, id, money, text } from './wire.ts'

const record = z
  .object({
    ...{ id, identifier: text, description: text, productClass: text, inactiveFlag: flag },
    ...{ integrationXRef: text, cost: money },
  })
  .transform(
    ({ inactiveFlag, integrationXRef, cost, ...same }): Product => ({
      ...same,
      inactive: inactiveFlag,
      ...(integrationXRef === '' ? {} : { crossReference: integrationXRef }),
      ...(cost === undefined ? {} : { cost }),
    }),
  )

const list = {
  path: '/procurement/catalog',
  query: { fields: 'id,identifier,description,productClass,inactiveFlag,integrationXRef,cost' },
  what: 'products',
  parse: (body: unknown) => parseBody(z.array(record), body, 'products'),
}

export const listProducts = (api: Api, ids: readonly number[]): Promise<Product[]> => listByIds(api, list, ids)
export const listAllProducts = (api: Api): Promise<Product[]> => listAll(api, { ...list, orderBy: 'id' })

/** Products whose Product ID is this one, whatever its case. */
export const listProductsCalled = (api: Api, identifier: string): Promise<Product[]> =>
  listByIdentifier(api, list, identifier)

/** Makes a product of the class that additions may hold (FEATURES Q6). What is not certain comes back as `unknown`. */
export async function createProduct(api: Api, draft: NewProduct): Promise<WriteOutcome<{ product: Product }>> {
  const { identifier, description, subcategoryId, typeId, unitOfMeasureId, cost, price, crossReference } = draft
  const body = {
    ...{ identifier, description, customerDescription: description, productClass: 'NonInventory' },
    ...{ subcategory: { id: subcategoryId }, type: { id: typeId }, billableOption: 'Billable' },
    ...(unitOfMeasureId === undefined ? {} : { unitOfMeasure: { id: unitOfMeasureId } }),
    ...(cost === undefined ? {} : { cost: exactNumber('cost', cost) }),
    ...(price === undefined ? {} : { price: exactNumber('price', price) }),
    ...(crossReference === undefined ? {} : { integrationXRef: crossReference }),
  }
  return productOutcome(await api.write({ method: 'POST', path: list.path, body }), true)
}

/** Replaces a product's cost and nothing else (FEATURES S6). */
export async function updateProductCost(
  api: Api,
  productId: number,
  cost: Decimal,
): Promise<WriteOutcome<{ product: Product }>> {
  const body = [{ op: 'replace', path: 'cost', value: exactNumber('cost', cost) }]
  const answer = await api.write({ method: 'PATCH', path: `${list.path}/${productId}`, body })
  return productOutcome(answer, false, (product) => product.id === productId && product.cost === decimal(cost))
}

function productOutcome(
  answer: Parameters<typeof writeOutcome>[0],
  create: boolean,
  isIt: (product: Product) => boolean = () => true,
): WriteOutcome<{ product: Product }> {
  return writeOutcome(answer, create, (echo) => {
    const product = record.safeParse(echo)
    return product.success && isIt(product.data) ? { product: product.data } : undefined
  })
}
