import * as z from 'zod'
import type { NamedChoice } from '#billing/creation.ts'
import type { Api } from './api.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { flag, id, named, text } from './wire.ts'

/** What new products choose from; all by id, because partners rename them (FEATURES Q6). */
export interface ProductTables {
  categories: NamedChoice[]
  subcategories: (NamedChoice & { categoryId?: number })[]
  productTypes: NamedChoice[]
  productUnits: NamedChoice[]
}

const row = z.object({ id, name: text, inactiveFlag: flag, category: named })

export const listCompanyTypes = (api: Api): Promise<NamedChoice[]> =>
  listActive(api, { path: '/company/companies/types', what: 'company types', fields: 'id,name' })

/** What a product is filed under and counted in; inactive entries are left out. */
export async function listProductTables(api: Api): Promise<ProductTables> {
  const of = (path: string, what: string, more = '') =>
    listActive(api, { path: `/procurement/${path}`, what, fields: `id,name,inactiveFlag${more}` })
  const [categories, subcategories, productTypes, productUnits] = await Promise.all([
    of('categories', 'product categories'),
    of('subcategories/', 'product subcategories', ',category/id'),
    of('types', 'product types'),
    of('unitOfMeasures', 'units of measure'),
  ])
  return { categories, subcategories, productTypes, productUnits }
}

async function listActive(
  api: Api,
  { path, what, fields }: { path: string; what: string; fields: string },
): Promise<ProductTables['subcategories']> {
  const parse = (body: unknown) => parseBody(z.array(row), body, what)
  const rows = await listAll(api, { path, query: { fields }, what, parse, orderBy: 'id' })
  return rows
    .filter(({ inactiveFlag }) => !inactiveFlag)
    .map(({ id, name, category }) => ({
      ...{ id, name },
      ...(typeof category?.id === 'number' ? { categoryId: category.id } : {}),
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}
