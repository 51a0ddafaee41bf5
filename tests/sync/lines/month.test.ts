import { expect, it } from 'vitest'
import { listLines } from '#db/lines.ts'
import { mistakes } from '../../sandbox/marketplace-world.ts'
import { eachStore, openMemory } from '../../stores.ts'
import { billedIn, digestIn, givenMarket, loadMonths, type Market, mapByHand, mapOffers } from './month-given.ts'

eachStore((open) => {
  // The narrower store is too slow for the whole month.
  const size = open === openMemory ? { organizations: 60, lines: 5000 } : { organizations: 4, lines: 12 }

  it(`${size.lines} lines a month are loaded, mapped, previewed, posted and followed to the next month, to the cent (P2, P10, P15, P16, P25, X2, X16)`, {
    timeout: 600_000,
  }, async () => {
    const app = await givenMarket(open, size)
    const { market, source, writes } = app
    await loadMonths(app)
    const cancelled = agreementAt(app, mistakes.cancelled)
    if (cancelled) cancelled.cancelledFlag = false
    await mapByHand(app)

    const previewed = await app.preview()
    expect([previewed.changes.created, writes()]).toEqual([0, 0])
    expect((await app.sync({ source })).state).toBe('held')
    expect(writes()).toBe(0)
    if (cancelled) app.manage.edit(cancelled, { cancelledFlag: true })
    await app.sync({ source, approveAs: 'ffin' })
    const before = await countBy(app, '2026-10')
    expect(before.synced).toBeGreaterThan(0)
    expect(before.other).toBeGreaterThan(0)

    await putRight(app)
    await app.sync({ source, approveAs: 'ffin' })
    expect(await countBy(app, '2026-10')).toEqual({ synced: size.lines, other: 0 })
    expect(billedIn(app, '2026-10')).toEqual(market.totals('2026-10'))
    const made = app.world.additions.size
    expect(made).toBe(size.lines)
    await expectNothingWritten(app)

    app.clock.advance(31 * 86_400_000)
    market.extra.push(lateLine(market))
    await loadMonths(app)
    await chooseRest(app, '2026-11')
    const totals = market.totals('2026-11')
    await app.sync({ source, approveAs: 'ffin' })
    expect(await countBy(app, '2026-11')).toEqual({ synced: size.lines, other: 0 })
    expect(billedIn(app, '2026-11')).toEqual(totals)
    const late = (await listLines(app.scope, { sourceId: source, period: '2026-10' })).find(
      ({ line }) => line === 'LATE',
    )
    expect(app.world.additions.get(late?.additionId ?? 0)).toMatchObject({ quantity: 7, unitPrice: 3 })
    expect(new Set(await endsOfGone(app))).toEqual(new Set(size.lines > 100 ? ['2026-10-31'] : []))
    await expectNothingWritten(app)
    expect(app.api.requests.every(({ method }) => method === 'GET')).toBe(true)
    await app.close()
  })
})

async function countBy({ scope, source }: Market, period: string): Promise<{ synced: number; other: number }> {
  const rows = await listLines(scope, { sourceId: source, period })
  const synced = rows.filter(({ status }) => status === 'synced').length
  return { synced, other: rows.length - synced }
}

/** The last billed days of subscriptions that October's lines name and November's do not (P15). */
async function endsOfGone({ scope, source, world }: Market): Promise<(string | undefined)[]> {
  const now = await listLines(scope, { sourceId: source, period: '2026-11' })
  const going = new Set(now.map(({ subscription }) => subscription))
  const before = await listLines(scope, { sourceId: source, period: '2026-10' })
  return before
    .filter(({ chargeKind, subscription }) => chargeKind === 'recurring' && !going.has(subscription))
    .map(({ additionId }) => world.additions.get(additionId ?? 0)?.cancelledDate?.slice(0, 10))
}

/** The agreement of one of the organizations, by its place in the list. */
const agreementAt = ({ world, places }: Market, n: number) =>
  world.agreements.get(places.organizations[n]?.agreement ?? 0)

/** People correct in ConnectWise what was wrong with agreements, and choose what was left open. */
async function putRight(app: Market): Promise<void> {
  const edit = (n: number, fields: object) => {
    const agreement = agreementAt(app, n)
    if (agreement) app.manage.edit(agreement, fields)
  }
  edit(mistakes.wrongCurrency, { currency: { id: 1 } })
  edit(mistakes.cancelled, { cancelledFlag: false })
  edit(mistakes.invoiced, { prorateFlag: true })
  await chooseRest(app, '2026-10')
}

/** Finance chooses products that nobody made, and the agreement for lines of the two accounts that share a company (M9). */
async function chooseRest(app: Market, month: string): Promise<void> {
  const { places, post, source } = app
  await mapOffers(app, month, places.products[0]?.product)
  for (const { account, agreement } of places.organizations.slice(-2)) {
    const lines = { scope: 'all', source, month, account: JSON.stringify([source, account]) }
    const asked = { ...lines, action: 'agreement', value: String(agreement) }
    await post('/lines/bulk', { ...asked, digest: digestIn(await post('/lines/reviews', asked)) })
  }
}

async function expectNothingWritten(app: Market): Promise<void> {
  const before = app.writes()
  const { changes } = await app.sync({ source: app.source, approveAs: 'ffin' })
  expect(changes).toMatchObject({ created: 0, updated: 0, cancelled: 0, held: 0, failed: 0 })
  expect(app.writes()).toBe(before)
}

const lateLine = (market: Market['market']) => ({
  organization: market.organizations[0]?.id ?? '',
  month: '2026-10',
  line: {
    ...{ id: 'LATE', offer: market.lines('ORG-1001', '2026-10')[0]?.offer ?? '', chargeType: 'UsageFee' },
    ...{
      quantity: '7',
      unitCost: '1',
      unitPrice: '3',
      currency: 'USD',
      chargeStart: '2026-10-20',
      invoicedOn: '2026-11-02',
    },
  },
})
