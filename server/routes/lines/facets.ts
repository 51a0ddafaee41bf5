import type { listLineFacets } from '#db/lines-page.ts'
import { listProducts } from '#db/mirror.ts'
import { presentIds } from '#routes/readable.ts'
import type { Viewer } from '#session/viewer.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import type { LinesScreenProps } from '#views/lines/lines.tsx'

type Facet = Awaited<ReturnType<typeof listLineFacets>>[number]

/** What a month's lines can be filtered by, each choice by its name. */
export async function facetsOf({ scope }: Viewer, found: readonly Facet[]): Promise<LinesScreenProps['facets']> {
  const ids = presentIds(found.map(({ productId }) => productId))
  const products = [...(await listProducts(scope, ids)), ...(await listStandIns(scope, ids)).products]
  const names = new Map(products.map(({ id, identifier }) => [id, identifier]))
  return {
    account: choices(found, ({ sourceId, account, name }) => [JSON.stringify([sourceId, account]), name ?? account]),
    charge: choices(found, ({ chargeName }) => [chargeName, chargeName]),
    product: choices(found, ({ productId: id }) => id !== null && [String(id), names.get(id) ?? `Product ${id}`]),
    currency: choices(found, ({ currency }) => currency !== null && [currency, currency]),
  }
}

function choices(found: readonly Facet[], of: (facet: Facet) => readonly [string, string] | false) {
  const texts = new Map(found.flatMap((facet) => [of(facet)].filter((choice) => choice !== false)))
  return [...texts].map(([value, text]) => ({ value, text })).sort((a, b) => (a.text < b.text ? -1 : 1))
}
