import { compare } from '#billing/decimal.ts'
import { datesOf } from '#billing/lines/charge-dates.ts'
import { chargeOf } from '#billing/lines/charge-types.ts'
import type { InvoiceLine } from '#billing/lines/line.ts'
import type { LineSettings } from '#billing/lines/settings.ts'
import type { Month } from '#billing/period.ts'
import type { LineRow } from '#db/lines.ts'

/** What a row holds by its source and by the rules of the moment it is loaded (FEATURES 4.2). */
export type Composed = ReturnType<typeof compose>

/** The columns of a line that come of what its source says, of the rules, and of what a person typed. */
export function compose(
  said: InvoiceLine,
  settings: LineSettings,
  known: { period: Month; typedStart?: string | null; typedEnd?: string | null },
) {
  const { kind, chargeName, nameBadge } = chargeOf(said, settings)
  const dates = datesOf(said, settings, known)
  return {
    said,
    offer: said.offer,
    subscription: said.subscription ?? '',
    billingCycle: said.billingCycle ?? '',
    chargeType: said.chargeType,
    currency: said.currency ?? null,
    quantity: said.quantity,
    unitCost: said.unitCost ?? null,
    unitPrice: said.unitPrice ?? null,
    invoicedOn: said.invoicedOn ?? null,
    chargeKind: kind ?? null,
    chargeName,
    nameBadge,
    effectiveOn: dates.effectiveOn,
    effectiveBadge: dates.effectiveBadge,
    cancelledOn: dates.cancelledOn,
    cancelledBadge: dates.cancelledBadge,
    warning: dates.warning ?? null,
  }
}

/** Whether a row holds all of this already. */
export const isComposed = (row: LineRow, composed: Composed): boolean =>
  (Object.keys(composed) as (keyof Composed)[]).every(
    (name) => row[name] === composed[name] || (name === 'said' && isSame(row.said, composed.said)),
  )

const isSame = (a: InvoiceLine, b: InvoiceLine): boolean => textOf(a) === textOf(b)
const textOf = (line: InvoiceLine): string => JSON.stringify(Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Whether two words of a line bill the same: what it is called, and on which invoice it is, bills nothing. */
export function billsSame(a: InvoiceLine, b: InvoiceLine): boolean {
  const texts = ['offer', 'chargeType', 'subscription', 'billingCycle', 'currency', 'chargeStart', 'chargeEnd'] as const
  return (
    texts.every((name) => a[name] === b[name]) &&
    (a.custom ?? false) === (b.custom ?? false) &&
    (['quantity', 'unitCost', 'unitPrice'] as const).every((name) => isEqual(a[name], b[name]))
  )
}

const isEqual = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && compare(a, b) === 0)
