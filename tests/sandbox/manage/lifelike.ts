import { addAddition, addAgreement, addCompany, addContact, addProduct } from './build.ts'
import { dateOf, shiftDays } from './calendar.ts'
import { companyNames } from './names.ts'
import { createRandom } from './random.ts'
import type { AgreementRecord, CompanyRecord, ProductRecord } from './records.ts'
import { addStaff } from './staff.ts'
import { emptyWorld, type World, type WorldOptions } from './tables.ts'

/** The product whose quantity is the number of users, first on every agreement. */
export const seatProductId = 501

/**
 * Forty companies with agreements of one to three additions. Companies 1–34 are live customers; 35 is inactive,
 * 36 not approved, 37 deleted; 38's agreement is cancelled, 39's has ended, 40 has none.
 */
export function lifelikeWorld(options: WorldOptions = {}): World {
  const world = emptyWorld(options)
  const random = createRandom(40)
  const products = addProducts(world)
  for (const [index, name] of companyNames.entries()) {
    const company = addCompany(world, {
      id: 250 + index,
      name,
      identifier: identifierOf(name, index),
      ...oddities(index),
    })
    if (index % 4 === 1) addContact(world, { company, firstName: 'Zoë', lastName: 'Müller' })
    if (index < 39) addAdditions(world, addCompanyAgreement(world, company, index), products, random)
  }
  addChildAgreement(world, products)
  addStaff(world)
  return world
}

const identifierOf = (name: string, index: number): string =>
  `${name.replace(/[^A-Za-z0-9]/g, '').slice(0, 24) || 'Company'}${index + 1}`

function oddities(index: number): Partial<CompanyRecord> {
  const currency = { id: isEuro(index) ? 2 : 1 }
  if (index === 34) return { currency, status: { id: 2 } }
  if (index === 35) return { currency, status: { id: 3 } }
  if (index === 36) return { currency, deletedFlag: true }
  return { currency }
}

const isEuro = (index: number): boolean => index % 5 === 0

function addCompanyAgreement(world: World, company: CompanyRecord, index: number): AgreementRecord {
  const today = world.madeBy.lastUpdated.slice(0, 10)
  const lastYear = Number(today.slice(0, 4)) - 1
  return addAgreement(world, {
    company,
    id: 80 + index,
    name: index === 3 ? "Managed Services – O'Brien & Partners" : 'Managed Services',
    billStartDate: index % 3 === 0 ? `${lastYear}-01-01` : `${lastYear}-07-15`,
    ...ending(index, dateOf(shiftDays(today, -100))),
    ...(index === 12 ? { type: { id: 2 }, prorateFlag: true } : {}),
    ...(index === 13 ? { billingCycle: { id: 2 } } : {}),
  })
}

function ending(index: number, day: string): Partial<AgreementRecord> {
  if (index === 37) return { cancelledFlag: true, dateCancelled: day }
  return index === 38 ? { endDate: day, noEndingDateFlag: false } : {}
}

function addAdditions(
  world: World,
  agreement: AgreementRecord,
  products: readonly ProductRecord[],
  random: () => number,
) {
  const [seats, ...others] = products
  const people = 3 + Math.floor(random() * 40)
  addAddition(world, { agreement, ...(seats && { product: seats }), quantity: people })
  const more = Math.floor(random() * 3)
  for (const product of others.slice(0, more)) {
    addAddition(world, { agreement, product, quantity: 1 + Math.floor(random() * people), lessIncluded: more - 1 })
  }
}

function addChildAgreement(world: World, [seats]: readonly ProductRecord[]) {
  const child = addAgreement(world, { company: 250, id: 180, name: 'Managed Services – Branch', parentAgreement: 80 })
  addAddition(world, { agreement: child, ...(seats && { product: seats }), quantity: 4 })
}

function addProducts(world: World): ProductRecord[] {
  const add = (id: number, fields: Partial<ProductRecord>) => addProduct(world, { id, ...fields })
  const live = [
    add(seatProductId, { identifier: 'SAT-USER', description: 'Security awareness per user', price: 4, cost: 2.1 }),
    add(502, { identifier: 'M365-BP', description: 'Microsoft 365 Business Premium', price: 22, cost: 18.7 }),
    add(503, { identifier: 'BKP-1TB', description: 'Backup 1 TB "Gold" & vault', price: 49.95, cost: 31.5 }),
  ]
  add(504, { identifier: 'AV-OLD', description: 'Antivirus (retired)', inactiveFlag: true })
  add(505, { identifier: 'ALL-IN', description: 'All-in bundle', productClass: 'Bundle' })
  add(506, { identifier: 'ONB', description: 'Onboarding, one-time', productClass: 'Service', price: 150, cost: 0 })
  return live
}
