import { timeIn, zonedTimeIn } from '#billing/period.ts'

/** A quantity as it is, right-aligned by its cell. */
export const Quantity = ({ value, unit }: { value: string; unit?: string }) => (
  <span class="number">
    {value}
    {unit ? ` ${unit}` : ''}
  </span>
)

/** An amount with its currency; to at least two places, never fewer than it has. */
export const Money = ({ value, currency }: { value: string; currency: string | undefined }) => (
  <span class="number">
    {withPlaces(value)} {currency ?? ''}
  </span>
)

const withPlaces = (value: string): string => {
  const [whole = '0', places = ''] = value.split('.')
  return `${whole}.${places.padEnd(2, '0')}`
}

/** Before → after, read as “from 10 to 12”. */
export const FromTo = ({ from, to }: { from: string; to: string }) => (
  <span class="number from-to">
    <span class="visually-hidden">from </span>
    <span class="from">{from}</span>
    <span aria-hidden="true"> → </span>
    <span class="visually-hidden"> to </span>
    <b>{to}</b>
  </span>
)

/** An instant in the tenant's zone: `2026-11-21 02:00 America/New_York`. */
export const When = ({ at, zone, bare }: { at: number; zone: string; bare?: boolean }) => (
  <time>{bare ? timeIn(zone, at) : zonedTimeIn(zone, at)}</time>
)
