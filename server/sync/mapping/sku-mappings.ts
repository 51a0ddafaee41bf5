import { readsKey } from '#billing/mapping.ts'
import { overlap } from '#billing/overlap.ts'
import type { Read } from '#billing/reading.ts'
import { plainRule } from '#billing/rule.ts'
import { listPlaced } from '#db/accounts.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { type AccountKey, listMappingsOf, type MappingRow, saveMappings } from '#db/mappings.ts'
import { listSkuProducts, type SkuProduct } from '#db/sku-products.ts'
import type { Source } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { keyText, newestWords } from '#sync/sources/newest-words.ts'

/** Where an account's SKUs are billed. */
export interface Placed extends AccountKey {
  companyId: number
  agreementId: number
  include: boolean
}

export const readOfSku = ({ sku, term }: Pick<SkuProduct, 'sku' | 'term'>): Read =>
  term === '' ? { sku } : { sku, term }

interface Choosing {
  source: Source
  member: string
  known: readonly MappingRow[]
  /** What counts beside the choices that are stored, and before them. */
  choices?: readonly SkuProduct[]
}

/**
 * The mappings that products chosen for SKUs make of these accounts: one per account and SKU it uses (FEATURES 2). What is
 * mapped already stays as it is.
 */
export async function skuMappings(
  deps: Deps,
  scope: Scope,
  { source, member, known, choices = [] }: Choosing,
  accounts: readonly Placed[],
): Promise<MappingRow[]> {
  const key = ({ sku, term }: SkuProduct) => `${sku} ${term}`
  const stored = (await listSkuProducts(scope)).filter(({ sourceId }) => sourceId === source.id)
  const chosen = [...new Map([...stored, ...choices].map((one) => [key(one), one])).values()]
  if (chosen.length === 0) return []
  const words = await newestWords(scope, [source], accounts)
  const taken = new Map<string, Read[]>()
  for (const row of known) taken.set(keyText(row), [...(taken.get(keyText(row)) ?? []), ...row.reads])
  return accounts.flatMap((account) => {
    const used = new Set((words.get(keyText(account))?.readings ?? []).map(({ name, term }) => `${name} ${term ?? ''}`))
    const read = [...(taken.get(keyText(account)) ?? [])]
    return chosen
      .filter(({ sku, term }) => used.has(`${sku} ${term}`))
      .filter((product) => isAddedTo(read, readOfSku(product)))
      .map((product) => newMapping(deps, scope, { source, member }, account, product))
  })
}

/** Adds it to what is read, unless it or a part of it is read already: that would be billed twice. */
function isAddedTo(reads: Read[], read: Read): boolean {
  const isNew = !reads.some((other) => overlap(other, read))
  if (isNew) reads.push(read)
  return isNew
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

/** The mappings of a source's accounts that have an agreement. */
export async function skuMappingsOf(scope: Scope, { id: sourceId }: Source): Promise<MappingRow[]> {
  const placed = await listPlaced(scope, sourceId)
  return listMappingsOf(scope, { accounts: placed.map(({ account }) => ({ sourceId, account })) })
}

/** The accounts of a source that have an agreement. */
export async function listBilled(scope: Scope, { id: sourceId }: Source): Promise<Placed[]> {
  return (await listPlaced(scope, sourceId)).flatMap(({ account, companyId, agreementId, include }) =>
    companyId === null || agreementId === null ? [] : [{ sourceId, account, companyId, agreementId, include }],
  )
}

/** Maps every account that uses a SKU with a product and has an agreement to it; says how many mappings that made. */
export async function mapAllSkus(deps: Deps, scope: Scope, source: Source, member: string): Promise<number> {
  const placed = await listBilled(scope, source)
  const made = await skuMappings(deps, scope, { source, member, known: await skuMappingsOf(scope, source) }, placed)
  if (made.length === 0) return 0
  const rows = made.map(({ sourceId, account }) => ({ source: sourceId, account }))
  const body = { what: 'skus', member, rows }
  await saveWithEntry(scope, saveMappings(scope, made), { at: deps.now(), event: 'mapped', body })
  return made.length
}
