import { addAgreement, addCompany, addProduct, type World } from './manage/world.ts'
import { type Marketplace, nameOf } from './marketplace.ts'
import { offers } from './marketplace-offers.ts'

/** Where a person would map an organization to; without an agreement TrueUp is to make one. */
export interface OrganizationPlace {
  account: string
  company: number
  agreement?: number
}

export interface MarketPlaces {
  organizations: OrganizationPlace[]
  /** Our product of each offer that has one. */
  products: { offer: string; product: number }[]
}

/** What is wrong with the agreement of an organization, by its place in the list. */
export const mistakes = { wrongCurrency: 8, notBillable: 17, cancelled: 23, invoiced: 29 } as const

const rates = { 1: 'USD', 2: 'EUR', 3: 'JPY' } as const
const currencyIdOf = (code: string): number => Number(Object.entries(rates).find(([, one]) => one === code)?.[0] ?? 1)

/**
 * Adds the companies, agreements and products of a marketplace's organizations. Agreements are to be invoiced next for its
 * first month; a few are wrong on purpose, every tenth company has none yet, and the last two organizations are one company.
 */
export function addMarket(world: World, { organizations, first }: Marketplace): MarketPlaces {
  const places = organizations.map((organization, n): OrganizationPlace => {
    const isTwin = n === organizations.length - 1
    if (isTwin) return { account: organization.id, ...lastPlace(world) }
    const currency = { id: currencyIdOf(organization.currency) }
    const company = addCompany(world, { name: nameOf(n), identifier: nameOf(n).replaceAll(' ', ''), currency })
    if (n % 10 === 5) return { account: organization.id, company: company.id }
    const agreement = addAgreement(world, {
      ...{ company, name: 'Cloud Services', billStartDate: `${Number(first.slice(0, 4)) - 2}-01-01` },
      ...{ nextInvoiceDate: `${first}-01`, prorateFlag: n % 3 === 1, ...mistakeOf(n, first) },
    })
    return { account: organization.id, company: company.id, agreement: agreement.id }
  })
  return { organizations: places, products: addMarketProducts(world) }
}

function lastPlace(world: World): Omit<OrganizationPlace, 'account'> {
  const company = world.companies.rows().at(-1)
  const agreement = world.agreements.rows().at(-1)
  if (!company || !agreement) throw new Error('The world has no companies')
  return { company: company.id, agreement: agreement.id }
}

function mistakeOf(n: number, first: string): object {
  if (n === mistakes.wrongCurrency) return { currency: { id: 2 } }
  if (n === mistakes.notBillable) return { billProducts: 'DoNotBill' }
  if (n === mistakes.cancelled) return { cancelledFlag: true, dateCancelled: `${first}-01T00:00:00Z` }
  return n === mistakes.invoiced
    ? { nextInvoiceDate: `${Number(first.slice(0, 4)) + 1}-01-01`, prorateFlag: false }
    : {}
}

const addMarketProducts = (world: World): MarketPlaces['products'] =>
  offers.flatMap(({ id: offer, name, product: identifier, cost, price }) =>
    identifier === undefined
      ? []
      : [{ offer, product: addProduct(world, { identifier, description: name, cost, price }).id }],
  )
