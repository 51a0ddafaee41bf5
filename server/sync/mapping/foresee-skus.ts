import { identityOf } from '#billing/creation.ts'
import type { Mapping } from '#billing/mapping.ts'
import { newProductOf, productOfSku } from '#billing/sku-product.ts'
import { type Creation, listCreations } from '#db/creations.ts'
import type { SkuProduct } from '#db/sku-products.ts'
import type { Source } from '#db/sources.ts'
import type { About } from '#sync/asked.ts'
import { toMappings } from './mappings.ts'
import { listNewSkus, listProductSources, productsFor, type SkuWork, us } from './new-skus.ts'
import { listBilled, skuMappings, skuMappingsOf } from './sku-mappings.ts'

/** What a run would map by itself now, and the products it would want for that. */
export interface Foreseen {
  mappings: readonly Mapping[]
  wanted: readonly Creation[]
}

/** What `mapNewSkus` would do, for a dry run: nothing of it is stored. */
export async function foreseeNewSkus(work: SkuWork, run: About): Promise<Foreseen> {
  const { deps, scope } = work
  const stored = await listCreations(scope)
  const wanted: Creation[] = []
  const mappings: Mapping[] = []
  for (const source of await listProductSources(scope, run)) {
    const choices = await choicesFor(work, source, stored, wanted)
    const known = await skuMappingsOf(scope, source)
    const rows = await skuMappings(deps, scope, { source, member: us, known, choices }, await listBilled(scope, source))
    mappings.push(...toMappings(rows, [source]))
  }
  return { mappings, wanted }
}

/** The product of each new SKU: one that is there, one that is wanted already, or one more that goes into `wanted`. */
async function choicesFor(
  work: SkuWork,
  source: Source,
  stored: readonly Creation[],
  wanted: Creation[],
): Promise<SkuProduct[]> {
  const { deps, scope, tenant } = work
  const skus = await listNewSkus(work, source)
  const products = skus.length > 0 ? await productsFor(work, skus) : []
  const at = deps.now()
  const stamp = { tenantId: scope.tenant, sourceId: source.id, confirmedProductId: null, updatedAt: at, updatedBy: us }
  return skus.flatMap((one) => {
    const { sku, term } = one
    const found = productOfSku(products, sku)
    if (found === 'several') return []
    if (found) return [{ ...stamp, sku, term, productId: found.id }]
    if (tenant.creation.products !== 'ask') return []
    const draft = newProductOf(one, one.readings, tenant.creation, tenant.currency ?? undefined)
    const identity = identityOf(draft)
    const same = [...stored, ...wanted].find((wish) => wish.identity === identity)
    const id = same?.id ?? Math.min(0, ...[...stored, ...wanted].map((wish) => wish.id)) - 1
    const named = { tenantId: scope.tenant, id, record: draft.record, draft, identity }
    if (!same)
      wanted.push({ ...named, ...{ state: 'wanted', madeId: null, madeAt: null, createdBy: us, createdAt: at } })
    return [{ ...stamp, sku, term, productId: id }]
  })
}
