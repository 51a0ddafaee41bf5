import { z } from 'zod'
import type { Product } from '#billing/existing.ts'
import type { Api } from './api.ts'
import { listByIds } from './by-ids.ts'
import { parseBody } from './expect.ts'
import { flag, id, text } from './wire.ts'

const record = z
  .object({ id, identifier: text, description: text, productClass: text, inactiveFlag: flag })
  .transform(({ inactiveFlag, ...same }): Product => ({ ...same, inactive: inactiveFlag }))

export async function listProducts(api: Api, ids: readonly number[]): Promise<Product[]> {
  const what = 'products'
  const query = { fields: 'id,identifier,description,productClass,inactiveFlag' }
  const parse = (body: unknown) => parseBody(z.array(record), body, what)
  return listByIds(api, { path: '/procurement/catalog', query, what, parse }, ids)
}
