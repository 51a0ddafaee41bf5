import { z } from 'zod'
import type { Agreement } from '#billing/existing.ts'
import type { Api } from './api.ts'
import { listByIds } from './by-ids.ts'
import { writeCondition } from './conditions.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { day, flag, id, loosely, named, text, whole } from './wire.ts'

const fields =
  'id,name,company/id,company/name,type/name,agreementStatus,startDate,endDate,billStartDate,nextInvoiceDate,billProducts,billingCycle/name,prorateFlag,currency/currencyIdentifier,currency/numberOfDecimals,parentAgreement/id'

const record = z
  .object({
    id,
    name: text,
    company: z.object({ id, name: text }),
    type: named,
    agreementStatus: z.enum(['Active', 'Cancelled', 'Expired', 'Inactive', 'Unknown']).catch('Unknown'),
    startDate: day,
    endDate: day,
    billStartDate: day,
    nextInvoiceDate: loosely,
    billProducts: text,
    billingCycle: named,
    prorateFlag: flag,
    currency: z.object({ currencyIdentifier: text, numberOfDecimals: whole.nullish() }).nullish(),
    parentAgreement: z.object({ id: id.nullish() }).nullish(),
  })
  .transform(
    (found): Agreement => ({
      id: found.id,
      name: found.name,
      companyId: found.company.id,
      companyName: found.company.name,
      typeName: found.type?.name ?? '',
      status: found.agreementStatus,
      startOn: found.startDate,
      endOn: found.endDate,
      billStartOn: found.billStartDate,
      nextInvoiceOn: found.nextInvoiceDate,
      billProducts: found.billProducts,
      billingCycle: found.billingCycle?.name ?? '',
      prorate: found.prorateFlag,
      currency: found.currency?.currencyIdentifier || undefined,
      currencyDecimals: found.currency?.numberOfDecimals ?? 2,
      parentId: found.parentAgreement?.id ?? undefined,
    }),
  )

const list = {
  path: '/finance/agreements',
  query: { fields },
  what: 'agreements',
  parse: (body: unknown) => parseBody(z.array(record), body, 'agreements'),
}

export const listAgreements = (api: Api, ids: readonly number[]): Promise<Agreement[]> => listByIds(api, list, ids)

export function listAgreementsOf(api: Api, companyId: number): Promise<Agreement[]> {
  const conditions = writeCondition({ field: 'company/id', is: '=', value: companyId })
  const what = `agreements of company ${companyId}`
  return listAll(api, { ...list, what, query: { ...list.query, conditions }, orderBy: 'id' })
}
