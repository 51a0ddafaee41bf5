import { compare, type Decimal } from './decimal.ts'
import type { Addition } from './existing.ts'
import type { LineAddition } from './lines/posting.ts'
import { addDays, type Day } from './period.ts'
import type { Fields } from './plan.ts'

/** What an addition held when somebody asked for its end or its move: exactly this goes on elsewhere (V21). */
export interface Stood {
  productId: number
  quantity: Decimal
  price?: Decimal
  cost?: Decimal
  effectiveOn?: Day
  cancelledOn?: Day
  /** The invoice description. */
  description?: string
}

/** What a person wants done with an addition: ended as a duplicate (V6), or moved to another agreement (V21). */
export interface Wish {
  additionId: number
  agreementId: number
  wish: 'end' | 'move'
  /** The last day billed here; one before its first day: it bills nothing here. */
  lastOn: Day
  /** Where it goes on, for a move. */
  toAgreementId?: number
  reason: string
  stood: Stood
  /** Set where it stands for invoice lines. */
  line?: LineAddition
}

/** What an addition holds, as a wish remembers it. */
export const stoodOf = ({ productId, quantity, unitPrice, unitCost, effectiveOn, cancelledOn }: Addition): Stood => ({
  productId,
  quantity,
  ...(unitPrice === undefined ? {} : { price: unitPrice }),
  ...(unitCost === undefined ? {} : { cost: unitCost }),
  ...(effectiveOn === undefined ? {} : { effectiveOn }),
  ...(cancelledOn === undefined ? {} : { cancelledOn }),
})

/** Nothing of it is billed where it is: it was never billed and goes as a whole. */
export const isWhole = ({ lastOn, stood }: Pick<Wish, 'lastOn' | 'stood'>): boolean =>
  stood.effectiveOn !== undefined && lastOn < stood.effectiveOn

/** What the addition holds once the wish is done; a line is never deleted (FEATURES 4.14). */
export const endFields = (wish: Pick<Wish, 'lastOn' | 'stood'>): Fields =>
  isWhole(wish) ? { quantity: '0', cancelledOn: wish.stood.effectiveOn ?? wish.lastOn } : { cancelledOn: wish.lastOn }

/** The first day that is not billed here any more, and billed there where it moves. */
export const firstDayAfter = ({ lastOn, stood }: Pick<Wish, 'lastOn' | 'stood'>): Day => {
  const next = addDays(lastOn, 1)
  return stood.effectiveOn !== undefined && stood.effectiveOn > next ? stood.effectiveOn : next
}

/** Whether the addition is ended as wished already. */
export function isEndedAsWished({ quantity, cancelledOn }: Addition, wish: Wish): boolean {
  const end = endFields(wish)
  return cancelledOn === end.cancelledOn && (end.quantity === undefined || compare(quantity, end.quantity) === 0)
}

/** Whether it still holds what it held when the wish was made. */
export function isAsItStood(addition: Addition, { stood }: Wish): boolean {
  const now = stoodOf(addition)
  const same = (a: Decimal | undefined, b: Decimal | undefined) => a === b || (a && b ? compare(a, b) === 0 : false)
  return (
    now.productId === stood.productId &&
    compare(now.quantity, stood.quantity) === 0 &&
    same(now.price, stood.price) &&
    same(now.cost, stood.cost) &&
    now.effectiveOn === stood.effectiveOn &&
    now.cancelledOn === stood.cancelledOn
  )
}
