import { plainCreation } from '#billing/creation.ts'
import { addUnlisted, saveChoice } from '#db/accounts.ts'
import { type Scope, save } from '#db/db.ts'
import { saveSkuProduct } from '#db/sku-products.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { addHttpSource } from '#sync/sources/http-sources.ts'
import type { MarketPlaces } from './marketplace-world.ts'

/** The agreement type of new agreements in a sandbox: Managed Services. */
const agreementType = 1

/** Adds a marketplace that is asked for the invoice lines of this month and the one before; returns the source's id. */
export async function addMarketSource(
  deps: Deps,
  scope: Scope,
  { origin, key }: { origin: string; key: string },
): Promise<string> {
  const settings = { base: `${origin}/invoice-lines`, kind: 'invoice-lines' }
  const given = { name: 'Marketplace', settings, secret: key, billingPeriod: 'both' } as const
  return addHttpSource({ deps, scope, member: 'operator' }, given)
}

/** The default agreement type is chosen, agreements may be made, and these organizations and offers are mapped and included. */
export async function mapMarket(
  { now }: Pick<Deps, 'now'>,
  scope: Scope,
  sourceId: string,
  { organizations, products }: MarketPlaces,
): Promise<void> {
  const stamp = { updatedAt: now(), updatedBy: 'jsmith' }
  const keyOf = (account: string) => ({ sourceId, account })
  await save(scope.db, [
    saveTenantSettings(scope, {
      defaultAgreementTypeId: agreementType,
      creation: { ...plainCreation, agreements: 'automatic' },
    }),
    ...addUnlisted(
      scope,
      organizations.map(({ account }) => keyOf(account)),
      now(),
    ),
    ...organizations.map(({ account, company, agreement }) =>
      saveChoice(scope, keyOf(account), null, {
        ...{ companyId: company, agreementId: agreement ?? null, include: true, change: null, ...stamp },
      }),
    ),
    ...products.flatMap(({ offer, product }) =>
      saveSkuProduct(scope, { sourceId, sku: offer, term: '', productId: product, ...stamp }),
    ),
  ])
}
