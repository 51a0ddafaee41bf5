import { Temporal } from 'temporal-polyfill'
import { plainRule } from '#billing/rule.ts'
import { save } from '#db/db.ts'
import { tenants } from '#db/schema.ts'
import { saveCatalogue } from '#sync/mirror.ts'
import { type GeneratedWorld, generatedWorld } from '../sandbox/manage/generated.ts'
import type { AdditionRecord } from '../sandbox/manage/records.ts'
import { type App, startApp } from '../start.ts'
import type { Open } from '../stores.ts'

const agreements = 200
const additionsEach = 5
const changedShare = 0.03
const mappedAt = '2026-11-17T20:00:00Z'
const dueAt = Temporal.Instant.from('2026-11-18T02:00:00Z').epochMilliseconds

/** How much there is to do, in TRUST 8.1's letters: N additions, A agreements, W changed additions. */
export const size = {
  additions: agreements * additionsEach,
  agreements,
  changed: agreements * additionsEach * changedShare,
}

/** What prorated mappings add: one read of invoice facts (TRUST 8.1). */
export const invoiceReads = Math.ceil(agreements / 1000)

const pages = (rows: number) => Math.ceil(rows / 1000)

/** The fewest requests such a night can do with (TRUST 8.1). */
export const bound = {
  withoutReport: pages(size.agreements) + size.agreements + size.changed,
  withReport: pages(size.additions) + pages(size.agreements) + size.changed,
}

export interface Night {
  app: App
  world: GeneratedWorld
}

/**
 * The evening before: everything is mapped, the companies and products were read with the import, the platform's
 * counts have come, and the clock stands at the moment at which the nightly run comes due.
 */
export async function givenNight(
  open: Open,
  { report, prorate = false }: { report: boolean; prorate?: boolean },
): Promise<Night> {
  const world = nightWorld()
  world.reports = report
  const app = await startApp(open, { at: mappedAt, world })
  await save(app.scope.db, [app.scope.db.update(tenants).set({ hasAdditionsReport: report })])
  const rule = prorate ? { ...plainRule, prorate } : plainRule
  for (const addition of world.additions.rows()) await app.map({ ...mappingOf(world, addition), rule })
  await app.say(countsOf(world))
  await app.clock.run(readCatalogue(app))
  app.manage.requests.length = 0
  app.clock.set(dueAt)
  return { app, world }
}

/** What ConnectWise holds the evening before. */
export const nightWorld = (): GeneratedWorld => generatedWorld({ agreements, additionsEach, changedShare })

const accountOf = (agreementId: number) => `A-${agreementId}`
const metricOf = (productId: number) => `product-${productId}`

const mappingOf = (world: GeneratedWorld, { id, agreementId, product }: AdditionRecord) => ({
  account: accountOf(agreementId),
  reads: [{ metric: metricOf(product.id) }],
  companyId: world.agreements.get(agreementId)?.company.id ?? 0,
  agreementId,
  additionId: id,
})

function countsOf(world: GeneratedWorld): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {}
  for (const { id, agreementId, product } of world.additions.rows()) {
    const account = accountOf(agreementId)
    counts[account] = { ...counts[account], [metricOf(product.id)]: world.wanted.get(id) ?? 0 }
  }
  return counts
}

async function readCatalogue({ deps, scope, world }: App): Promise<void> {
  const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)
  const connectWise = await deps.connectWise(scope)
  await saveCatalogue(deps, scope, connectWise, ids(world.companies.rows()), ids(world.products.rows()))
}
