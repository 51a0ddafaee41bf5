import { multiply } from '#billing/decimal.ts'
import type { InvoiceLine } from '#billing/lines/line.ts'
import type { LineRow } from '#db/lines.ts'

/** What a line's source says of it, by name, in the order it is read; money only to who may see it. */
export function saidOf(line: InvoiceLine, seesMoney: boolean): { name: string; value: string }[] {
  const { quantity, unitCost, unitPrice } = line
  const extended = (unit: string | undefined) => unit && `${unit}, ${multiply(quantity, unit)} in all`
  const money = [
    ['Unit cost', extended(unitCost)],
    ['Unit price', extended(unitPrice)],
  ] as const
  const all = [
    ['Line', line.id],
    ['Invoice', line.invoice],
    ['Invoiced on', line.invoicedOn],
    ['Offer', line.offer],
    ['Subscription', line.subscription],
    ['Subscription name', line.subscriptionName],
    ['Charge type', line.custom ? `${line.chargeType}, on a custom invoice` : line.chargeType],
    ['Billing cycle', line.billingCycle],
    ['Charge start', line.chargeStart],
    ['Charge end', line.chargeEnd],
    ['Quantity', quantity],
    ...(seesMoney ? money : []),
    ['Currency', line.currency],
  ] as const
  return all.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
}

const nothing = 'nothing'

/** What a source says otherwise of a posted line now, field by field; undefined where nobody has to choose (FEATURES 4.5). */
export function changesOf(
  { said, changed, goneAt }: Pick<LineRow, 'said' | 'changed' | 'goneAt'>,
  seesMoney: boolean,
): { name: string; from: string; to: string }[] | undefined {
  if (changed === null) return goneAt === null ? undefined : []
  const before = new Map(saidOf(said, seesMoney).map(({ name, value }) => [name, value]))
  const now = new Map(saidOf(changed, seesMoney).map(({ name, value }) => [name, value]))
  return [...new Set([...before.keys(), ...now.keys()])]
    .map((name) => ({ name, from: before.get(name) ?? nothing, to: now.get(name) ?? nothing }))
    .filter(({ from, to }) => from !== to)
}
