import * as z from 'zod'
import type { Addition } from '#billing/existing.ts'
import { day, id, money, quantity, quantityOrZero, text } from './wire.ts'

/** The fields asked for; what a list does not need is not sent (TRUST B3). */
export const additionFields =
  'id,product/id,description,quantity,lessIncluded,unitCost,unitPrice,billCustomer,effectiveDate,cancelledDate,serialNumber,_info/lastUpdated,_info/updatedBy'

const optionalText = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

/** An addition in REST's form; the agreement is known from its address. */
export const additionRecord = z.object({
  id,
  product: z.object({ id }),
  description: text,
  quantity,
  lessIncluded: quantityOrZero,
  unitCost: money,
  unitPrice: money,
  billCustomer: text,
  effectiveDate: day,
  cancelledDate: day,
  serialNumber: text,
  extendedProratePrice: money,
  _info: z.object({ lastUpdated: optionalText, updatedBy: optionalText }).nullish(),
})

export function toAddition(record: z.output<typeof additionRecord>, agreementId: number): Addition {
  const { product, effectiveDate, cancelledDate, _info, ...same } = record
  return {
    ...same,
    agreementId,
    productId: product.id,
    effectiveOn: effectiveDate,
    cancelledOn: cancelledDate,
    updatedBy: _info?.updatedBy,
    updatedAt: _info?.lastUpdated,
  }
}
