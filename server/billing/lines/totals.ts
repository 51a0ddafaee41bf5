import { type Decimal, decimal } from '#billing/decimal.ts'

/** Quantities have at most 4 decimals and unit money 10. */
const places = 14
const powers = Array.from({ length: places + 1 }, (_, n) => 10n ** BigInt(n))

/** The exact sum of products written as `quantity×unit`, with spaces between: `2×4.5 1×10` is 19. */
export function sumOfProducts(products: string): Decimal {
  const sums = new Array<number>(places + 1).fill(0)
  let large = 0n
  for (const product of products.split(' ')) {
    const at = product.indexOf('×')
    const [a, behindA] = wholeOf(product.slice(0, at))
    const [b, behindB] = wholeOf(product.slice(at + 1))
    // A double holds whole numbers up to 2^53 exactly, which nearly all amounts are below.
    const amount = Number(a) * Number(b)
    const sum = (sums[behindA + behindB] ?? 0) + amount
    if (Number.isSafeInteger(amount) && Number.isSafeInteger(sum)) sums[behindA + behindB] = sum
    else large += BigInt(a) * BigInt(b) * (powers[places - behindA - behindB] ?? 1n)
  }
  const total = sums.reduce((all, sum, behind) => all + BigInt(sum) * (powers[places - behind] ?? 1n), large)
  return pointed(total)
}

/** `-12.50` as `-1250` and 2: a whole number, and how many of its digits stand behind the point. */
function wholeOf(text: Decimal): [string, number] {
  const point = text.indexOf('.')
  return point < 0 ? [text, 0] : [text.slice(0, point) + text.slice(point + 1), text.length - point - 1]
}

function pointed(total: bigint): Decimal {
  const digits = String(total < 0n ? -total : total).padStart(places + 1, '0')
  return decimal(`${total < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`, places)
}
