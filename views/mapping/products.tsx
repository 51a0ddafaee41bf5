import { State, ToBeMade } from '#views/badge.tsx'
import { Combobox } from '#views/combobox.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Empty } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { HubScreen, type Standing } from '#views/screen.tsx'
import { Table } from '#views/table.tsx'
import type { Said } from './line.ts'
import { MappingTabs } from './mapping.tsx'

/** A SKU and term of a source, and the product it is billed as. */
export interface SkuLine {
  id: string
  source: string
  sourceName: string
  sku: string
  term: string
  title: string
  accounts: number
  seenAt: number
  product?: { id: number; name: string; detail: string; toBeMade?: true }
  /** Whether the settings let a product be made for it. */
  mayMake: boolean
}

interface ProductsProps {
  standing: Standing
  zone: string
  lines: readonly SkuLine[]
  acts: boolean
  /** The row in which something was just done elsewhere, by its id. */
  opened?: { id: string; said: SaidOfSku }
}

type SaidOfSku = Said & { before?: number | null }

/** Hub › Mapping › Products. */
export const ProductsScreen = ({ standing, zone, lines, acts, opened }: ProductsProps) => (
  <HubScreen standing={standing} place="/mappings" title="Mapping: products">
    <MappingTabs current="/mappings/products" />
    {!acts && <p class="quiet">Choosing products needs the role finance.</p>}
    {lines.length === 0 ? (
      <Empty kind="mapping" title="No SKU yet">
        <p>
          Sources that state usage name their SKUs with their first snapshot. Counts are mapped under Organizations.
        </p>
      </Empty>
    ) : (
      <Table caption="SKUs and what they are billed as" columns={columns}>
        <tbody>
          {lines.map((line) => (
            <SkuRow line={line} zone={zone} acts={acts} {...(line.id === opened?.id ? { said: opened.said } : {})} />
          ))}
        </tbody>
      </Table>
    )}
  </HubScreen>
)

const columns = [
  { text: 'SKU' },
  { text: 'Accounts', number: true },
  { text: 'Last seen', room: 1 as const },
  { text: 'Product' },
  { text: 'Status' },
]

interface RowProps {
  line: SkuLine
  zone: string
  acts: boolean
  said?: SaidOfSku
}

const SkuRow = ({ line, zone, acts, said }: RowProps) => (
  <tr id={line.id}>
    <th scope="row" class="name">
      <b>{line.sku}</b>
      <p class="quiet small">{[line.title, line.term || 'no term', line.sourceName].filter(Boolean).join(' · ')}</p>
    </th>
    <td class="number">{line.accounts}</td>
    <td class="room-1">
      <When at={line.seenAt} zone={zone} bare />
    </td>
    <td>{acts ? <ProductPicker line={line} /> : (line.product?.name ?? <span class="quiet">none</span>)}</td>
    <td class="state">
      <State state={line.product ? 'mapped' : 'unmapped'} />
      {said?.refused && <p class="error">✕ Not saved. {said.refused}</p>}
      {said?.saved && (
        <p>
          ✓ {said.saved.text} <Again line={line} product={said.before ?? null} text="Undo" />
        </p>
      )}
    </td>
  </tr>
)

/** A SKU's row alone, as the answer to a pick in it. */
export const SkuAnswer = (props: RowProps) => (
  <>
    <SkuRow {...props} />
    {props.said && <Announce>{props.said.refused ?? props.said.saved?.text ?? ''}</Announce>}
  </>
)

const asked = ({ source, sku, term, product }: SkuLine): Record<string, string> => ({
  source,
  sku,
  term,
  seen: product ? String(product.id) : '',
})

const ProductPicker = ({ line }: { line: SkuLine }) => (
  <>
    <Combobox
      id={`${line.id}-product`}
      label={`Product of ${line.sku} ${line.term}`}
      bare
      name="product"
      source="/pickers/products"
      value={line.product ? String(line.product.id) : ''}
      text={line.product?.name ?? ''}
      placeholder="Search products"
      save={hx({ post: '/mappings/products', target: `#${line.id}`, swap: 'outerHTML', vals: asked(line) })}
    />
    {line.product && (
      <p class="quiet small">
        {line.product.detail} {line.product.toBeMade && <ToBeMade />} <Again line={line} product={null} text="Unmap" />
      </p>
    )}
    {!line.product && line.mayMake && <CreateProduct line={line} />}
  </>
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

const Again = ({ line, product, text }: { line: SkuLine; product: number | null; text: string }) => (
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
