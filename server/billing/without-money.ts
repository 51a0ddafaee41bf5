import type { Hold } from './plan.ts'

/** Guards whose words are about money alone. */
const ofMoney = new Set(['G5', 'G13'])

/** A hold's words for somebody who may not see cost and price. */
export const holdWithoutMoney = ({ guard, text }: Hold): string =>
  ofMoney.has(guard) ? 'more money changes than may without approval' : withoutMoney(text)

/** The same words without the costs and prices in them. */
export const withoutMoney = (text: string): string =>
  text
    .replace(/\b(cost|price)( changes)?( from| of)? -?\d[\d.]*( to -?\d[\d.]*)?/g, '$1')
    .replace(/, ConnectWise holds -?\d[\d.]*(?=.*wrote (cost|price))/g, ', ConnectWise holds another')
    .replace(/ at -?\d[\d.]*(?=[;. ]|$)/g, '')
