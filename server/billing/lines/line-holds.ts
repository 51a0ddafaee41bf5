import { compare } from '#billing/decimal.ts'
import type { Agreement } from '#billing/existing.ts'
import { moneyBlock, moneyBlocks } from '#billing/money-blocks.ts'
import { type Day, latest } from '#billing/period.ts'
import type { Fields, Hold, PlanInput } from '#billing/plan.ts'
import { isToBeMade } from '#billing/record.ts'
import { productRefusal } from '#billing/target.ts'
import { wholeBlocks } from '#billing/wanted.ts'
import { cadenceOf } from './cadence.ts'
import type { InvoiceLine, LoadedLine } from './line.ts'
import type { LineTarget } from './line-target.ts'
import { confirmed } from './posting.ts'
import { agreementWords } from './words.ts'

/** What a line wants its addition to hold: all of it that its source states (4.7). */
export const wantedOf = ({ quantity, unitCost, unitPrice }: InvoiceLine): Fields => ({
  quantity,
  ...(unitCost === undefined ? {} : { cost: unitCost }),
  ...(unitPrice === undefined ? {} : { price: unitPrice }),
})

/** G20: every line is billed in its agreement's currency, whether it states money or not (P16, 4.7). */
export function currencyBlocks({ line: { said }, state: { agreement } }: LineTarget, input: PlanInput): Hold[] {
  const { currency, unitCost: cost, unitPrice: price } = said
  if (cost !== undefined || price !== undefined)
    return moneyBlocks({ cost, price, currency }, withDecimals(agreement, input), input.currency)
  const own = agreement.currency ?? input.currency
  if (currency === undefined || own === undefined || currency === own) return []
  return [moneyBlock(`The source bills in ${currency}, the agreement in ${own}.`)]
}

/** How many decimals the currency of an agreement has shows once it is made; until then as many as the currency has everywhere. */
function withDecimals(agreement: Agreement, { currency }: PlanInput): Agreement {
  if (!isToBeMade(agreement.id) || currency === undefined || !/^[A-Z]{3}$/.test(currency)) return agreement
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return { ...agreement, currencyDecimals: maximumFractionDigits }
}

/** G21, G22: what stands in the way of a new addition of the line's product with its quantity. */
export function newLineBlocks({ line, productId }: LineTarget, input: PlanInput): Hold[] {
  const refusal = productRefusal(input.products.get(productId), productId)
  return [
    ...(refusal === undefined ? [] : [{ guard: 'G21', text: refusal, block: true as const }]),
    ...wholeBlocks(line.said.quantity, input, ' cannot be written'),
  ]
}

/** Odd numbers are a question (G3, G13); a price or cost of 0 is asked about wherever it is written. */
export function questions(line: LoadedLine, written: Fields): Hold[] {
  const { quantity, cost, price } = written
  const isBelow = (value: string | undefined): boolean => value !== undefined && compare(value, '0') < 0
  const negative = (name: string, value: string | undefined): Hold[] =>
    isBelow(value)
      ? [
          {
            guard: 'G13',
            text: `the line states a ${name} of ${value}`,
            withoutMoney: `the line states an unusual ${name}`,
          },
        ]
      : []
  return [
    ...(isBelow(quantity) ? [{ guard: 'G3', text: `the line states a quantity of ${quantity}` }] : []),
    ...negative('cost', cost),
    ...negative('price', price),
    ...(line.correctionOf === undefined ? [] : [{ guard: 'G13', text: 'a correction that TrueUp was told to make' }]),
  ]
}

/** A new line of nothing is a question, too; an addition that falls to 0 is held by its fall (G3). */
export const zeroQuestion = ({ quantity }: Fields): Hold[] =>
  quantity !== undefined && compare(quantity, '0') === 0
    ? [{ guard: 'G3', text: 'the line states a quantity of 0' }]
    : []

/** G11: ConnectWise takes no start before billing begins, nor in an invoiced period of an agreement without Prorate. */
export function startBlocks({ state: { agreement } }: Pick<LineTarget, 'state'>, effectiveOn: Day): Hold[] {
  const { billStartOn, startOn, nextInvoiceOn, prorate } = agreement
  const begins = billStartOn ?? startOn
  const open = prorate ? undefined : nextInvoiceOn
  const block = (text: string): Hold[] => [{ guard: 'G11', text, startOn: latest([begins, open]), block: true }]
  if (begins !== undefined && effectiveOn < begins)
    return block(`starts on ${effectiveOn}, before billing of ${agreementWords(agreement.id)} starts on ${begins}`)
  if (open === undefined || effectiveOn >= open) return []
  return block(
    `starts on ${effectiveOn}, in a period that is invoiced already, and agreement ${agreement.id} does not prorate; it can start on ${open}`,
  )
}

/** What is looked at once: an account's company and agreement, an offer's product, the days' rules (G6, G8, P17). */
export function firstTimeHolds(target: LineTarget, input: PlanInput, writesDays: boolean): Hold[] {
  const { line, state, productId } = target
  const { source, account, said } = line
  const { id, companyId } = state.agreement
  const lines = input.lines
  const isNew = (key: string): boolean => lines?.confirmed.has(key) !== true
  return [
    ...(isNew(confirmed.company(source, account, companyId))
      ? [{ guard: 'G6', text: `the first write of account ${account} to this company` }]
      : []),
    ...(isNew(confirmed.agreement(source, account, id)) ? healthHolds(target) : []),
    ...(isNew(confirmed.product(source, said.offer, productId))
      ? [{ guard: 'G8', text: `the first lines of offer ${said.offer} as this product` }]
      : []),
    ...(writesDays && lines?.areRulesConfirmed === false
      ? [{ guard: 'G8', text: 'the first plan since the rules for charge dates were changed' }]
      : []),
  ]
}

/** P17: how the agreement is billed. A new one is as its type says. */
function healthHolds({ line, state: { agreement } }: LineTarget): Hold[] {
  if (isToBeMade(agreement.id)) return []
  const hold = (text: string): Hold => ({ guard: 'G6', text })
  const { id, billProducts } = agreement
  const isOther = isOtherCadence(line.said.billingCycle, agreement)
  return [
    ...(billProducts === 'Billable'
      ? []
      : [hold(`Bill Products of agreement ${id} is ${billProducts || 'not set'}, so additions are not invoiced`)]),
    ...(isOther
      ? [hold(`the line is billed ${line.said.billingCycle}, agreement ${id} ${agreement.billingCycle}`)]
      : []),
  ]
}

function isOtherCadence(stated: string | undefined, { billingOption, billingCycle }: Agreement): boolean {
  const own = billingOption ?? cadenceOf(billingCycle)
  const wanted = cadenceOf(stated ?? '')
  return own !== undefined && wanted !== undefined && own !== wanted
}
