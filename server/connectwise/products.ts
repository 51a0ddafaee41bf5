import { z } from 'zod'
import type { Product } from '#billing/existing.ts'
import type { Api } from './api.ts'
import { listByIds } from './by-ids.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { flag, id, text } from './wire.ts'

const record = z
  .object({ id, identifier: text, description: text, productClass: text, inactiveFlag: flag })
  .transform(({ inactiveFlag, ...same }): Product => ({ ...same, inactive: inactiveFlag }))

const list = {
  path: '/procurement/catalog',
  query: { fields: 'id,identifier,description,productClass,inactiveFlag' },
  what: 'products',
  parse: (body: unknown) => parseBody(z.array(record), body, 'products'),
}

export const listProducts = (api: Api, ids: readonly number[]): Promise<Product[]> => listByIds(api, list, ids)
export const listAllProducts = (api: Api): Promise<Product[]> => listAll(api, { ...list, orderBy: 'id' })
