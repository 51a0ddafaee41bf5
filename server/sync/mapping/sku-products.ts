import { readsKey } from '#billing/mapping.ts'
import { overlap } from '#billing/overlap.ts'
import { productRefusal } from '#billing/target.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { deleteMappings, type MappingRow, saveMappings } from '#db/mappings.ts'
import { saveProducts } from '#db/mirror.ts'
import { deleteSkuProduct, listSkuProducts, saveSkuProduct } from '#db/sku-products.ts'
import { findSource, type Source } from '#db/sources.ts'
import { withdrawUnnamed } from '#db/unnamed.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import { refuse } from './place-account.ts'
import { mapAllSkus, readOfSku, skuMappingsOf } from './sku-mappings.ts'

export interface SkuChoice {
  sourceId: string
  sku: string
  /** Empty where the source states none. */
  term: string
  /** null: no product any more. */
  productId: number | null
  /** The product the row was drawn with; another one now means that somebody was faster. */
  seen: number | null
}

/**
 * Saves what a SKU and term, or an offer and billing cycle, is billed as: invoice lines that are not posted follow, and
 * every account that uses the SKU and has an agreement is mapped (V19). Mappings to the
 * product before follow: what was written stays, and the first write to the new product waits (M19, G6).
 */
export async function chooseSkuProduct(
  deps: Deps,
  scope: Scope,
  member: string,
  choice: SkuChoice,
): Promise<{ mapped: number; placed: number }> {
  const { sourceId, sku, term, productId, seen } = choice
  const source = await findSource(scope, sourceId)
  if (!source) throw new Problem('not_found', 'This source is not connected any more.')
  const before = (await listSkuProducts(scope)).find((row) => isSame(row, choice))?.productId ?? null
  if (before !== seen)
    throw new Problem('conflict', 'Somebody chose another product meanwhile. It is shown as it is now.')
  const mirrored = productId === null ? [] : await checked(deps, scope, productId)
  const at = deps.now()
  const row = productId === null ? undefined : { sourceId, sku, term, productId, updatedAt: at, updatedBy: member }
  const { follow, end } = await followers(scope, source, choice, before, { updatedAt: at, updatedBy: member })
  await saveWithEntry(
    scope,
    [
      ...mirrored,
      ...(row ? saveSkuProduct(scope, row) : [deleteSkuProduct(scope, sourceId, sku, term)]),
      ...saveMappings(scope, follow),
      deleteMappings(scope, end),
      ...withdrawUnnamed(scope, before === null ? [] : [before]),
    ],
    { at, event: 'mapped', body: { what: 'product', member, sourceId, sku, term, before, after: productId } },
  )
  const made = productId === null ? 0 : await mapAllSkus(deps, scope, source, member)
  return { mapped: made + follow.length, placed: await placeAnew(scope, { sourceId, offer: sku }) }
}

const isSame = (a: Pick<SkuChoice, 'sourceId' | 'sku' | 'term'>, b: Pick<SkuChoice, 'sourceId' | 'sku' | 'term'>) =>
  a.sourceId === b.sourceId && a.sku === b.sku && a.term === b.term

async function checked(deps: Deps, scope: Scope, productId: number): Promise<Statement[]> {
  const read = await (await deps.connectWise(scope)).listProducts([productId])
  const [product] = [...read, ...(await listStandIns(scope, [productId])).products]
  const refusal = productRefusal(product, productId)
  refuse(refusal === undefined ? [] : [refusal])
  return saveProducts(scope, read, deps.now())
}

/**
 * Mappings the choice before made: they go to the new product, or end with the choice, and where another row writes the same
 * there already.
 */
async function followers(
  scope: Scope,
  source: Source,
  { sku, term, productId }: SkuChoice,
  before: number | null,
  stamp: Pick<MappingRow, 'updatedAt' | 'updatedBy'>,
): Promise<{ follow: MappingRow[]; end: string[] }> {
  if (before === null) return { follow: [], end: [] }
  const read = readOfSku({ sku, term })
  const key = readsKey([read])
  const all = await skuMappingsOf(scope, source)
  const made = all.filter((mapping) => mapping.readsKey === key && mapping.targetKey === `product:${before}`)
  if (productId === null) return { follow: [], end: made.map(({ id }) => id) }
  const anew = { productId, targetKey: `product:${productId}`, additionId: null, parkedReason: null, parkedAt: null }
  const isThere = ({ account, agreementId }: MappingRow) =>
    all.some(
      (other) =>
        other.account === account &&
        other.agreementId === agreementId &&
        other.targetKey === anew.targetKey &&
        other.reads.some((one) => overlap(one, read)),
    )
  const follow = made.filter((mapping) => !isThere(mapping)).map((mapping) => ({ ...mapping, ...anew, ...stamp }))
  return { follow, end: made.filter(isThere).map(({ id }) => id) }
}
