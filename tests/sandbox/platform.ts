import type { Customer, User } from './customers.ts'

/** What a snapshot is asked to be: the truth, or one of the ways in which platforms are wrong. */
type Shape = 'whole' | 'empty' | 'zero' | 'halved' | 'partial'

export interface Snapshot {
  kind: 'counts' | 'usage' | 'invoice-lines'
  period: string
  takenAt: string
  complete: boolean
  accounts: object[]
}

export interface PlatformOptions {
  clock: { now(): number }
  /** TrueUp's origin. */
  trueup: string
  /** The token of the source in TrueUp. */
  token: string
  fetch(input: string, init: RequestInit): Promise<Response>
  customers: readonly Customer[]
}

/** The vendor's platform: it knows its customers' users and subscriptions and pushes what it counted. */
export interface Platform {
  customers: Map<string, Customer>
  /** A user starts at a customer; the fields not given are made up. */
  join(customer: string, user?: Partial<User>): User
  leave(customer: string, user: string): void
  counts(period: string, shape?: Shape): Snapshot
  usage(period: string, shape?: Shape): Snapshot
  invoiceLines(period: string): Snapshot
  /** What it counted so many days ago, when some had not joined yet. */
  countsBefore(daysAgo: number): Snapshot
  /** Sends a snapshot to TrueUp and returns its answer. */
  push(snapshot: Snapshot, idempotencyKey?: string): Promise<Response>
}

export function createPlatform({ clock, trueup, token, fetch, customers }: PlatformOptions): Platform {
  const byId = new Map(customers.map((customer) => [customer.id, customer]))
  const snapshot = (kind: Snapshot['kind'], period: string, shape: Shape, account: (one: Customer) => object) => {
    const told = toldOf([...byId.values()], shape)
    const takenAt = new Date(clock.now()).toISOString()
    return { kind, period, takenAt, complete: shape !== 'partial', accounts: told.map(account) }
  }
  const found = (id: string): Customer => {
    const customer = byId.get(id)
    if (!customer) throw new Error(`The platform has no customer ${id}`)
    return customer
  }

  return {
    customers: byId,
    join(id, given = {}) {
      const customer = found(id)
      const user = { ...newcomer(customer), ...given }
      customer.users.push(user)
      return user
    },
    leave(id, user) {
      const customer = found(id)
      customer.users = customer.users.filter((one) => one.id !== user)
    },
    counts: (period, shape = 'whole') => snapshot('counts', period, shape, countsOf(shape)),
    countsBefore(daysAgo) {
      const takenAt = new Date(clock.now() - daysAgo * 86_400_000).toISOString()
      const accounts = [...byId.values()].map((one) => countsOf('whole')({ ...one, users: joinedBefore(one, daysAgo) }))
      return { kind: 'counts', period: takenAt.slice(0, 7), takenAt, complete: true, accounts }
    },
    usage: (period, shape = 'whole') => snapshot('usage', period, shape, usageOf(shape)),
    invoiceLines: (period) => snapshot('invoice-lines', period, 'whole', linesOf(period)),
    push: (body, idempotencyKey) =>
      fetch(`${trueup}/api/v1/snapshots`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        body: JSON.stringify(body),
      }),
  }
}

function toldOf(customers: readonly Customer[], shape: Shape): readonly Customer[] {
  if (shape === 'empty') return []
  return shape === 'partial' ? customers.slice(0, Math.ceil(customers.length / 2)) : customers
}

/** Each customer grows at its own pace. */
const joinedBefore = ({ users }: Customer, daysAgo: number): User[] =>
  users.slice(0, Math.max(1, users.length - Math.floor(daysAgo / (4 + (users.length % 9)))))

/** How many of `count` a platform of this shape tells. */
const toldCount = (count: number, shape: Shape): number => {
  if (shape === 'zero') return 0
  return shape === 'halved' ? count >> 1 : count
}

const countsOf =
  (shape: Shape) =>
  ({ id, name, users, currency }: Customer): object => {
    const people = users.slice(0, toldCount(users.length, shape))
    const quantity = people.length
    return { id, name, counts: [{ metric: 'users', quantity, unitCost: '2.10', unitPrice: '4.00', currency, people }] }
  }

const usageOf =
  (shape: Shape) =>
  ({ id, name, subscriptions, currency }: Customer): object => ({
    id,
    name,
    usage: subscriptions.map((one) => ({ ...one, quantity: toldCount(one.quantity, shape), currency })),
  })

/** One line for each subscription's month. */
const linesOf =
  (period: string) =>
  ({ id, name, subscriptions, currency }: Customer): object => ({
    id,
    name,
    lines: subscriptions.map(({ sku, name, quantity, unitCost, unitPrice, subscription }) => ({
      id: `${subscription}-${period}`,
      offer: sku,
      subscription,
      subscriptionName: name,
      chargeType: 'CycleFee',
      billingCycle: 'Monthly',
      chargeStart: `${period}-01`,
      quantity,
      unitCost,
      unitPrice,
      currency,
      invoice: `INV-${period}`,
    })),
  })

function newcomer({ id, users }: Customer): User {
  const highest = Math.max(0, ...users.map((user) => Number(user.id.split('-').at(-1)) || 0))
  const serial = highest + 1
  return {
    id: `${id}-${serial}`,
    name: `New User ${serial}`,
    email: `new.user${serial}@${id.toLowerCase()}.example`,
    services: ['training'],
  }
}
