import { readsKey } from '#billing/mapping.ts'
import type { Read } from '#billing/reading.ts'
import { plainRule } from '#billing/rule.ts'
import type { Scope } from '#db/db.ts'
import type { AccountKey, MappingRow } from '#db/mappings.ts'
import { listSkuProducts, type SkuProduct } from '#db/sku-products.ts'
import type { Source } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { keyText, newestWords } from './newest-words.ts'

/** Where an account's SKUs are billed. */
export interface Placed extends AccountKey {
  companyId: number
  agreementId: number
  include: boolean
}

export const readOfSku = ({ sku, term }: Pick<SkuProduct, 'sku' | 'term'>): Read =>
  term === '' ? { sku } : { sku, term }

/**
 * The mappings that products chosen for SKUs make of these accounts: one per account and SKU it uses (FEATURES 2). What is
 * mapped already stays as it is.
 */
export async function skuMappings(
  deps: Deps,
  scope: Scope,
  { source, member, known }: { source: Source; member: string; known: readonly MappingRow[] },
  accounts: readonly Placed[],
): Promise<MappingRow[]> {
  const chosen = (await listSkuProducts(scope)).filter(({ sourceId }) => sourceId === source.id)
  if (chosen.length === 0) return []
  const words = await newestWords(scope, [source], accounts)
  const taken = new Set(known.map((row) => `${keyText(row)} ${row.readsKey}`))
  return accounts.flatMap((account) => {
    const used = new Set((words.get(keyText(account))?.readings ?? []).map(({ name, term }) => `${name} ${term ?? ''}`))
    return chosen
      .filter(({ sku, term }) => used.has(`${sku} ${term}`))
      .filter((product) => !taken.has(`${keyText(account)} ${readsKey([readOfSku(product)])}`))
      .map((product) => newMapping(deps, scope, { source, member }, account, product))
  })
}

function newMapping(
  deps: Deps,
  { tenant }: Scope,
  { source, member }: { source: Source; member: string },
  { account, companyId, agreementId, include }: Placed,
  product: SkuProduct,
): MappingRow {
  const at = deps.now()
  const reads = [readOfSku(product)]
  return {
    ...{ id: deps.id(), tenantId: tenant, sourceId: source.id, account, reads, readsKey: readsKey(reads) },
    ...{ targetKey: `product:${product.productId}`, companyId, agreementId, additionId: null },
    ...{ productId: product.productId, leaveAlone: [], include },
    ...{ rule: plainRule, followsSource: true },
    ...{ parkedReason: null, parkedAt: null, confirmedTarget: null, confirmedRule: null },
    ...{ createdAt: at, updatedAt: at, updatedBy: member },
  }
}
