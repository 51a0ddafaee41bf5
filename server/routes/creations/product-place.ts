import * as z from 'zod'
import { readWords } from '#billing/mapping.ts'
import { listSources } from '#db/sources.ts'
import { readsAsked } from '#routes/mapping/picks.ts'
import { productsOf } from '#routes/mapping/products.ts'
import type { Ask } from '#routes/route.ts'
import { editorOf } from '#routes/settings/editor.ts'
import { sourcesOf } from '#routes/settings/sources.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { includesRole } from '#session/viewer.ts'
import { chooseSkuProduct } from '#sync/mapping/sku-products.ts'
import { chooseTarget } from '#sync/mapping/target-account.ts'
import { changeSource } from '#sync/sources/sources.ts'
import { ProductsScreen } from '#views/mapping/products.tsx'
import { SourcesScreen } from '#views/settings/sources.tsx'
import { creationProps, placedAnswer, readPlace } from './place.ts'

const optional = (most: number) => z.string().max(most).optional()

/** Where a product is missing: in an account's row, for a SKU of a source, or for a source as a whole (S9). */
export const askedForProduct = z.object({
  source: z.string().max(100),
  ...{ account: optional(200), version: optional(4000), mapping: optional(40), reads: optional(2000) },
  ...{ sku: optional(100), term: optional(100) },
})

type Asked = z.output<typeof askedForProduct>

/** The place a product is made for, and how it is chosen there: the answer is what is there then, with what was done. */
export interface ProductPlace {
  purpose: string
  asked: Record<string, string>
  back: string
  /** What the product would be called. */
  seed: { name: string; title: string }
  choose(id: number): Promise<(text: string) => Promise<Response>>
}

/** Throws a Problem when there is no such place, or the viewer may not see it. */
export function readProductPlace(deps: Deps, c: Ask, asked: Asked): Promise<ProductPlace> {
  const { sku, account } = asked
  if (sku !== undefined) return forSku(deps, c, { ...asked, sku })
  return account === undefined ? forSource(deps, c, asked) : inRow(deps, c, { ...asked, account })
}

async function inRow(deps: Deps, c: Ask, asked: Asked & { account: string }): Promise<ProductPlace> {
  const viewer = c.get('viewer')
  const { mapping, reads: said } = asked
  const place = await readPlace(deps, viewer, asked)
  const props = creationProps(viewer, 'product', place)
  const before = place.account.state.mappings.find(({ id }) => id === mapping)
  const reads = (await readsAsked(viewer, place.key, asked)) ?? before?.reads ?? []
  const [read] = reads
  return {
    ...props,
    asked: {
      ...props.asked,
      ...(mapping === undefined ? {} : { mapping }),
      ...(said === undefined ? {} : { reads: said }),
    },
    seed:
      read && 'sku' in read
        ? { name: read.sku, title: '' }
        : { name: '', title: read ? `${place.source.name} ${readWords(read)}` : '' },
    async choose(id) {
      const saved = await chooseTarget(deps, viewer.scope, place.asked, {
        target: { product: id },
        ...(mapping === undefined ? { reads } : { mapping }),
      })
      return async (text) => placedAnswer(deps, c, place, `${text} The first write waits for a person.`, saved)
    },
  }
}

async function forSku(deps: Deps, c: Ask, { source, sku, term = '' }: Asked & { sku: string }): Promise<ProductPlace> {
  const viewer = c.get('viewer')
  const { lines } = await productsOf(viewer)
  const line = lines.find((one) => one.source === source && one.sku === sku && one.term === term)
  if (!line) throw new Problem('not_found', 'No source names this SKU.')
  const seen = line.product?.id ?? null
  return {
    purpose: [line.sku, line.term].filter(Boolean).join(' '),
    asked: { source, sku, term },
    back: '/mappings/products',
    seed: { name: line.sku, title: line.title },
    async choose(productId) {
      const key = { sourceId: source, sku, term }
      await chooseSkuProduct(deps, viewer.scope, viewer.member, { ...key, seen, productId })
      const said = (text: string) => ({ saved: { text, undo: 0 }, before: seen })
      return async (text) =>
        fragment(c, ProductsScreen, { ...(await productsOf(viewer)), opened: { id: line.id, said: said(text) } })
    },
  }
}

/** The one product a whole source is billed as is an administrator's choice (S9). */
async function forSource(deps: Deps, c: Ask, { source: id }: Asked): Promise<ProductPlace> {
  const viewer = c.get('viewer')
  if (!includesRole(viewer.role, 'admin'))
    throw new Problem('forbidden', 'This needs the role admin: it is the product of a whole source.')
  const editor = editorOf(deps, c)
  const source = (await listSources(viewer.scope)).find((one) => one.id === id)
  if (!source) throw new Problem('not_found', 'There is no such source.')
  return {
    purpose: source.name,
    asked: { source: id },
    back: '/settings/sources',
    seed: { name: '', title: source.name },
    async choose(productId) {
      const { name, billingPeriod, data } = source
      await changeSource(editor, source, { name, billingPeriod, data, productId })
      return async (text) =>
        fragment(c, SourcesScreen, { standing: standingOf(viewer), ...(await sourcesOf(editor)), saved: text })
    },
  }
}
