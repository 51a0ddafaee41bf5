import { decimal } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import type { Intent } from '#db/intents.ts'

/** What was written; where an addition holds something else by now, a person has changed it (4.11). */
export function lastValueOf(intent: Intent, addition: Addition, at: number) {
  const { quantity, unitCost, unitPrice } = intent.desired
  return {
    ...heldValues(intent, addition, at),
    ...(quantity === undefined ? {} : { quantity: decimal(quantity) }),
    ...(unitCost === undefined ? {} : { unitCost: decimal(unitCost) }),
    ...(unitPrice === undefined ? {} : { unitPrice: decimal(unitPrice) }),
  }
}

/** The fields this write is about: the last values of the others stay, whatever they are now. A new line has none yet. */
export const writtenFields = ({ change, desired }: Intent) =>
  (['quantity', 'unitCost', 'unitPrice'] as const).filter((name) => change !== 'create' && desired[name] !== undefined)

/** What an addition holds, as what is to be known of it from now on. */
export function heldValues(intent: Intent, addition: Addition, at: number) {
  return {
    additionId: addition.id,
    agreementId: addition.agreementId,
    how: intent.change === 'create' ? ('created' as const) : ('adopted' as const),
    marker: intent.marker,
    quantity: addition.quantity,
    unitCost: addition.unitCost ?? null,
    unitPrice: addition.unitPrice ?? null,
    updatedAt: at,
  }
}
