import * as z from 'zod'
import type { Company, CompanyStatus } from '#billing/existing.ts'
import type { NewCompany } from '#billing/record.ts'
import type { Api } from './api.ts'
import { listByIdentifier } from './by-identifier.ts'
import { listByIds } from './by-ids.ts'
import { customFieldsOf } from './custom-fields.ts'
import { parseBody } from './expect.ts'
import { type WriteOutcome, writeOutcome } from './outcome.ts'
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

/** Companies whose id on screen is this one, whatever its case. */
export const listCompaniesCalled = (api: Api, identifier: string): Promise<Company[]> =>
  listByIdentifier(api, list, identifier)

/** Makes a company with one site. It is not idempotent: what is not certain comes back as `unknown`. */
export async function createCompany(api: Api, draft: NewCompany): Promise<WriteOutcome<{ company: Company }>> {
  const { identifier, name, statusId, typeId, siteName, addressLine1, city, state, zip } = draft
  const body = {
    ...{ identifier, name, status: { id: statusId }, types: [{ id: typeId }], site: { name: siteName } },
    ...{ addressLine1, city, state, zip },
    ...customFieldsOf(draft.reference),
  }
  const answer = await api.write({ method: 'POST', path: list.path, body })
  return writeOutcome(answer, true, (echo) => {
    const company = record.safeParse(echo)
    return company.success ? { company: company.data } : undefined
  })
}

const status = z.object({ id, name: text, inactiveFlag: flag, disallowSavingFlag: flag }).transform(
  ({ inactiveFlag, disallowSavingFlag, ...same }): CompanyStatus => ({
    ...same,
    inactive: inactiveFlag,
    ...(disallowSavingFlag ? { disallowsSaving: true } : {}),
  }),
)

export function listCompanyStatuses(api: Api): Promise<CompanyStatus[]> {
  const what = 'company statuses'
  const parse = (body: unknown) => parseBody(z.array(status), body, what)
  const query = { fields: 'id,name,inactiveFlag,disallowSavingFlag' }
  return listAll(api, { path: '/company/companies/statuses', query, what, parse, orderBy: 'id' })
}
