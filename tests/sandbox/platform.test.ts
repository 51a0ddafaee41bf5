import { describe, expect, it } from 'vitest'
import { createClock } from '../clock.ts'
import { generatedCustomers, generatedMappings, lifelikeCustomers, seatMappings } from './customers.ts'
import { generatedWorld, lifelikeWorld } from './manage/world.ts'
import { createPlatform } from './platform.ts'

function givenPlatform() {
  const world = lifelikeWorld()
  const sent: { url: string; init: RequestInit }[] = []
  const platform = createPlatform({
    clock: createClock('2026-11-21T22:00:00Z'),
    trueup: 'http://trueup.test',
    token: 'secret',
    customers: lifelikeCustomers(world),
    fetch: async (url, init) => {
      sent.push({ url, init })
      return new Response(null, { status: 202 })
    },
  })
  return { world, platform, sent }
}

interface Told {
  id: string
  counts: { metric: string; quantity: number; people: { name: string }[] }[]
}

const toldBy = ({ accounts }: { accounts: object[] }) => accounts as Told[]

describe('the platform', () => {
  it('knows a customer for every company that is billed for seats, and counts almost what is billed', () => {
    const { world, platform } = givenPlatform()
    expect(platform.customers.size).toBe(39)
    const mappings = seatMappings(world, [...platform.customers.values()], 'S1')
    expect(mappings).toHaveLength(34)
    const differences = mappings.map(({ account, addition }) => {
      const billed = world.additions.get(addition)?.quantity ?? 0
      return (platform.customers.get(account)?.users.length ?? 0) - billed
    })
    expect(differences.every((one) => one >= 0 && one <= 2)).toBe(true)
    expect(differences.filter((one) => one > 0).length).toBeGreaterThan(3)
  })

  it('counts the people it names, also when they join and leave', () => {
    const { platform } = givenPlatform()
    const quantity = () => toldBy(platform.counts('2026-11'))[0]?.counts[0]?.quantity ?? 0
    const before = quantity()
    const user = platform.join('A-01', { name: 'Zoë New' })
    expect(quantity()).toBe(before + 1)
    platform.leave('A-01', user.id)
    expect(quantity()).toBe(before)
    const ids = toldBy(platform.counts('2026-11')).map(({ id }) => id)
    expect(new Set(ids).size).toBe(39)
  })

  it('can be wrong in the ways platforms are', () => {
    const { platform } = givenPlatform()
    expect(platform.counts('2026-11', 'empty')).toMatchObject({ complete: true, accounts: [] })
    expect(platform.counts('2026-11', 'partial')).toMatchObject({ complete: false })
    expect(platform.counts('2026-11', 'partial').accounts).toHaveLength(20)
    const first = (shape: 'whole' | 'halved' | 'zero') =>
      toldBy(platform.counts('2026-11', shape))[0]?.counts[0]?.quantity
    expect(first('halved')).toBe(Math.floor((first('whole') ?? 0) / 2))
    expect(first('zero')).toBe(0)
  })

  it('pushes with its token', async () => {
    const { platform, sent } = givenPlatform()
    const snapshot = platform.counts('2026-11')
    expect((await platform.push(snapshot, 'night-1')).status).toBe(202)
    expect(sent[0]?.url).toBe('http://trueup.test/api/v1/snapshots')
    expect(sent[0]?.init.headers).toMatchObject({ authorization: 'Bearer secret', 'idempotency-key': 'night-1' })
    expect(JSON.parse(String(sent[0]?.init.body))).toEqual({ ...snapshot, takenAt: '2026-11-21T22:00:00.000Z' })
  })

  it('tells what a generated world should hold, addition by addition', () => {
    const world = generatedWorld({ agreements: 20, additionsEach: 5, changedShare: 0.03 })
    const mappings = generatedMappings(world, 'S1')
    const customers = generatedCustomers(world)
    expect(mappings).toHaveLength(100)
    const changed = mappings.filter(({ account, addition, reads }) => {
      const told = customers.find(({ id }) => id === account)?.subscriptions
      const quantity = told?.find(({ sku }) => 'sku' in reads && sku === reads.sku)?.quantity
      return quantity !== world.additions.get(addition)?.quantity
    })
    expect(changed).toHaveLength(3)
  })
})
