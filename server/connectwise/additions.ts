import * as z from 'zod'
import type { Addition, AdditionFields, NewAddition } from '#billing/existing.ts'
import { Problem } from '#server/problem.ts'
import { additionFields, additionRecord, toAddition } from './addition-record.ts'
import type { Api } from './api.ts'
import { customFieldsOf } from './custom-fields.ts'
import { exactNumber } from './exact-number.ts'
import { expectOk, parseBody } from './expect.ts'
import { outcomeOf, type WriteOutcome } from './outcome.ts'
import { listAll } from './paging.ts'
import { flag, text, writeDay } from './wire.ts'

const pathOf = (agreementId: number) => `/finance/agreements/${agreementId}/additions`

export async function listAdditions(api: Api, agreementId: number): Promise<Addition[]> {
  const what = `additions of agreement ${agreementId}`
  const records = await listAll(api, {
    path: pathOf(agreementId),
    query: { fields: additionFields },
    what,
    parse: (body) => parseBody(z.array(additionRecord), body, what),
    orderBy: 'id',
  })
  return records.map((record) => toAddition(record, agreementId))
}

export async function findAddition(api: Api, agreementId: number, id: number): Promise<Addition | undefined> {
  const what = `addition ${id} of agreement ${agreementId}`
  const query = { fields: `${additionFields},extendedProratePrice` }
  const answer = await api.read({ path: `${pathOf(agreementId)}/${id}`, query })
  if (answer.kind === 'missing') return undefined
  const addition = toAddition(parseBody(additionRecord, expectOk(answer, what).body, what), agreementId)
  if (addition.id !== id) throw new Problem('broken', `ConnectWise sent addition ${addition.id} for ${what}.`)
  return addition
}

/** How an addition is billed and what it says on the invoice. */
export type Wording = Pick<NewAddition, 'billCustomer' | 'taxable' | 'invoiceDescription'>

const wording = z.object({
  billCustomer: z.enum(['Billable', 'DoNotBill', 'NoCharge']).catch('Billable'),
  taxableFlag: flag,
  invoiceDescription: text,
})

export async function findWording(api: Api, agreementId: number, id: number): Promise<Wording | undefined> {
  const what = `addition ${id} of agreement ${agreementId}`
  const query = { fields: 'billCustomer,taxableFlag,invoiceDescription' }
  const answer = await api.read({ path: `${pathOf(agreementId)}/${id}`, query })
  if (answer.kind === 'missing') return undefined
  const { taxableFlag, ...same } = parseBody(wording, expectOk(answer, what).body, what)
  return { ...same, taxable: taxableFlag }
}

const described = z.object({ id: z.number(), invoiceDescription: text })

/** What the invoice says of each addition of an agreement, where it says anything of its own. */
export async function listDescriptions(api: Api, agreementId: number): Promise<ReadonlyMap<number, string>> {
  const what = `invoice descriptions of agreement ${agreementId}`
  const records = await listAll(api, {
    path: pathOf(agreementId),
    query: { fields: 'id,invoiceDescription' },
    what,
    parse: (body) => parseBody(z.array(described), body, what),
    orderBy: 'id',
  })
  return new Map(records.map(({ id, invoiceDescription }) => [id, invoiceDescription]))
}

/** A create is not idempotent: whatever is not certain comes back as `unknown` and is looked for by its marker. */
export async function createAddition(api: Api, agreementId: number, fields: NewAddition): Promise<WriteOutcome> {
  const { productId, effectiveOn, billCustomer, serialNumber, taxable, invoiceDescription } = fields
  const body = {
    product: { id: productId },
    billCustomer,
    effectiveDate: writeDay(effectiveOn),
    serialNumber,
    ...(taxable === undefined ? {} : { taxableFlag: taxable }),
    ...(invoiceDescription === undefined ? {} : { invoiceDescription }),
    ...customFieldsOf(fields.reference),
    ...Object.fromEntries(members(fields).filter(([, value]) => value !== null)),
  }
  const answer = await api.write({ method: 'POST', path: pathOf(agreementId), body })
  return outcomeOf(answer, { agreementId, create: true })
}

/** Replaces the given fields and no others. */
export async function updateAddition(
  api: Api,
  agreementId: number,
  id: number,
  fields: AdditionFields,
): Promise<WriteOutcome> {
  const body = members(fields).map(([path, value]) => ({ op: 'replace', path, value }))
  const answer = await api.write({ method: 'PATCH', path: `${pathOf(agreementId)}/${id}`, body })
  return outcomeOf(answer, { agreementId, create: false, id })
}

/** The given fields under ConnectWise's names. */
function members(fields: AdditionFields): [string, number | string | null][] {
  const numbers = [
    ['quantity', fields.quantity],
    ['unitCost', fields.unitCost],
    ['unitPrice', fields.unitPrice],
  ] as const
  const given = numbers.flatMap(([name, value]): [string, number][] =>
    value === undefined ? [] : [[name, exactNumber(name, value)]],
  )
  const { cancelledOn, effectiveOn } = fields
  return [
    ...given,
    ...(effectiveOn === undefined ? [] : [['effectiveDate', writeDay(effectiveOn)] as [string, string]]),
    ...(cancelledOn === undefined
      ? []
      : [['cancelledDate', cancelledOn === null ? null : writeDay(cancelledOn)] as [string, string | null]]),
  ]
}
