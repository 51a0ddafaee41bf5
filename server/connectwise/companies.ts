import { z } from 'zod'
import type { Company, CompanyStatus } from '#billing/existing.ts'
import type { Api } from './api.ts'
import { listByIds } from './by-ids.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { flag, id, named, text } from './wire.ts'

const types = z
  .array(z.object({ name: text }))
  .nullish()
  .catch(undefined)

const site = z.object({ id: id.nullish() }).nullish().catch(undefined)

const record = z.object({ id, identifier: text, name: text, status: named, types, site, deletedFlag: flag }).transform(
  ({ status, types: some, site: main, deletedFlag, ...same }): Company => ({
    ...same,
    statusId: status?.id ?? undefined,
    statusName: status?.name ?? '',
    types: (some ?? []).map(({ name }) => name),
    hasSite: typeof main?.id === 'number',
    deleted: deletedFlag,
  }),
)

const list = {
  path: '/company/companies',
  query: { fields: 'id,identifier,name,status/id,status/name,types/name,site/id,deletedFlag' },
  what: 'companies',
  parse: (body: unknown) => parseBody(z.array(record), body, 'companies'),
}

export const listCompanies = (api: Api, ids: readonly number[]): Promise<Company[]> => listByIds(api, list, ids)
export const listAllCompanies = (api: Api): Promise<Company[]> => listAll(api, { ...list, orderBy: 'id' })

const status = z
  .object({ id, name: text, inactiveFlag: flag })
  .transform(({ inactiveFlag, ...same }): CompanyStatus => ({ ...same, inactive: inactiveFlag }))

export function listCompanyStatuses(api: Api): Promise<CompanyStatus[]> {
  const what = 'company statuses'
  const parse = (body: unknown) => parseBody(z.array(status), body, what)
  const query = { fields: 'id,name,inactiveFlag' }
  return listAll(api, { path: '/company/companies/statuses', query, what, parse, orderBy: 'id' })
}
