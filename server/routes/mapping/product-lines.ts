import type { Product } from '#billing/existing.ts'
import { monthName, shiftMonth } from '#billing/period.ts'
import { isToBeMade } from '#billing/record.ts'
import { productOfSku } from '#billing/sku-product.ts'
import { listProductsOfSkus } from '#db/catalogue.ts'
import { listProducts } from '#db/mirror.ts'
import { findNewestLoaded, listOffers, type OfferSeen } from '#db/offers.ts'
import { listSkuProducts, listSkus, type SkuProduct, type SkuSeen } from '#db/sku-products.ts'
import { listSources, type Source } from '#db/sources.ts'
import { rowId } from '#routes/pods/account-lines.ts'
import type { Viewer } from '#session/viewer.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import { newestSnapshots } from '#sync/sources/newest-words.ts'
import type { SkuLine } from '#views/mapping/product-picker.tsx'

/** Months of which offers are found again, whatever was looked at (X16). */
export const mostMonths = 15

/**
 * Every SKU and term the newest snapshots name (V19), and every offer invoiced in the last `months` loaded (M12), with what
 * each is billed as; where that is nothing, with the product whose cross reference it is (M24).
 */
export async function productLines({ scope, tenant }: Viewer, months: number): Promise<SkuLine[]> {
  const [sources, chosen, newest] = await Promise.all([
    listSources(scope),
    listSkuProducts(scope),
    findNewestLoaded(scope),
  ])
  const offers = newest === undefined ? [] : await listOffers(scope, shiftMonth(newest, 1 - months))
  const seen = await Promise.all(sources.map((source) => skusOf(scope, source)))
  const found = [...seen.flat(), ...offers.flatMap((offer) => offerOf(offer, offers, chosen))]
  const ids = [...new Set(chosen.map(({ productId }) => productId))]
  const named = [...(await listProducts(scope, ids)), ...(await listStandIns(scope, ids)).products]
  const products = new Map(named.map((product) => [product.id, product]))
  const open = found.filter(({ sourceId, sku, term }) => !isChosen(chosen, sourceId, sku, term))
  const alike = await listProductsOfSkus(scope, [...new Set(open.map(({ sku }) => sku))])
  const names = new Map(sources.map(({ id, name }) => [id, name]))
  return found.map(({ sourceId, ...line }) => {
    const product = isChosen(chosen, sourceId, line.sku, line.term)
    const whole = line.offer && line.term !== '' && !product ? isChosen(chosen, sourceId, line.sku, '') : undefined
    return {
      ...line,
      id: `s${rowId({ sourceId, account: `${line.sku} ${line.term}` })}`,
      ...{ source: sourceId, sourceName: names.get(sourceId) ?? sourceId },
      ...(product ? { product: productLine(product.productId, products.get(product.productId)) } : {}),
      ...(whole ? { whole: productLine(whole.productId, products.get(whole.productId)) } : {}),
      ...(product || (line.offer && line.term !== '') ? {} : suggestionOf(alike, line.sku)),
      mayMake: tenant.creation.products !== 'off',
    }
  })
}

type Found = Pick<SkuLine, 'sku' | 'term' | 'title' | 'accounts' | 'seenAt' | 'offer'> & { sourceId: string }

const isChosen = (chosen: readonly SkuProduct[], sourceId: string, sku: string, term: string) =>
  chosen.find((row) => row.sourceId === sourceId && row.sku === sku && row.term === term)

function suggestionOf(alike: readonly Product[], sku: string): Pick<SkuLine, 'suggestion'> {
  const product = productOfSku(alike, sku)
  return product === undefined || product === 'several' ? {} : { suggestion: productLine(product.id, product) }
}

/** An offer as a whole; a billing cycle of it where it has several, or a product of its own. */
function offerOf(one: OfferSeen, all: readonly OfferSeen[], chosen: readonly SkuProduct[]): Found[] {
  const { sourceId, offer: sku, billingCycle, title, accounts, lines, lastMonth } = one
  const cycles = all.filter((other) => other.sourceId === sourceId && other.offer === sku && other.billingCycle)
  const isOwn = billingCycle !== undefined && isChosen(chosen, sourceId, sku, billingCycle) !== undefined
  if (billingCycle === '' || (billingCycle !== undefined && cycles.length < 2 && !isOwn)) return []
  const offer = { lines, lastMonth: monthName(lastMonth) }
  return [{ sourceId, sku, term: billingCycle ?? '', title: title ?? '', accounts, offer }]
}

const productLine = (id: number, product: Pick<Product, 'identifier' | 'description'> | undefined) => ({
  id,
  name: product?.identifier ?? `Product ${id}`,
  detail: product?.description ?? '',
  ...(isToBeMade(id) ? { toBeMade: true as const } : {}),
})

/** Of the newest snapshot, and of the newest complete one where that names more. */
async function skusOf(scope: Viewer['scope'], { id: sourceId }: Source): Promise<Found[]> {
  const found = new Map<string, SkuSeen & { seenAt: number }>()
  for (const snapshot of await newestSnapshots(scope, sourceId))
    for (const seen of await listSkus(scope, snapshot.id))
      found.set(JSON.stringify([seen.sku, seen.term]), { ...seen, seenAt: snapshot.takenAt })
  return [...found.values()].map(({ title, ...seen }) => ({ ...seen, sourceId, title: title ?? '' }))
}
