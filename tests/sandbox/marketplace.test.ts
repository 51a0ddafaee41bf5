import { describe, expect, it } from 'vitest'
import { chargeTypes } from '#billing/lines/line.ts'
import { rowOf } from '#sources/snapshot.ts'
import { emptyWorld } from './manage/world.ts'
import { createMarketplace } from './marketplace.ts'
import { addMarket } from './marketplace-world.ts'

const clock = { now: () => Date.parse('2026-11-21T22:00:00Z') }
const given = () => createMarketplace({ first: '2026-10', clock })

describe('the marketplace', () => {
  it('invoices 60 organizations with 5,000 good lines a month of all charge types in three currencies', () => {
    const market = given()
    expect(market.organizations).toHaveLength(60)
    for (const month of ['2026-10', '2026-11']) {
      const lines = market.organizations.flatMap(({ id }) => market.lines(id, month))
      expect(lines).toHaveLength(5000)
      expect(new Set(lines.map(({ id }) => id)).size).toBe(5000)
      expect(lines.filter((line) => !rowOf['invoice-lines'].safeParse(line).success)).toEqual([])
      expect([...new Set(lines.map(({ chargeType }) => chargeType))].sort()).toEqual([...chargeTypes].sort())
      expect(Object.keys(market.totals(month))).toEqual(['EUR', 'JPY', 'USD'])
    }
    expect(given().totals('2026-11')).toEqual(market.totals('2026-11'))
  })

  it('changes from month to month: subscriptions end, begin and grow, corrections credit', () => {
    const market = given()
    const of = (month: string) => {
      const lines = market.organizations.flatMap(({ id }) => market.lines(id, month))
      return new Map(lines.flatMap((line) => (line.subscription ? [[line.subscription, line]] : [])))
    }
    const [before, now] = [of('2026-10'), of('2026-11')]
    const ended = [...before.keys()].filter((id) => !now.has(id))
    const begun = [...now.keys()].filter((id) => !before.has(id))
    const grown = [...now].filter(([id, line]) => before.has(id) && before.get(id)?.quantity !== line.quantity)
    for (const some of [ended, begun, grown]) expect(some.length).toBeGreaterThan(50)
    const credits = market.snapshot('2026-11').accounts.flatMap((account) => ('lines' in account ? account.lines : []))
    expect(JSON.stringify(credits)).toMatch(/"unitPrice":"-/)
  })

  it('has companies in ConnectWise, most with an agreement, and products for all offers but two', () => {
    const world = emptyWorld()
    const { organizations, products } = addMarket(world, given())
    expect(organizations.filter(({ agreement }) => agreement === undefined)).toHaveLength(6)
    expect(new Set(organizations.map(({ company }) => company)).size).toBe(59)
    expect(world.companies.size).toBe(59)
    expect(products).toHaveLength(38)
  })
})
