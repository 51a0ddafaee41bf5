import { monthName } from '#billing/period.ts'
import { ToBeMade } from '#views/badge.tsx'
import { Combobox } from '#views/combobox.tsx'
import { hx } from '#views/hx.ts'
import { GoTo } from '#views/screen.tsx'

export interface SourceLine {
  id: string
  name: string
  kind: string
  /** In the tenant's zone; absent: nothing came yet. */
  newestAt?: string
  accounts?: number
  /** Whether the newest snapshot was complete. */
  complete?: boolean
  /** The one catalogue product it is billed as (S9). */
  product?: { id: number; name: string; toBeMade?: true }
  /** Whether the settings let one be made for it. */
  mayMake: boolean
  /** Only of platforms that are asked: the months to ask for now, and why the last answer could not be used. */
  asked?: { months: readonly string[]; problem?: { text: string; at: string } }
  /** Why the product that was picked is not kept. */
  refused?: string
}

/** One platform: how old its word is, its product, and what is done with it. */
export const Source = ({
  id,
  name,
  kind,
  newestAt,
  accounts,
  complete,
  product,
  mayMake,
  asked,
  refused,
}: SourceLine) => (
  <li>
    <span class="name">{name}</span>
    <span class="state">
      {newestAt === undefined
        ? 'Nothing received yet'
        : `${accounts} accounts, ${complete ? 'complete' : 'not complete'}, taken ${newestAt}`}
    </span>
    <div class="more">
      <Combobox
        id={`product-${id}`}
        label={`Product of ${name} (optional): pickers offer its additions first`}
        name="productId"
        source="/pickers/products"
        value={product ? String(product.id) : ''}
        text={product?.name ?? ''}
        placeholder="Search the catalogue"
        save={hx({ post: `/settings/sources/${id}/product`, target: '#sources', swap: 'outerHTML' })}
      />
      {refused && <p class="error">{refused}</p>}
      {product?.toBeMade && <ToBeMade />}
      {!product && mayMake && (
        <GoTo path={`/creations/product?${new URLSearchParams({ source: id })}`}>Create a product for {name}…</GoTo>
      )}
      {product && (
        <div class="actions">
          <button
            type="button"
            {...hx({
              post: `/settings/sources/${id}/product`,
              vals: { productId: '' },
              target: '#sources',
              swap: 'outerHTML',
            })}
          >
            No product for {name}
          </button>
        </div>
      )}
      {kind === 'csv' && (
        <div class="actions">
          <GoTo path={`/sources/${id}/upload`}>Upload a file of {name}</GoTo>
        </div>
      )}
      {asked && <AskedPlatform id={id} name={name} {...asked} />}
      {kind === 'push' && <NewToken id={id} name={name} />}
    </div>
  </li>
)

const AskedPlatform = ({
  id,
  name,
  months,
  problem,
}: Pick<SourceLine, 'id' | 'name'> & NonNullable<SourceLine['asked']>) => (
  <>
    {problem && (
      <p class="error">
        Could not be read at {problem.at}: {problem.text} What it said before stands, and nothing of it is written.
      </p>
    )}
    <div class="actions">
      {months.map((month) => (
        <button
          type="button"
          {...hx({
            post: `/settings/sources/${id}/collection`,
            vals: { period: month },
            target: '#sources',
            swap: 'outerHTML',
            disable: 'this',
          })}
        >
          Ask {name} for {monthName(month)} now
        </button>
      ))}
      <GoTo path={`/settings/sources/${id}/platform`}>How {name} is asked</GoTo>
    </div>
  </>
)

const NewToken = ({ id, name }: Pick<SourceLine, 'id' | 'name'>) => (
  <details>
    <summary>New token …</summary>
    <p>The old token stops working at once; give the new one to the platform.</p>
    <button type="button" {...hx({ post: `/settings/sources/${id}/token`, target: '#sources', swap: 'outerHTML' })}>
      Make a new token for {name}
    </button>
  </details>
)
