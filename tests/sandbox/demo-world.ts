import { type Customer, lifelikeCustomers } from './customers.ts'
import { addAddition, addAgreement, addCompany, lifelikeWorld, seatProductId, type World } from './manage/world.ts'

/** The customer of the story: Contoso Ltd, agreement 80. */
export const contoso = 'A-01'

/** A customer of the platform that nobody has mapped; its company has almost the same name. */
const newcomer = { account: 'A-41', company: 'Blue Yonder Airlines', atPlatform: 'Blue Yonder Airlines Inc.' }

/** The customers that buy licences through the platform, too. */
export const demoBuyers: readonly string[] = ['A-02', 'A-03', 'A-04', 'A-05', 'A-06', 'A-07']

/** A lifelike world in which Contoso is billed one seat less than it has, and a company waits to be mapped. */
export function demoWorld(today: string): World {
  const world = lifelikeWorld({ today })
  const [seats] = world.additions.of(80)
  if (seats) seats.quantity = 9
  const company = addCompany(world, { name: newcomer.company, identifier: 'BlueYonder' })
  const agreement = addAgreement(world, { company, name: 'Managed Services' })
  addAddition(world, { agreement, product: seatProductId, quantity: 7 })
  return world
}

/** The platform's customers: Contoso has 10 users, the newcomer goes by another form of its name. */
export function demoCustomers(world: World): Customer[] {
  return lifelikeCustomers(world).map((customer) => {
    if (customer.id === newcomer.account) return { ...customer, name: newcomer.atPlatform }
    return customer.id === contoso ? withUsers(customer, 10) : customer
  })
}

export const isNewcomer = ({ id }: Customer): boolean => id === newcomer.account

function withUsers(customer: Customer, count: number): Customer {
  const [first] = customer.users
  if (!first) throw new Error(`${customer.name} has no users`)
  const made = (n: number) => ({ ...first, id: `${customer.id}-${n}`, email: `user${n}@contoso.example` })
  return { ...customer, users: Array.from({ length: count }, (_, n) => customer.users[n] ?? made(n + 1)) }
}
