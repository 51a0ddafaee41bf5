import type { InvoiceLine } from '#billing/lines/line.ts'
import { firstOf, type Month } from '#billing/period.ts'
import { createRandom } from './manage/random.ts'
import { metered, type Offer, offers, once, pieces, seats } from './marketplace-offers.ts'

/** A customer of the marketplace. */
export interface Organization {
  id: string
  name: string
  currency: 'USD' | 'EUR' | 'JPY'
  /** How many lines its invoices have. */
  size: number
}

type Random = () => number

/** A subscription between two months, counted from the first one; quantities may change once. */
interface Subscription {
  serial: number
  offer: Offer
  chargeType: 'CycleFee' | 'PurchaseFee'
  billingCycle: 'Monthly' | 'Quarterly' | 'Annual'
  from: number
  to: number
  quantity: number
  /** What is added from month 1 on. */
  growth: number
}

const pick = <T>(random: Random, values: readonly T[]): T => {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new Error('there is nothing to pick')
  return value
}

const seedOf = (organization: Organization, month = -1): number => Number(organization.id.slice(4)) * 1000 + month

/** What an organization has subscribed to: two thirds of its lines; some end with the first month, some begin in the next. */
function subscriptionsOf(organization: Organization): Subscription[] {
  const random = createRandom(seedOf(organization))
  return Array.from({ length: Math.ceil(organization.size * 0.7) }, (_, serial): Subscription => {
    const fate = random()
    return {
      serial,
      offer: (serial >= 40 && serial < 42 ? offers.at(39 - serial) : undefined) ?? pick(random, seats),
      chargeType: serial % 9 === 4 ? 'PurchaseFee' : 'CycleFee',
      billingCycle: serial % 17 === 7 ? 'Quarterly' : serial % 17 === 12 ? 'Annual' : 'Monthly',
      from: fate < 0.03 ? 1 : -24,
      to: fate > 0.96 ? 0 : 99,
      quantity: 1 + Math.floor(random() * 30),
      growth: random() < 0.12 ? 1 + Math.floor(random() * 4) : 0,
    }
  })
}

/** One organization's lines of a month, `at` months after the first: always `size` of them, the same every time. */
export function linesOf(organization: Organization, month: Month, at: number): InvoiceLine[] {
  const invoice = { invoice: `${organization.id}/${month}`, invoicedOn: firstOf(month) }
  const recurring = subscriptionsOf(organization)
    .filter(({ from, to }) => from <= at && at <= to)
    .map((one) => ({ ...recurringLine(organization, month, at, one), ...invoice }))
  const random = createRandom(seedOf(organization, at))
  const rest = Array.from({ length: organization.size - recurring.length }, (_, n) => ({
    ...oneTimeLine(organization, month, n, random),
    ...invoice,
  }))
  return [...recurring, ...rest]
}

function recurringLine(organization: Organization, month: Month, at: number, one: Subscription): InvoiceLine {
  const { serial, offer, chargeType, billingCycle, quantity, growth } = one
  const subscription = `${organization.id}-S${serial}`
  return {
    id: `${subscription}-${month}`,
    offer: offer.id,
    subscription,
    subscriptionName: offer.name,
    ...{ chargeType, billingCycle, chargeStart: `${month}-${serial % 6 === 5 ? '03' : '01'}` },
    quantity: String(quantity + (at > 0 ? growth : 0)),
    ...moneyOf(organization, offer),
  }
}

const turns = [
  'UsageFee',
  'ItemFee',
  'OneTimeFee',
  'Correction',
  'UsageFee',
  'UserCorrection',
  'UsageFee',
  'custom',
] as const

function oneTimeLine(organization: Organization, month: Month, n: number, random: Random): InvoiceLine {
  const turn = turns[n % turns.length] ?? 'UsageFee'
  const [chargeType, sold] = turn === 'custom' ? (['ItemFee', pieces] as const) : ([turn, soldAs[turn]] as const)
  const offer = pick(random, sold)
  const day = String(1 + Math.floor(random() * 27)).padStart(2, '0')
  const [whole, hundredths] = [1 + Math.floor(random() * 20), Math.floor(random() * 100)]
  const isCorrection = chargeType.endsWith('Correction')
  return {
    id: `${organization.id}-${month}-${n + 1}`,
    offer: offer.id,
    subscriptionName: isCorrection ? `${offer.name}, credit` : offer.name,
    ...{ chargeType, chargeStart: `${month}-${day}` },
    ...(turn === 'custom' ? { custom: true } : {}),
    ...(isCorrection ? { chargeEnd: `${month}-28` } : {}),
    quantity: chargeType === 'UsageFee' && organization.currency !== 'JPY' ? `${whole}.${hundredths}` : String(whole),
    ...moneyOf(organization, offer, isCorrection && n % 3 !== 0 ? -1 : 1),
  }
}

const soldAs = { UsageFee: metered, ItemFee: pieces, OneTimeFee: once, Correction: seats, UserCorrection: seats }

const rates = { USD: 1, EUR: 0.92, JPY: 150 }

function moneyOf({ currency }: Organization, { cost, price }: Offer, sign = 1) {
  const decimals = currency === 'JPY' ? 0 : 2
  const inCurrency = (amount: number) =>
    String(Number((sign * Math.max(amount * rates[currency], 10 ** -decimals)).toFixed(decimals)))
  return { unitCost: inCurrency(cost), unitPrice: inCurrency(price), currency }
}
