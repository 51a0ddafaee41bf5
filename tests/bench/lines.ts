import { performance } from 'node:perf_hooks'
import { insertMany, save } from '#db/db.ts'
import { accounts } from '#db/schema.ts'
import { saveSkuProduct } from '#db/sku-products.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, startApp } from '../start.ts'
import { openMemory } from '../stores.ts'
import { line, load, sayLines } from '../sync/lines/given.ts'
import type { Report } from './measure.ts'

const many = 10_000
const loadLimitMs = 1000

/** How much is posted, in TRUST 8.1's letters: A agreements, and W lines that each become an addition. */
export const posting = { agreements: 60, lines: 600 }

/** The fewest requests a posting can do with: the agreements, the additions of each, and one write a line. */
export const postingBound = Math.ceil(posting.agreements / 1000) + posting.agreements + posting.lines

/** Accounts with a company, an agreement and their share of a month's lines; nothing of it is posted yet. */
async function givenMonth({ agreements, lines }: typeof posting): Promise<App> {
  const world = emptyWorld()
  addProduct(world, { id: 512, identifier: 'M365-BP' })
  const support = addProduct(world, { id: 513, identifier: 'SUPPORT' })
  const names = Array.from({ length: agreements }, (_, i) => `A-${i}`)
  names.forEach((_, i) => {
    const company = addCompany(world, { id: 1000 + i })
    const agreement = addAgreement(world, { id: 2000 + i, company, startDate: '2026-01-01T00:00:00Z' }, '2026-10-17')
    addAddition(world, { agreement, product: support, quantity: 1 })
  })
  const app = await startApp(openMemory, { world, limits: { amount: 10_000_000 } })
  const { scope } = app
  const seen = { tenantId: scope.tenant, sourceId: 'src', firstSeenAt: 1, lastSeenAt: 1, include: true }
  const placed = names.map((account, i) => ({ account, name: account, companyId: 1000 + i, agreementId: 2000 + i }))
  await save(scope.db, [
    saveTenantSettings(scope, { defaultAgreementTypeId: 1 }),
    ...saveSkuProduct(scope, { ...offer, productId: 512, updatedAt: 1, updatedBy: 'ann' }),
    ...insertMany(
      scope.db,
      accounts,
      placed.map((row) => ({ ...seen, ...row })),
    ),
  ])
  const each = lines / agreements
  const chargeTypes = ['CycleFee', 'UsageFee']
  const said = names.map((name, i) => [
    name,
    Array.from({ length: each }, (_, j) => line({ id: `L${i}-${j}`, chargeType: chargeTypes[j % 2] ?? '' })),
  ])
  await sayLines(app, Object.fromEntries(said))
  return app
}

const offer = { sourceId: 'src', sku: 'M365-BP', term: '' }

/** What a posting asks of ConnectWise, in requests by method, once companies and products are known. */
export async function countPosting(): Promise<{ requests: number; writes: number; created: number; again: number }> {
  const app = await givenMonth(posting)
  await app.preview()
  app.manage.requests.length = 0
  const { changes } = await app.sync({ approveAs: 'ffin' })
  const requests = app.manage.requests.length
  const writes = app.manage.requests.filter(({ method }) => method !== 'GET').length
  await app.sync({ approveAs: 'ffin' })
  const again = app.manage.requests.slice(requests).filter(({ method }) => method !== 'GET').length
  await app.close()
  return { requests, writes, created: changes.created, again }
}

/** Invoice lines: how long loading 10,000 takes, and what posting them asks of ConnectWise beside what no posting can do without. */
export async function lines(report: Report): Promise<void> {
  const app = await givenMonth({ agreements: 50, lines: many })
  for (const what of ['loading 10,000 new lines', 'loading them again']) {
    const ms = await worked(() => load(app))
    const measured = `${Math.round(ms)} ms`
    report({ what, measured, beside: `limit ${loadLimitMs} ms`, ratio: ms / loadLimitMs, atMost: 1 })
  }
  await app.close()
  const startedAt = performance.now()
  const { requests, writes, again } = await countPosting()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`  ${posting.lines} lines in ${posting.agreements} agreements, posted in ${seconds} s`)
  report({
    what: 'requests of the posting',
    measured: `${requests}`,
    beside: `bound ⌈A/1000⌉ + A + W = ${postingBound}`,
    ratio: requests / postingBound,
    atMost: 1,
  })
  report({
    what: 'writes of posting it again',
    measured: `${again}`,
    beside: `${writes} the first time`,
    ratio: again / writes,
    atMost: 0,
  })
}

/** Milliseconds of CPU, the database's included: others on the machine do not count. */
async function worked(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
