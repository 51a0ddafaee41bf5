import { z } from 'zod'
import type { Company } from '#billing/existing.ts'
import type { Api } from './api.ts'
import { listByIds } from './by-ids.ts'
import { parseBody } from './expect.ts'
import { flag, id, named, text } from './wire.ts'

const record = z.object({ id, identifier: text, name: text, status: named, deletedFlag: flag }).transform(
  ({ status, deletedFlag, ...same }): Company => ({
    ...same,
    statusName: status?.name ?? '',
    deleted: deletedFlag,
  }),
)

export async function listCompanies(api: Api, ids: readonly number[]): Promise<Company[]> {
  const what = 'companies'
  const query = { fields: 'id,identifier,name,status/name,deletedFlag' }
  const parse = (body: unknown) => parseBody(z.array(record), body, what)
  return listByIds(api, { path: '/company/companies', query, what, parse }, ids)
}
