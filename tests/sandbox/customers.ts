import { createRandom } from './manage/random.ts'
import { type GeneratedWorld, seatProductId, type World } from './manage/world.ts'

/** One person, or an account that no person uses. */
export interface User {
  id: string
  name: string
  email: string
  services: string[]
}

interface Subscription {
  sku: string
  name: string
  quantity: number
  unitCost: string
  unitPrice: string
  subscription: string
  term: 'P1M' | 'P1Y'
}

export interface Customer {
  id: string
  name: string
  currency: string
  users: User[]
  subscriptions: Subscription[]
}

const givenNames = ['Ann', 'Björn', 'Chloé', 'Đorđe', 'Eve', 'Fatima', 'Grzegorz', 'Hana', 'Ibrahim', "Jo'Anne"]
const familyNames = ['Lee', 'Müller', 'García', 'Ng', 'O’Neil', 'Żak', 'Smith-Jones', 'Ito', 'van Dyk', 'Þórsdóttir']

/** The customers behind a lifelike world: one per company whose first agreement bills seats, counting almost what is billed. */
export function lifelikeCustomers(world: World): Customer[] {
  const random = createRandom(17)
  return world.companies.rows().flatMap((company, index) => {
    const billed = seatsOf(world, company.id)
    if (!billed) return []
    const id = `A-${String(index + 1).padStart(2, '0')}`
    const currency = world.currencies.get(company.currency?.id ?? 1)?.currencyIdentifier ?? 'USD'
    const count = Math.max(1, billed.quantity + (random() < 0.25 ? 1 + Math.floor(random() * 2) : 0))
    const users = Array.from({ length: count }, (_, n) => userOf(id, n + 1, random))
    return [{ id, name: company.name, currency, users, subscriptions: subscriptionsOf(id, count) }]
  })
}

const seatsOf = (world: World, companyId: number) => {
  const agreement = world.agreements.rows().find((one) => one.company.id === companyId)
  return agreement && world.additions.of(agreement.id).find((addition) => addition.product.id === seatProductId)
}

function userOf(customer: string, serial: number, random: () => number): User {
  const id = `${customer}-${serial}`
  const domain = `${customer.toLowerCase()}.example`
  // One account in fifteen belongs to no person.
  if (serial % 15 === 0)
    return { id, name: `svc-backup${serial}`, email: `svc-backup${serial}@${domain}`, services: [] }
  const pick = (names: readonly string[]) => names[Math.floor(random() * names.length)] ?? 'Ann'
  const services = random() < 0.5 ? ['training'] : ['training', 'phishing']
  return { id, name: `${pick(givenNames)} ${pick(familyNames)}`, email: `user${serial}@${domain}`, services }
}

const subscriptionsOf = (customer: string, count: number): Subscription[] => [
  {
    sku: 'M365-BP',
    name: 'Microsoft 365 Business Premium',
    quantity: count,
    unitCost: '18.70',
    unitPrice: '22.00',
    subscription: `${customer}-s1`,
    term: 'P1Y',
  },
  {
    sku: 'M365-BP',
    name: 'Microsoft 365 Business Premium',
    quantity: 1,
    unitCost: '22.44',
    unitPrice: '26.40',
    subscription: `${customer}-s2`,
    term: 'P1M',
  },
]

/** A mapping in the form that `mappings import` reads. */
export interface MappingRow {
  source: string
  account: string
  reads: { metric: string } | { sku: string }
  company: number
  agreement: number
  addition: number
  include: boolean
}

/** The mappings of lifelike customers' users to the seats of their agreement; customers whose agreement ended are left out. */
export function seatMappings(world: World, customers: readonly Customer[], source: string): MappingRow[] {
  const rows = world.companies.rows()
  return customers.flatMap((customer) => {
    const company = rows[Number(customer.id.slice(2)) - 1]
    const agreement = world.agreements.rows().find((one) => one.company.id === company?.id)
    const isLive = company && !company.deletedFlag && company.status.id === 1
    if (!agreement || !isLive || agreement.cancelledFlag || agreement.endDate) return []
    const addition = seatsOf(world, company.id)
    if (!addition) return []
    const ids = { company: company.id, agreement: agreement.id, addition: addition.id }
    return [{ source, account: customer.id, reads: { metric: 'users' }, ...ids, include: true }]
  })
}

/** The customers behind a generated world: one per agreement, one SKU per addition, the quantities it should hold. */
export function generatedCustomers(world: GeneratedWorld): Customer[] {
  return world.agreements.rows().map((agreement) => ({
    id: `A-${agreement.id}`,
    name: world.companies.get(agreement.company.id)?.name ?? '',
    currency: 'USD',
    users: [],
    subscriptions: world.additions.of(agreement.id).map((addition) => ({
      sku: skuOf(world, addition.product.id),
      name: 'Seat',
      quantity: world.wanted.get(addition.id) ?? 0,
      unitCost: '2.10',
      unitPrice: '4.00',
      subscription: `s${addition.id}`,
      term: 'P1M',
    })),
  }))
}

/** Every addition of a generated world, mapped to its SKU. */
export const generatedMappings = (world: GeneratedWorld, source: string): MappingRow[] =>
  world.additions.rows().map((addition) => ({
    source,
    account: `A-${addition.agreementId}`,
    reads: { sku: skuOf(world, addition.product.id) },
    company: world.agreements.get(addition.agreementId)?.company.id ?? 0,
    agreement: addition.agreementId,
    addition: addition.id,
    include: true,
  }))

const skuOf = (world: World, productId: number): string => world.products.get(productId)?.identifier ?? ''
