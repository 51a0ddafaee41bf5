import { type Decimal, decimalsOf } from './decimal.ts'
import type { Agreement } from './existing.ts'
import type { Hold } from './plan.ts'

/** G20: why money may not be written to an agreement (FEATURES 4.7). `own` is the tenant's currency. */
export function moneyBlocks(
  money: { cost?: Decimal | undefined; price?: Decimal | undefined; currency?: string | undefined },
  agreement: Agreement,
  own: string | undefined,
): Hold[] {
  const currency = agreement.currency ?? own
  if (money.currency === undefined) return [moneyBlock('the source states money without a currency')]
  if (currency === undefined) return [moneyBlock('the agreement has no currency, and neither has the tenant')]
  if (money.currency !== currency)
    return [moneyBlock(`The source bills in ${money.currency}, the agreement in ${currency}.`)]
  return [money.cost, money.price]
    .filter((amount) => amount !== undefined && decimalsOf(amount) > agreement.currencyDecimals)
    .map((amount) =>
      moneyBlock(
        `${amount} has more decimals than ${currency} (${agreement.currencyDecimals})`,
        `an amount has more decimals than ${currency}`,
      ),
    )
}

export const moneyBlock = (text: string, withoutMoney = text): Hold => ({
  guard: 'G20',
  text,
  withoutMoney,
  block: true,
})
