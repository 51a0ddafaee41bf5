import { dayIn, monthOf } from '#billing/period.ts'
import { listLines } from '#db/lines.ts'
import { findSource } from '#db/sources.ts'
import { findTenant } from '#db/tenants.ts'
import { loadLines } from '#sync/lines/load.ts'
import { placeLines } from '#sync/lines/place.ts'
import { listAllCompanies } from '#sync/mapping/catalogue.ts'
import { collectFrom } from '#sync/sources/collect-sources.ts'
import { syncNow } from '#sync/sync.ts'
import type { Demo } from './demo-parts.ts'
import { addMarketSource, mapMarket } from './market-source.ts'

const wholeLife = { stopping: () => false }

/** The organizations and offers that wait for a visitor, the last two of which are one company. */
const isLeft = (n: number): boolean => n === 3 || n === 12 || n >= 56
const offersLeft = 2

/**
 * The marketplace is asked for last month and this one: most organizations are mapped and included, `posted` of them have
 * last month's lines in ConnectWise already. Says what was done.
 */
export async function openMarketplace(demo: Demo, posted = 3): Promise<string> {
  const { trueup, scope, market, places, platformOrigin: origin, key } = demo
  const { deps } = trueup
  const id = await addMarketSource(deps, scope, { origin, key })
  const source = await findSource(scope, id)
  const months = [market.first, monthOf(dayIn('UTC', deps.now()))]
  for (const period of months) {
    const tenant = await findTenant(scope.db, scope.tenant)
    if (!source || !tenant) throw new Error('The marketplace is no source of TrueUp.')
    await collectFrom(deps, scope, source, { period })
    await loadLines(deps, scope, tenant, source, period, 'demo')
  }
  await mapMarket(deps, scope, id, {
    organizations: places.organizations.filter((_, n) => !isLeft(n)),
    products: places.products.slice(0, -offersLeft),
  })
  await listAllCompanies(deps, scope)
  const created = await postLines(demo, id, new Set(market.organizations.slice(0, posted).map((one) => one.id)))
  const count = months.reduce(
    (sum, month) => sum + market.organizations.flatMap((one) => market.lines(one.id, month)).length,
    0,
  )
  return `The marketplace invoiced ${market.organizations.length} organizations with ${count} lines in two months; ${created} of them are posted.`
}

/** Posts what can be posted of last month's lines of some organizations. */
async function postLines({ trueup: { deps }, scope, market }: Demo, source: string, accounts: ReadonlySet<string>) {
  const tenant = await findTenant(scope.db, scope.tenant)
  if (tenant) await placeLines(scope, tenant)
  const rows = await listLines(scope, { sourceId: source, period: market.first })
  const lines = rows.filter((row) => accounts.has(row.account) && row.mapping === 'mapped').map(({ id }) => id)
  const { changes } = await syncNow(deps, scope, { startedBy: 'demo', approveAs: 'demo', lines }, wholeLife)
  return changes.created
}
