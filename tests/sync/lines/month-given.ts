import Big from 'big.js'
import { plainCreation } from '#billing/creation.ts'
import type { Month } from '#billing/period.ts'
import { save } from '#db/db.ts'
import { listLines } from '#db/lines.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { readAccount } from '#sync/mapping/account-state.ts'
import { extended } from '../../sandbox/manage/invoicing.ts'
import { emptyWorld } from '../../sandbox/manage/world.ts'
import { addMarketSource } from '../../sandbox/market-source.ts'
import { createMarketplace, type Marketplace } from '../../sandbox/marketplace.ts'
import { addMarket, type MarketPlaces } from '../../sandbox/marketplace-world.ts'
import { createPlatform } from '../../sandbox/platform.ts'
import { createPlatformApi, type PlatformApi } from '../../sandbox/platform-api.ts'
import { type SignedIn, signIn } from '../../session/signed-in.ts'
import { type App, startApp } from '../../start.ts'
import type { Open } from '../../stores.ts'

const origin = 'https://market.example'
const key = 'kEyOfTheMarket77'

export interface Market extends App {
  market: Marketplace
  api: PlatformApi
  places: MarketPlaces
  source: string
  finance: SignedIn
  /** Sends a form as finance; anything but 200 is an error. */
  post(path: string, form: Record<string, string>): Promise<string>
  /** How many writes ConnectWise has seen. */
  writes(): number
}

/** A marketplace from October 2026 on, its companies in ConnectWise, and its source in TrueUp; it is 17 October. */
export async function givenMarket(open: Open, size: { organizations: number; lines: number }): Promise<Market> {
  const at = '2026-10-17T12:00:00Z'
  let api: PlatformApi | undefined
  const app = await startApp(open, {
    at,
    world: emptyWorld({ today: at.slice(0, 10) }),
    env: { SOURCE_HOSTS: origin },
    deps: { fetchSource: (request) => api?.fetch(request) ?? Promise.reject(new Error('no platform yet')) },
  })
  const { deps, scope, clock, world, manage } = app
  const market = createMarketplace({ first: '2026-10', clock, ...size })
  const places = addMarket(world, market)
  const none = { trueup: 'http://trueup.test', token: 'unused', fetch, customers: [] }
  api = createPlatformApi({ platform: createPlatform({ clock, ...none }), key, marketplace: market })
  const source = await addMarketSource(deps, scope, { origin, key })
  const creation = { ...plainCreation, agreements: 'automatic' } as const
  await save(scope.db, [saveTenantSettings(scope, { defaultAgreementTypeId: 1, creation })])
  const finance = await signIn(app, { member: 'ffin', role: 'finance' })
  const post: Market['post'] = async (path, form) => {
    const answer = await finance.ask('POST', path, form)
    if (answer.status === 429) {
      clock.advance(60_000)
      return post(path, form)
    }
    const html = await answer.text()
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${html}`)
    return html
  }
  const writes = () => manage.requests.filter(({ method }) => method !== 'GET').length
  return Object.assign(app, { market, api, places, source, finance, post, writes })
}

/** Finance loads the months of the source, as with the button. */
export async function loadMonths(app: Market): Promise<void> {
  await app.post('/lines/loads', { source: app.source, months: 'both' })
  await app.settled()
}

/** Finance picks companies, agreements and products, and includes everything at once (M1, M13, M17). */
export async function mapByHand(app: Market): Promise<void> {
  const { post, source, places } = app
  await post('/mappings/listing', {})
  const pick = async (what: 'company' | 'agreement', account: string, id: number) => {
    const { version } = await readAccount(app.scope, { sourceId: source, account })
    await post(`/mappings/${what}`, { source, account, version, [what]: String(id) })
  }
  for (const { account, company, agreement } of places.organizations) {
    await pick('company', account, company)
    if (agreement !== undefined) await pick('agreement', account, agreement)
  }
  await mapOffers(app)
  const all = { action: 'include', scope: 'all' }
  await post('/mappings/bulk', { ...all, digest: digestIn(await post('/mappings/reviews', all)) })
}

/** Picks a product for every offer of a month that has none: the one that is sold as it, or one that stands in for it. */
export async function mapOffers({ post, source, places, scope }: Market, period = '2026-10', standIn?: number) {
  const rows = await listLines(scope, { sourceId: source, period })
  const offers = new Set(rows.filter(({ productId }) => productId === null).map(({ offer }) => offer))
  for (const sku of offers) {
    const product = places.products.find(({ offer }) => offer === sku)?.product ?? standIn
    if (product !== undefined)
      await post('/mappings/products', { source, sku, term: '', seen: '', product: String(product) })
  }
}

/** What a question's button sends to say which rows it was about. */
export const digestIn = (html: string): string => /&quot;digest&quot;:&quot;([\w-]+)&quot;/.exec(html)?.[1] ?? ''

/** What the additions that bill on some day of a month come to in ConnectWise, by the currency of their agreement. */
export function billedIn({ world }: Market, month: Month): Record<string, string> {
  const [from, to] = [`${month}-01`, `${month}-31`]
  const sums = new Map<string, Big>()
  for (const addition of world.additions.values()) {
    const [start, end] = [addition.effectiveDate?.slice(0, 10) ?? '', addition.cancelledDate?.slice(0, 10) ?? '9999']
    if (start > to || end < from) continue
    const currency = world.agreements.get(addition.agreementId)?.currency?.id ?? 1
    const code = world.currencies.get(currency)?.currencyIdentifier ?? ''
    sums.set(code, (sums.get(code) ?? new Big(0)).plus(extended(addition, addition.unitPrice ?? 0)))
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, sum]) => [code, sum.toFixed(2)]))
}
