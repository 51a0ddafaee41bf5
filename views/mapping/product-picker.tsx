import { ToBeMade } from '#views/badge.tsx'
import { Combobox } from '#views/combobox.tsx'
import { hx } from '#views/hx.ts'

/** A SKU and term of a source, or an offer and billing cycle, and the product it is billed as. */
export interface SkuLine {
  id: string
  source: string
  sourceName: string
  sku: string
  term: string
  title: string
  accounts: number
  /** When a snapshot last named it. */
  seenAt?: number
  /** Of an offer: its invoice lines in the months looked at, and the last of these. */
  offer?: { lines: number; lastMonth: string }
  product?: ProductOfLine
  /** Of a billing cycle without a product of its own: the one of every billing cycle. */
  whole?: ProductOfLine
  /** The product of the catalogue whose cross reference, else Product ID, it is (M24). */
  suggestion?: ProductOfLine
  /** Whether the settings let a product be made for it. */
  mayMake: boolean
}

interface ProductOfLine {
  id: number
  name: string
  detail: string
  toBeMade?: true
}

const asked = ({ source, sku, term, product }: SkuLine): Record<string, string> => ({
  source,
  sku,
  term,
  seen: product ? String(product.id) : '',
})

/** The product, saved the moment it is picked; what stands for it in the catalogue is suggested (M4, M13, M24). */
export const ProductPicker = ({ line }: { line: SkuLine }) => (
  <>
    <Combobox
      id={`${line.id}-product`}
      label={`Product of ${line.sku} ${line.term}`}
      bare
      name="product"
      source={`/pickers/products?${new URLSearchParams({ offer: line.sku })}`}
      value={line.product ? String(line.product.id) : ''}
      text={line.product?.name ?? ''}
      placeholder={line.whole ? 'another product for this cycle' : 'Search products'}
      save={hx({ post: '/mappings/products', target: `#${line.id}`, swap: 'outerHTML', vals: asked(line) })}
    />
    {line.product && (
      <p class="quiet small">
        {line.product.detail} {line.product.toBeMade && <ToBeMade />} <Again line={line} product={null} text="Unmap" />
      </p>
    )}
    {line.suggestion && <Suggested line={line} suggestion={line.suggestion} />}
    {!line.product && !line.whole && line.mayMake && <CreateProduct line={line} />}
  </>
)

const Suggested = ({ line, suggestion }: { line: SkuLine; suggestion: ProductOfLine }) => (
  <p>
    <span class="badge changed">
      <span aria-hidden="true">✦</span> Suggested
    </span>{' '}
    {suggestion.name}{' '}
    <span class="quiet small">
      {suggestion.detail}: it stands for {line.sku} in the catalogue
    </span>{' '}
    <Again line={line} product={suggestion.id} text="Accept" />
  </p>
)

const CreateProduct = ({ line: { id, source, sku, term } }: { line: SkuLine }) => (
  <button
    type="button"
    class="link"
    id={`${id}-create`}
    {...hx({
      get: `/creations/product?${new URLSearchParams({ source, sku, term })}`,
      target: '#main',
      swap: 'innerHTML',
    })}
  >
    Create product…<span class="visually-hidden"> for {sku}</span>
  </button>
)

/** The same row with another product, or none. */
export const Again = ({ line, product, text }: { line: SkuLine; product: number | null; text: string }) => (
  <button
    type="button"
    class="link"
    id={`${line.id}-${text.toLowerCase()}`}
    {...hx({
      post: '/mappings/products',
      target: `#${line.id}`,
      swap: 'outerHTML',
      vals: { ...asked(line), product: product === null ? '' : String(product) },
    })}
  >
    {text}
    <span class="visually-hidden"> {line.sku}</span>
  </button>
)
