import { add, type Decimal } from '#billing/decimal.ts'
import { sumOfProducts } from '#billing/lines/totals.ts'
import type { LineSum } from '#db/lines-page.ts'
import type { Total } from '#views/lines/totals.tsx'

const statuses = ['not-synced', 'held', 'error', 'synced'] as const

/** Sums per currency, and below each by status, exactly; money only for who may see it. */
export function totalsOf(sums: readonly LineSum[], seesMoney: boolean): Total[] {
  const currencies = [...new Set(sums.map(({ currency }) => currency ?? ''))].sort()
  return currencies.map((currency) => {
    const parts = sums
      .filter((sum) => (sum.currency ?? '') === currency)
      .sort((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status))
      .map((sum) => ({ status: sum.status, lines: sum.lines, ...(seesMoney ? moneyOf(sum) : {}) }))
    return { currency, statuses: parts, ...together(parts) }
  })
}

const moneyOf = ({ costs, revenues }: LineSum) => ({
  ...(costs === null ? {} : { cost: sumOfProducts(costs) }),
  ...(revenues === null ? {} : { revenue: sumOfProducts(revenues) }),
})

function together(parts: Total['statuses']): Pick<Total, 'lines' | 'cost' | 'revenue'> {
  const [cost, revenue] = [sum(parts.map((part) => part.cost)), sum(parts.map((part) => part.revenue))]
  return {
    lines: parts.reduce((all, { lines }) => all + lines, 0),
    ...(cost === undefined ? {} : { cost }),
    ...(revenue === undefined ? {} : { revenue }),
  }
}

function sum(amounts: readonly (Decimal | undefined)[]): Decimal | undefined {
  const stated = amounts.filter((amount) => amount !== undefined)
  return stated.length === 0 ? undefined : stated.reduce(add, '0')
}
