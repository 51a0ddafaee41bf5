import { add, compare, type Decimal } from '#billing/decimal.ts'

export interface Sum {
  amount: Decimal
  currency: string | null
  billingCycle: string | null
}

/** Sums per currency and billing cycle, in words: `+20.00 USD a month`. Nothing is converted. */
export function moneyWords(sums: readonly Sum[]): string[] {
  const totals = new Map<string, Sum>()
  for (const sum of sums) {
    const key = `${sum.currency}/${cycleOf(sum.billingCycle)}`
    totals.set(key, { ...sum, amount: add(totals.get(key)?.amount ?? '0', sum.amount) })
  }
  return [...totals.values()].filter(({ amount }) => amount !== '0').map(wordsOf)
}

const wordsOf = ({ amount, currency, billingCycle }: Sum): string =>
  `${compare(amount, '0') > 0 ? '+' : ''}${twoPlaces(amount)} ${currency ?? ''} ${cycleOf(billingCycle)}`.replace(
    '  ',
    ' ',
  )

/** Billing cycles have any name in ConnectWise; a monthly one is called so. */
const cycleOf = (name: string | null): string =>
  name === null || name === '' || /^monthly\b/i.test(name) ? 'a month' : `per cycle (${name})`

const twoPlaces = (amount: Decimal): string => {
  const [whole = '0', places = ''] = amount.split('.')
  return `${whole}.${places.padEnd(2, '0')}`
}
