import { State } from '#views/badge.tsx'
import { SelectField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Empty } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { RecipeOf } from '#views/recipe.tsx'
import { HubScreen, type Standing } from '#views/screen.tsx'
import { Table } from '#views/table.tsx'
import type { Said } from './line.ts'
import { MappingTabs } from './mapping.tsx'
import { Again, ProductPicker, type SkuLine } from './product-picker.tsx'

interface ProductsProps {
  standing: Standing
  zone: string
  lines: readonly SkuLine[]
  /** How many loaded months offers are shown of, and whether any was loaded. */
  months: number
  hasLines: boolean
  acts: boolean
  /** The row in which something was just done elsewhere, by its id. */
  opened?: { id: string; said: SaidOfSku }
}

type SaidOfSku = Said & { before?: number | null }

/** Hub › Mapping › Products. */
export const ProductsScreen = ({ standing, zone, lines, months, hasLines, acts, opened }: ProductsProps) => (
  <HubScreen standing={standing} place="/mappings" title="Mapping: products">
    <MappingTabs current="/mappings/products" />
    {!acts && <p class="quiet">Choosing products needs the role finance.</p>}
    {hasLines && <Window months={months} />}
    {lines.length === 0 ? (
      <Empty kind="mapping" title="No SKU or offer yet">
        <p>
          Sources that state usage name their SKUs with their first snapshot, invoice lines their offers once they are
          loaded. Counts are mapped under Organizations.
        </p>
      </Empty>
    ) : (
      <Table caption="SKUs and offers and what they are billed as" columns={columns}>
        <tbody>
          {lines.map((line) => (
            <SkuRow line={line} zone={zone} acts={acts} {...(line.id === opened?.id ? { said: opened.said } : {})} />
          ))}
        </tbody>
      </Table>
    )}
    <RecipeOf name="product" />
  </HubScreen>
)

/** M12: only offers invoiced in these months are listed. */
const Window = ({ months }: { months: number }) => (
  <form
    class="toolbar"
    {...hx({ get: '/mappings/products', target: '#main', swap: 'innerHTML', trigger: 'submit, change' })}
  >
    <SelectField
      label="Offers invoiced in"
      name="months"
      value={String(months)}
      choices={[1, 2, 3, ...(months > 3 ? [months] : [])].map((count) => ({
        value: String(count),
        text: count === 1 ? 'the last month loaded' : `the last ${count} months`,
      }))}
    />
    <button type="submit">Load products</button>
  </form>
)

const columns = [
  { text: 'SKU or offer' },
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
      <p class="quiet small">{[line.title, termOf(line), line.sourceName].filter(Boolean).join(' · ')}</p>
    </th>
    <td class="number">
      {line.accounts}
      {line.offer && (
        <p class="quiet small">
          {line.offer.lines} {line.offer.lines === 1 ? 'line' : 'lines'}
        </p>
      )}
    </td>
    <td class="room-1">
      {line.offer?.lastMonth}
      {line.seenAt !== undefined && <When at={line.seenAt} zone={zone} bare />}
    </td>
    <td>
      {acts ? <ProductPicker line={line} /> : line.product?.name}
      {!acts && !line.product && !line.whole && <span class="quiet">none</span>}
      {line.whole && <p class="quiet small">{line.whole.name}, as every billing cycle</p>}
    </td>
    <td class="state">
      <State state={line.product || line.whole ? 'mapped' : 'unmapped'} />
      {said?.refused && <p class="error">✕ Not saved. {said.refused}</p>}
      {said?.saved && (
        <p>
          ✓ {said.saved.text} <Again line={line} product={said.before ?? null} text="Undo" />
        </p>
      )}
    </td>
  </tr>
)

const termOf = ({ term, offer }: SkuLine): string => term || (offer ? 'every billing cycle' : 'no term')

/** A SKU's row alone, as the answer to a pick in it. */
export const SkuAnswer = (props: RowProps) => (
  <>
    <SkuRow {...props} />
    {props.said && <Announce>{props.said.refused ?? props.said.saved?.text ?? ''}</Announce>}
  </>
)
