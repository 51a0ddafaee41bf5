import { z } from 'zod'
import { isToBeMade } from '#billing/record.ts'
import { listProducts } from '#db/mirror.ts'
import { listSkuProducts, listSkus, type SkuProduct, type SkuSeen } from '#db/sku-products.ts'
import { listSources, type Source } from '#db/sources.ts'
import { readForm } from '#routes/form.ts'
import { rowId } from '#routes/pods/account-lines.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { chooseSkuProduct } from '#sync/mapping/sku-products.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import { wantAgain } from '#sync/records/want-again.ts'
import { newestSnapshots } from '#sync/sources/newest-words.ts'
import type { Said } from '#views/mapping/line.ts'
import { ProductsScreen, SkuAnswer, type SkuLine } from '#views/mapping/products.tsx'

/** `GET /mappings/products`: every SKU and term the newest snapshots name, and what it is billed as (V19). */
export const getProducts = () => async (c: Ask) => fragment(c, ProductsScreen, await productsOf(c.get('viewer')))

/** What the screen of SKUs shows. */
export const productsOf = async (viewer: Viewer) => ({
  standing: standingOf(viewer),
  zone: viewer.tenant.zone,
  lines: await skuLines(viewer),
  acts: includesRole(viewer.role, 'finance'),
})

const optionalId = z.union([z.literal('').transform(() => null), recordOrWanted])

const pick = z.object({
  source: z.string().max(100),
  sku: z.string().max(100),
  term: z.string().max(100),
  seen: optionalId,
  product: optionalId,
})

/** `POST /mappings/products`: saves the product of a SKU at once; the answer is its row (M4). */
export const postProduct = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { source, sku, term, seen, product } = await readForm(c, pick)
  const key = { sourceId: source, sku, term }
  const answer = async (said: Said & { before?: number | null }, status: 200 | 409 | 422 | 503 = 200) => {
    const line = (await skuLines(viewer)).find((one) => one.source === source && one.sku === sku && one.term === term)
    if (!line) throw new Problem('not_found', 'No source names this SKU.')
    return fragment(c, SkuAnswer, { line, zone: viewer.tenant.zone, acts: true, said }, status)
  }
  try {
    const productId = product === null ? null : await wantAgain(deps, viewer.scope, viewer.member, product)
    const { mapped } = await chooseSkuProduct(deps, viewer.scope, viewer.member, { ...key, seen, productId })
    const text = `Saved. ${mapped === 1 ? '1 account follows' : `${mapped} accounts follow`} at the next sync.`
    return await answer({ saved: { text, undo: 0 }, before: seen })
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    const status = problem.kind === 'conflict' ? 409 : problem.kind === 'unreachable' ? 503 : 422
    return answer({ refused: problem.message }, status)
  }
}

async function skuLines({ scope, tenant }: Viewer): Promise<SkuLine[]> {
  const [sources, chosen] = await Promise.all([listSources(scope), listSkuProducts(scope)])
  const ids = [...new Set(chosen.map(({ productId }) => productId))]
  const named = [...(await listProducts(scope, ids)), ...(await listStandIns(scope, ids)).products]
  const products = new Map(named.map((product) => [product.id, product]))
  const seen = await Promise.all(sources.map(async (source) => ({ source, skus: await skusOf(scope, source) })))
  return seen.flatMap(({ source, skus }) =>
    skus.map(({ sku, term, title, accounts, seenAt }) => {
      const product = chosen.find((row) => row.sourceId === source.id && row.sku === sku && row.term === term)
      return {
        id: `s${rowId({ sourceId: source.id, account: `${sku} ${term}` })}`,
        ...{ source: source.id, sourceName: source.name, sku, term, title: title ?? '', accounts, seenAt },
        ...(product ? { product: productLine(product, products.get(product.productId)) } : {}),
        mayMake: tenant.creation.products !== 'off',
      }
    }),
  )
}

const productLine = ({ productId }: SkuProduct, product: { identifier: string; description: string } | undefined) => ({
  id: productId,
  name: product?.identifier ?? `Product ${productId}`,
  detail: product?.description ?? '',
  ...(isToBeMade(productId) ? { toBeMade: true as const } : {}),
})

/** Of the newest snapshot, and of the newest complete one where that names more. */
async function skusOf(scope: Viewer['scope'], { id }: Source): Promise<(SkuSeen & { seenAt: number })[]> {
  const found = new Map<string, SkuSeen & { seenAt: number }>()
  for (const snapshot of await newestSnapshots(scope, id))
    for (const seen of await listSkus(scope, snapshot.id))
      found.set(JSON.stringify([seen.sku, seen.term]), { ...seen, seenAt: snapshot.takenAt })
  return [...found.values()]
}
