import { identityOf, recordWords } from '#billing/creation.ts'
import type { Product } from '#billing/existing.ts'
import type { Mapping } from '#billing/mapping.ts'
import type { Reading } from '#billing/reading.ts'
import type { NewProduct } from '#billing/record.ts'
import { newProductOf, productOfSku } from '#billing/sku-product.ts'
import { listPlaced } from '#db/accounts.ts'
import { listProductsOfSkus } from '#db/catalogue.ts'
import { addCreation, type Creation, listCreations, saveDraft } from '#db/creations.ts'
import { type Scope, save } from '#db/db.ts'
import { resolveCreation } from '#db/end-creation.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { addLogs } from '#db/logs.ts'
import { listSkuProducts, listSkus, type SkuProduct, type SkuSeen, saveSkuProduct } from '#db/sku-products.ts'
import { listSources, type Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import type { About } from '#sync/asked.ts'
import { newestSnapshots, newestWords } from '#sync/sources/newest-words.ts'
import { listAllProducts } from './catalogue.ts'
import { loadAsked } from './mappings.ts'
import { mapAllSkus } from './sku-mappings.ts'

const catalogueAgeMs = 20 * 3_600_000
/** Who chose what nobody chose by hand. */
export const us = 'TrueUp'

export interface SkuWork {
  deps: Deps
  scope: Scope
  tenant: Tenant
}

/** A SKU nobody chose a product for, and what included accounts say of it. */
interface NewSku extends Pick<SkuSeen, 'sku' | 'term' | 'title'> {
  readings: readonly Reading[]
}

/**
 * Sources whose switch *products* is on: each SKU that included accounts use becomes a product, one that stands for it in
 * the catalogue already, else one that is wanted from now on; accounts that use it are mapped to it (FEATURES S4). A run
 * about single mappings leaves that to the others. Returns what the run is about: `asked`, and what was mapped now.
 */
export async function mapNewSkus(work: SkuWork, run: About, asked: readonly Mapping[]): Promise<readonly Mapping[]> {
  let mapped = 0
  for (const source of await listProductSources(work.scope, run)) {
    const skus = await listNewSkus(work, source)
    if (skus.length > 0) await chooseProducts(work, source, skus)
    mapped += await mapAllSkus(work.deps, work.scope, source, us)
  }
  return mapped > 0 ? loadAsked(work.scope, run) : asked
}

/** The sources of a run whose SKUs become products. */
export async function listProductSources(scope: Scope, run: About): Promise<Source[]> {
  if (run.mappings !== null) return []
  const isAsked = ({ id, data }: Source) => data.products && (run.sourceId === null || run.sourceId === id)
  return (await listSources(scope)).filter(isAsked)
}

/** Chosen by hand, or there: what only we want is looked at again, because it may exist by now. */
const isSettled = ({ productId, updatedBy }: SkuProduct): boolean => productId > 0 || updatedBy !== us

export async function listNewSkus({ scope }: SkuWork, source: Source): Promise<NewSku[]> {
  const placed = (await listPlaced(scope, source.id)).filter(({ include, companyId }) => include && companyId !== null)
  if (placed.length === 0) return []
  const chosen = (await listSkuProducts(scope)).filter(({ sourceId }) => sourceId === source.id).filter(isSettled)
  const isChosen = (seen: SkuSeen) => chosen.some(({ sku, term }) => sku === seen.sku && term === seen.term)
  const seen = await Promise.all((await newestSnapshots(scope, source.id)).map(({ id }) => listSkus(scope, id)))
  const all = [...new Map(seen.flat().map((one) => [`${one.sku} ${one.term}`, one])).values()]
  const words = await newestWords(scope, [source], placed)
  const readings = [...words.values()].flatMap((word) => word.readings).filter(({ kind }) => kind === 'sku')
  return all
    .filter((one) => !isChosen(one))
    .map((one) => ({
      ...one,
      readings: readings.filter(({ name, term = '' }) => name === one.sku && term === one.term),
    }))
    .filter((one) => one.readings.length > 0)
}

/** Products of the catalogue that may stand for these SKUs; our copy of it is read again when it is old. */
export async function productsFor({ deps, scope, tenant }: SkuWork, skus: readonly NewSku[]): Promise<Product[]> {
  if (deps.now() - (tenant.productsListedAt ?? 0) >= catalogueAgeMs) await listAllProducts(deps, scope)
  return listProductsOfSkus(
    scope,
    skus.map(({ sku }) => sku),
  )
}

async function chooseProducts(work: SkuWork, source: Source, skus: readonly NewSku[]): Promise<void> {
  const { scope, tenant } = work
  const products = await productsFor(work, skus)
  const wanted = new Map((await listCreations(scope)).map((creation) => [creation.identity, creation]))
  for (const sku of skus) {
    const draft = newProductOf(sku, sku.readings, tenant.creation, tenant.currency ?? undefined)
    const creation = wanted.get(identityOf(draft))
    const found = productOfSku(products, sku.sku)
    if (found === 'several') await tellSeveral(work, source, sku)
    else if (found) await adopt(work, source, sku, found, creation)
    else if (tenant.creation.products === 'ask') await want(work, source, sku, draft, creation)
  }
}

async function adopt({ deps, scope }: SkuWork, source: Source, sku: NewSku, product: Product, creation?: Creation) {
  const at = deps.now()
  const body = { ...chosenBody(source, sku), after: product.id }
  const resolved = creation ? resolveCreation(scope, creation, product.id, at) : []
  await saveWithEntry(scope, [...resolved, ...chosen(scope, source, sku, product.id, at)], {
    at,
    event: 'mapped',
    body,
  })
}

/** What settings say by now counts for a product that nobody wanted by hand; one by hand stays as it was typed. */
async function want(work: SkuWork, source: Source, sku: NewSku, draft: NewProduct, creation?: Creation): Promise<void> {
  const { deps, scope } = work
  const at = deps.now()
  const identity = identityOf(draft)
  if (creation?.createdBy === us && JSON.stringify(creation.draft) !== JSON.stringify(draft))
    await save(scope.db, [saveDraft(scope, creation.id, { draft, identity })])
  const wanted = { record: 'product' as const, draft, identity, createdBy: us, createdAt: at }
  const body = { what: `${recordWords(draft)} is wanted`, member: us, draft }
  if (!creation) await saveWithEntry(scope, addCreation(scope, wanted), { at, event: 'wanted', body })
  const now = creation ?? (await listCreations(scope)).find((one) => one.identity === identity)
  if (now) await save(scope.db, chosen(scope, source, sku, now.id, at))
}

const chosenBody = ({ id }: Source, { sku, term }: NewSku) => ({
  ...{ what: 'product', member: us, sourceId: id, sku, term, before: null },
})

const chosen = (scope: Scope, { id: sourceId }: Source, { sku, term }: NewSku, productId: number, at: number) =>
  saveSkuProduct(scope, { sourceId, sku, term, productId, updatedAt: at, updatedBy: us })

async function tellSeveral({ deps, scope }: SkuWork, source: Source, { sku }: NewSku): Promise<void> {
  const text = `${source.name}: several products of the catalogue stand for ${sku}: choose one on Products.`
  const entry = { id: `several-${source.id}-${sku}`, at: deps.now(), level: 'warning' as const, event: 'sku.several' }
  await save(scope.db, addLogs(scope, [{ ...entry, text, sourceId: source.id }]))
}
