import type { CreationPolicy } from './creation.ts'
import { compare, type Decimal, decimal, decimalsOf } from './decimal.ts'
import type { Product } from './existing.ts'
import type { Reading } from './reading.ts'
import type { NewProduct } from './record.ts'

/**
 * The product that stands for a SKU already: the one whose Integration Cross Reference is exactly it, else the one whose
 * Product ID is, whatever its case (FEATURES S4, M24). Several are a question, never a guess.
 */
export function productOfSku(products: readonly Product[], sku: string): Product | 'several' | undefined {
  const usable = products.filter(({ inactive, productClass }) => !inactive && productClass !== 'Bundle')
  const referring = usable.filter(({ crossReference }) => crossReference === sku)
  const called = usable.filter(({ identifier }) => identifier.toLowerCase() === sku.toLowerCase())
  const found = referring.length > 0 ? referring : called
  return found.length > 1 ? 'several' : found[0]
}

/** The product to be made for a SKU, with the fields of FEATURES Q6; what settings do not name is 0, and asked for. */
export function newProductOf(
  { sku, title }: { sku: string; title: string | null },
  readings: readonly Pick<Reading, 'unitCost' | 'unitPrice' | 'currency'>[],
  policy: CreationPolicy,
  currency: string | undefined,
): NewProduct {
  const isOurs = readings.every((reading) => reading.currency === currency)
  const cost = isOurs ? common(readings.map(({ unitCost }) => unitCost)) : undefined
  const price = isOurs ? common(readings.map(({ unitPrice }) => unitPrice)) : undefined
  return {
    record: 'product',
    identifier: sku,
    description: (title ?? sku).slice(0, 60).trim(),
    categoryId: policy.productCategoryId ?? 0,
    subcategoryId: policy.productSubcategoryId ?? 0,
    typeId: policy.productTypeId ?? 0,
    ...(policy.productUnitId === undefined ? {} : { unitOfMeasureId: policy.productUnitId }),
    ...(cost === undefined ? {} : { cost }),
    ...(price === undefined ? {} : { price }),
    ...(sku.length > 50 ? {} : { crossReference: sku }),
  }
}

/** An amount that all of them state; one that is not stated, or not by all, is not known. */
function common(amounts: readonly (Decimal | undefined)[]): Decimal | undefined {
  const [first] = amounts
  if (first === undefined || decimalsOf(first) > 4) return undefined
  return amounts.every((amount) => amount !== undefined && compare(amount, first) === 0) ? decimal(first) : undefined
}
