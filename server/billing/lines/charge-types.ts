import { type Badge, type ChargeKind, type ChargeType, chargeTypes, type InvoiceLine } from './line.ts'
import type { LineSettings, NamedCharge } from './settings.ts'

/** The charge types with a row in the settings, in the order they are shown (S14). */
export const namedCharges: readonly NamedCharge[] = [
  'CycleFee',
  'PurchaseFee',
  'UsageFee',
  'ItemFee',
  'OneTimeFee',
  'Correction',
]

const recurring: ReadonlySet<string> = new Set<ChargeType>(['CycleFee', 'PurchaseFee'])

type Stated = Pick<InvoiceLine, 'chargeType' | 'custom'>

/**
 * Whose row of the settings a line goes by: a custom invoice's is a Correction whatever it is called (P14), a UserCorrection
 * goes with Correction (4.13). Undefined: a charge type that TrueUp does not know.
 */
export function namedChargeOf({ chargeType, custom }: Stated): NamedCharge | undefined {
  if (custom || chargeType === 'UserCorrection') return 'Correction'
  return namedCharges.find((known) => known === chargeType)
}

/** Whether a source's word for a charge is none of the seven, so that an admin has to say how it is billed. */
export const isUnknownCharge = (chargeType: string): boolean => !chargeTypes.some((known) => known === chargeType)

/** How a line is billed and what its charge is called in ConnectWise. No kind: nobody has said it of its charge type yet. */
export function chargeOf(
  said: Stated,
  { names, kinds }: Pick<LineSettings, 'names' | 'kinds'>,
): { kind?: ChargeKind; chargeName: string; nameBadge: Badge } {
  const charge = namedChargeOf(said)
  if (!charge) {
    const kind = ownOf(kinds, said.chargeType)
    return { ...(kind ? { kind } : {}), chargeName: said.chargeType, nameBadge: 'none' }
  }
  const custom = names[charge]
  return {
    kind: recurring.has(charge) ? 'recurring' : 'one-time',
    chargeName: custom ?? charge,
    nameBadge: custom === undefined ? 'none' : 'system',
  }
}

/** What a settings table holds under a name that a source gave: `constructor` is a charge type nobody has set. */
export const ownOf = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined
