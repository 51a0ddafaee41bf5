import type { InvoiceLine } from '#billing/lines/line.ts'
import { addSnapshot } from '#db/snapshots.ts'
import { findSource } from '#db/sources.ts'
import { findTenant } from '#db/tenants.ts'
import { loadLines } from '#sync/lines/load.ts'
import type { App } from '../../start.ts'

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
  const accounts = Object.entries(said).map(([id, lines]) => ({ id, name: `Account ${id}`, readings: [], lines }))
  const receipt = { id: deps.id(), sourceId, receivedAt: clock.now(), bodyHash: '', idempotencyKey: null }
  const row = await addSnapshot(scope, { kind: 'invoice-lines', period, takenAt, complete, accounts }, receipt)
  return row.id
}

/** Loads a month of the platform as a person does. */
export async function load({ deps, scope }: App, period = '2026-11') {
  const [source, tenant] = await Promise.all([findSource(scope, 'src'), findTenant(scope.db, scope.tenant)])
  if (!source || !tenant) throw new Error('no source')
  return loadLines(deps, scope, tenant, source, period, 'ffin')
}
