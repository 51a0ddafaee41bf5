import type { InvoiceLine } from '#billing/lines/line.ts'
import { insertMany, save } from '#db/db.ts'
import { type LineRow, listLines } from '#db/lines.ts'
import { accounts } from '#db/schema.ts'
import { saveSkuProduct } from '#db/sku-products.ts'
import { addSnapshot } from '#db/snapshots.ts'
import { findSource } from '#db/sources.ts'
import { findTenant, saveTenantSettings } from '#db/tenants.ts'
import { loadLines } from '#sync/lines/load.ts'
import { addAgreement, addCompany, addProduct } from '../../sandbox/manage/build.ts'
import type { World } from '../../sandbox/manage/tables.ts'
import { emptyWorld } from '../../sandbox/manage/world.ts'
import { type App, type Options, startApp } from '../../start.ts'
import type { Open } from '../../stores.ts'

/** A recurring line of one subscription: 3 × 20.00 USD, invoiced on 5 November 2026. */
export const line = (given: Partial<InvoiceLine> & { id: string }): InvoiceLine => ({
  offer: 'M365-BP',
  chargeType: 'CycleFee',
  quantity: '3',
  subscription: `S-${given.id}`,
  subscriptionName: 'Business Premium',
  billingCycle: 'Monthly',
  chargeStart: '2026-11-03',
  unitCost: '16',
  unitPrice: '20',
  currency: 'USD',
  invoice: 'INV-1',
  invoicedOn: '2026-11-05',
  ...given,
})

/** The platform tells the invoice lines of a month, complete and now unless it says otherwise. */
export async function sayLines(
  { deps, scope, clock }: App,
  said: Record<string, readonly InvoiceLine[]>,
  how: { period?: string; complete?: boolean; takenAt?: number; source?: string } = {},
): Promise<string> {
  const { period = '2026-11', complete = true, takenAt = clock.now(), source: sourceId = 'src' } = how
  const told = Object.entries(said).map(([id, lines]) => ({ id, name: `Account ${id}`, readings: [], lines }))
  const receipt = { id: deps.id(), sourceId, receivedAt: clock.now(), bodyHash: '', idempotencyKey: null }
  const row = await addSnapshot(scope, { kind: 'invoice-lines', period, takenAt, complete, accounts: told }, receipt)
  return row.id
}

/** Loads a month of the platform as a person does. */
export async function load({ deps, scope }: App, period = '2026-11') {
  const [source, tenant] = await Promise.all([findSource(scope, 'src'), findTenant(scope.db, scope.tenant)])
  if (!source || !tenant) throw new Error('no source')
  return loadLines(deps, scope, tenant, source, period, 'ffin')
}

export interface Marketplace extends App {
  /** What ConnectWise holds on an agreement, by what it is called on the invoice. */
  held(agreement?: number): Record<string, unknown>[]
  /** Lines of November by the source's id. */
  stored(period?: string): Promise<Map<string, LineRow>>
}

/**
 * Contoso (250) with agreement 87, invoiced through October, and product 512; account A-17 is Contoso, included, and
 * billed on 87; offer M365-BP is product 512. The default agreement type is chosen.
 */
export async function givenMarketplace(
  open: Open,
  { agreement = 87, ...options }: Options & { agreement?: number | null } = {},
): Promise<Marketplace> {
  const world = options.world ?? emptyWorld()
  addProduct(world, { id: 512, identifier: 'M365-BP' })
  const company = addCompany(world, { id: 250, identifier: 'Contoso', name: 'Contoso Ltd' })
  addAgreement(world, { id: 87, company, name: 'Cloud', startDate: '2026-01-01T00:00:00Z' }, '2026-10-17')
  const app = await startApp(open, { ...options, world })
  const { scope } = app
  await save(scope.db, [
    saveTenantSettings(scope, { defaultAgreementTypeId: 1 }),
    ...saveSkuProduct(scope, { ...offer, productId: 512, updatedAt: 1, updatedBy: 'ann' }),
  ])
  await mapAccount(app, 'A-17', { companyId: 250, agreementId: agreement })
  return Object.assign(app, {
    held: (id = 87) => heldOn(world, id),
    stored: async (period = '2026-11') =>
      new Map((await listLines(scope, { sourceId: 'src', period })).map((row) => [row.line, row])),
  })
}

const offer = { sourceId: 'src', sku: 'M365-BP', term: '' }

/** An included account of the platform and where it is billed. */
export async function mapAccount(
  { scope }: App,
  account: string,
  place: { companyId: number; agreementId: number | null; include?: boolean },
): Promise<void> {
  const seen = {
    tenantId: scope.tenant,
    sourceId: 'src',
    account,
    name: `Account ${account}`,
    firstSeenAt: 1,
    lastSeenAt: 1,
  }
  await save(scope.db, insertMany(scope.db, accounts, [{ include: true, ...seen, ...place }]))
}

const heldOn = (world: World, agreement: number) =>
  [...world.additions.values()]
    .filter(({ agreementId }) => agreementId === agreement)
    .map(({ id, quantity, unitPrice, unitCost, effectiveDate, cancelledDate, invoiceDescription }) => ({
      ...{ id, quantity, unitPrice, unitCost, invoiceDescription },
      effectiveDate: effectiveDate?.slice(0, 10),
      cancelledDate: cancelledDate?.slice(0, 10),
    }))
    .sort((a, b) => `${a.invoiceDescription} ${a.id}`.localeCompare(`${b.invoiceDescription} ${b.id}`))
