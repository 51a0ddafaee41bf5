import * as z from 'zod'
import type { Agreement } from '#billing/existing.ts'
import type { NewAgreement } from '#billing/record.ts'
import type { Api } from './api.ts'
import { listByIds } from './by-ids.ts'
import { writeCondition } from './conditions.ts'
import { customFieldsOf } from './custom-fields.ts'
import { parseBody } from './expect.ts'
import { type WriteOutcome, writeOutcome } from './outcome.ts'
import { listAll } from './paging.ts'
import { day, flag, id, loosely, named, oneOf, text, whole, writeDay } from './wire.ts'

const fields =
  'id,name,company/id,company/name,type/id,type/name,agreementStatus,startDate,endDate,billStartDate,nextInvoiceDate,billProducts,billingCycle/id,billingCycle/name,invoicingCycle,billOneTimeFlag,periodType,prorateFlag,invoiceProratedAdditionsFlag,currency/currencyIdentifier,currency/numberOfDecimals,parentAgreement/id'

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
    invoicingCycle: oneOf('ContractYear', 'CalendarYear'),
    billOneTimeFlag: flag,
    periodType: oneOf('Current', 'Future', 'Both', 'Undefined'),
    prorateFlag: flag,
    invoiceProratedAdditionsFlag: flag,
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
      ...(typeof found.type?.id === 'number' ? { typeId: found.type.id } : {}),
      status: found.agreementStatus,
      startOn: found.startDate,
      endOn: found.endDate,
      billStartOn: found.billStartDate,
      nextInvoiceOn: found.nextInvoiceDate,
      billProducts: found.billProducts,
      billingCycle: found.billingCycle?.name ?? '',
      billingCycleId: found.billingCycle?.id ?? undefined,
      invoicingCycle: found.invoicingCycle,
      billsOnce: found.billOneTimeFlag,
      invoiceProratedAdditions: found.invoiceProratedAdditionsFlag,
      periodType: found.periodType,
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

/**
 * Makes an agreement without an ending date; what is not said comes from its type. A contact is always sent (U32). What
 * is not certain comes back as `unknown`.
 */
export async function createAgreement(
  api: Api,
  draft: NewAgreement & { contactId: number },
): Promise<WriteOutcome<{ agreement: Agreement }>> {
  const { name, typeId, companyId, contactId, startOn } = draft
  const body = {
    ...{ name, type: { id: typeId }, company: { id: companyId }, contact: { id: contactId } },
    ...{ startDate: writeDay(startOn), noEndingDateFlag: true },
    ...customFieldsOf(draft.reference),
  }
  const answer = await api.write({ method: 'POST', path: list.path, body })
  return writeOutcome(answer, true, (echo) => {
    const agreement = record.safeParse(echo)
    return agreement.success ? { agreement: agreement.data } : undefined
  })
}
