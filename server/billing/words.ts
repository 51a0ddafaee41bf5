import type { Fields, Hold } from './plan.ts'

/** A hold's words; without the costs and prices in them for who may not see money (FEATURES 8.2). */
export const holdWords = ({ text, withoutMoney }: Hold, money: boolean): string =>
  money ? text : (withoutMoney ?? words(text, money))

/** A sentence as it is; one that may tell a cost or price is kept as a whole from who may not see money. */
export const words = (text: string, money: boolean): string =>
  money || !(aboutMoney.test(text) && /\d/.test(text)) ? text : 'cost or price are part of this; finance sees the words'

/** Whether a change writes, or waits because of, a cost or a price: who may not see those does not decide on it. */
export const tellsMoney = ({ after, holds }: { after: Fields; holds: readonly Hold[] }): boolean =>
  after.cost !== undefined || after.price !== undefined || holds.some((hold) => hold.withoutMoney !== undefined)

const aboutMoney = /cost|price|amount|decimals/i
