import { abs, compare, decimalsOf, subtract } from '#billing/decimal.ts'
import type { Addition, AdditionFields } from '#billing/existing.ts'
import type { Intent } from '#db/intents.ts'

/** Whether an addition holds every value an intent asked for; which day a new one keeps is looked at by itself (U23). */
export function holdsDesired(addition: Addition, desired: AdditionFields): boolean {
  return (
    same(addition.quantity, desired.quantity) &&
    same(addition.unitCost, desired.unitCost) &&
    same(addition.unitPrice, desired.unitPrice) &&
    (desired.cancelledOn === undefined || (addition.cancelledOn ?? null) === desired.cancelledOn) &&
    (desired.effectiveOn === undefined || 'productId' in desired || addition.effectiveOn === desired.effectiveOn)
  )
}

/** Whether an addition still holds the values the plan was made from (I5), and its end where that is changed. */
export function holdsBase(addition: Addition, { base, desired }: Pick<Intent, 'base' | 'desired'>): boolean {
  return (
    same(addition.quantity, base.quantity) &&
    same(addition.unitCost, base.cost) &&
    same(addition.unitPrice, base.price) &&
    (desired.cancelledOn === undefined || (addition.cancelledOn ?? null) === (base.cancelledOn ?? null)) &&
    (desired.effectiveOn === undefined || addition.effectiveOn === base.effectiveOn)
  )
}

/** Where nothing was asked for, everything will do. */
const same = (a: string | undefined, b: string | undefined): boolean =>
  b === undefined || (a !== undefined && compare(a, b) === 0)

/** A fraction was sent and a whole number next to it is held (U8). */
export const isRounded = ({ quantity }: AdditionFields, held: Addition): boolean =>
  quantity !== undefined &&
  decimalsOf(quantity) > 0 &&
  decimalsOf(held.quantity) === 0 &&
  compare(abs(subtract(held.quantity, quantity)), '1') < 0

/** The values of an addition in a sentence, without those that it does not say. */
export const valuesText = ({
  quantity,
  unitCost,
  unitPrice,
  cancelledOn,
  ...more
}: AdditionFields | Addition): string =>
  [
    quantity && `quantity ${quantity}`,
    unitCost && `cost ${unitCost}`,
    unitPrice && `price ${unitPrice}`,
    'effectiveOn' in more && more.effectiveOn && `first day ${more.effectiveOn}`,
    cancelledOn === null ? 'no last day' : cancelledOn && `last day ${cancelledOn}`,
  ]
    .filter(Boolean)
    .join(', ')
