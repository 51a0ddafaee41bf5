import { dayIn, firstOf, monthOf } from '#billing/period.ts'
import { insertMany, save } from '#db/db.ts'
import { accounts } from '#db/schema.ts'
import { addSource } from '#db/sources.ts'
import { findTenant, saveTenantSettings } from '#db/tenants.ts'
import { addLines } from '../lines-given.ts'
import type { Demo } from '../sandbox/demo-parts.ts'

/** A shop that bills two customers by invoice line, each line in another state, for the grid in the browser. */
export async function addInvoiced({ scope, trueup: { deps }, mappings }: Demo): Promise<void> {
  const { saved } = addSource(scope, {
    ...{ id: 'shop', kind: 'push', name: 'Cloud shop', settings: {}, billingPeriod: 'current', createdAt: deps.now() },
  })
  const places = mappings.slice(0, 2).map(({ company, agreement }) => ({ companyId: company, agreementId: agreement }))
  const known = { tenantId: scope.tenant, sourceId: 'shop', firstSeenAt: deps.now(), lastSeenAt: deps.now() }
  const tenant = await findTenant(scope.db, scope.tenant)
  await save(scope.db, [
    saved,
    saveTenantSettings(scope, { defaultAgreementTypeId: tenant?.defaultAgreementTypeId ?? 1 }),
    ...insertMany(
      scope.db,
      accounts,
      places.map((place, n) => ({ ...known, ...place, account: `Z-${n}`, name: `Zeta Shop ${n}`, include: true })),
    ),
  ])
  const period = monthOf(dayIn('UTC', deps.now()))
  const day = firstOf(period)
  const [one, two] = places.map(({ companyId, agreementId }, n) => ({
    ...{ sourceId: 'shop', account: `Z-${n}`, period, chargeStart: day, companyId, placedAgreementId: agreementId },
  }))
  const seats = { chargeType: 'CycleFee', chargeKind: 'recurring', chargeName: 'Monthly seats' } as const
  await addLines(scope, [
    { ...one, line: 'shop-1', subscription: 'sub-17', subscriptionName: 'Backup for Microsoft 365' },
    { ...one, line: 'shop-2', ...seats, nameBadge: 'system', cancelledOn: null, cancelledBadge: 'system' },
    { ...one, line: 'shop-3', status: 'synced', additionId: 301, postedAt: deps.now() },
    { ...one, line: 'shop-4', mapping: 'unmapped', lacks: 'choose the product of its offer', productId: null },
    { ...two, line: 'shop-5', status: 'held', reason: 'the first write of account Z-1 to this company' },
    { ...two, line: 'shop-6', status: 'error', reason: 'ConnectWise refused it: the product is inactive' },
    { ...two, line: 'shop-7', mapping: 'response-error', lacks: 'agreement 80 could not be read', quantity: '7' },
  ])
}
