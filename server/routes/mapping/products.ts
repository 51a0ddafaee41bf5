import * as z from 'zod'
import { findNewestLoaded } from '#db/offers.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { recordOrWanted } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { chooseSkuProduct } from '#sync/mapping/sku-products.ts'
import { wantAgain } from '#sync/records/want-again.ts'
import type { Said } from '#views/mapping/line.ts'
import { ProductsScreen, SkuAnswer } from '#views/mapping/products.tsx'
import { mostMonths, productLines } from './product-lines.ts'

const windows = z.object({ months: z.coerce.number().int().min(1).max(mostMonths).catch(1).default(1) })

/** `GET /mappings/products`: every SKU and offer and what it is billed as (V19, M12). */
export const getProducts = () => async (c: Ask) =>
  fragment(c, ProductsScreen, await productsOf(c.get('viewer'), readQuery(c, windows).months))

/** What the screen of SKUs and offers shows. */
export const productsOf = async (viewer: Viewer, months = mostMonths) => ({
  standing: standingOf(viewer),
  zone: viewer.tenant.zone,
  lines: await productLines(viewer, months),
  months,
  hasLines: (await findNewestLoaded(viewer.scope)) !== undefined,
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
    const line = (await productLines(viewer, mostMonths)).find(
      (one) => one.source === source && one.sku === sku && one.term === term,
    )
    if (!line) throw new Problem('not_found', 'No source names this SKU or offer.')
    return fragment(c, SkuAnswer, { line, zone: viewer.tenant.zone, acts: true, said }, status)
  }
  try {
    const productId = product === null ? null : await wantAgain(deps, viewer.scope, viewer.member, product)
    const { mapped, placed } = await chooseSkuProduct(deps, viewer.scope, viewer.member, { ...key, seen, productId })
    const followers = [
      ...(placed > 0 ? [placed === 1 ? '1 invoice line follows' : `${placed} invoice lines follow`] : []),
      ...(mapped > 0 || placed === 0 ? [mapped === 1 ? '1 account follows' : `${mapped} accounts follow`] : []),
    ]
    return await answer({ saved: { text: `Saved. ${followers.join(', ')} at the next sync.`, undo: 0 }, before: seen })
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    const status = problem.kind === 'conflict' ? 409 : problem.kind === 'unreachable' ? 503 : 422
    return answer({ refused: problem.message }, status)
  }
}
