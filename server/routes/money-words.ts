import { add, compare, type Decimal } from '#billing/decimal.ts'

export interface Sum {
  amount: Decimal
  currency: string | null
  billingCycle: string | null
  /** Billed on one invoice and no more, as a part of a period is. */
  once?: boolean
}

/** Sums per currency and billing cycle, in words: `+20.00 USD a month`, `+9.33 USD once`. Nothing is converted. */
export function moneyWords(sums: readonly Sum[]): string[] {
  const totals = new Map<string, Sum>()
  for (const sum of sums) {
    const key = `${sum.currency}/${howOften(sum)}`
    totals.set(key, { ...sum, amount: add(totals.get(key)?.amount ?? '0', sum.amount) })
  }
  return [...totals.values()].filter(({ amount }) => amount !== '0').map(wordsOf)
}

const wordsOf = (sum: Sum): string =>
  `${compare(sum.amount, '0') > 0 ? '+' : ''}${twoPlaces(sum.amount)} ${sum.currency ?? ''} ${howOften(sum)}`.replace(
    '  ',
    ' ',
  )

const howOften = ({ once, billingCycle }: Sum): string => (once ? 'once' : cycleOf(billingCycle))

/** Billing cycles have any name in ConnectWise; a monthly one is called so. */
const cycleOf = (name: string | null): string =>
  name === null || name === '' || /^monthly\b/i.test(name) ? 'a month' : `per cycle (${name})`

const twoPlaces = (amount: Decimal): string => {
  const [whole = '0', places = ''] = amount.split('.')
  return `${whole}.${places.padEnd(2, '0')}`
}
