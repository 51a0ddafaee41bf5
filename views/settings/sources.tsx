import { monthName } from '#billing/period.ts'
import { ToBeMade } from '#views/badge.tsx'
import { Combobox } from '#views/combobox.tsx'
import { SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Empty, Notice } from '#views/notice.tsx'
import { GoTo, type Standing } from '#views/screen.tsx'
import { SettingsScreen } from './settings.tsx'

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

export interface SourcesProps {
  sources: readonly SourceLine[]
  /** Where the platform sends its snapshots. */
  address: string
  /** Shown this once. */
  token?: { source: string; token: string; month: string; takenAt: string }
  error?: string
  typed?: string
  kind?: string
  /** What a picker just saved. */
  saved?: string
}

export const SourcesScreen = ({ standing, ...sources }: { standing: Standing } & SourcesProps) => (
  <SettingsScreen standing={standing} at="/settings/sources">
    <SourcesSection {...sources} />
  </SettingsScreen>
)

/** The platforms that say what was delivered, with the age of what they said. */
export const SourcesSection = ({ sources, address, token, error, typed, kind, saved }: SourcesProps) => (
  <section class="card" id="sources" aria-labelledby="sources-title">
    <h2 id="sources-title">Sources</h2>
    {saved && <Announce>{saved}</Announce>}
    {token && <Token {...token} address={address} />}
    {sources.length === 0 ? (
      <Empty kind="connection" title="No source yet.">
        <p>A source is the platform that knows how many users or subscriptions each customer has.</p>
      </Empty>
    ) : (
      <ul class="lines">
        {sources.map((source) => (
          <Source {...source} />
        ))}
      </ul>
    )}
    <form {...hx({ post: '/settings/sources', target: '#sources', swap: 'outerHTML' })}>
      <h3>Add a source</h3>
      <SelectField label="How its numbers come" name="kind" value={kind ?? 'push'} choices={ways} />
      <TextField
        label="Name"
        name="name"
        required
        hint="As your people call the platform"
        value={typed ?? ''}
        {...(error ? { error } : {})}
      />
      <div class="actions">
        <button type="submit">Add source</button>
        <GoTo path="/settings/platform">Or a platform whose API TrueUp asks</GoTo>
      </div>
    </form>
  </section>
)

const ways = [
  { value: 'push', text: 'The platform pushes them, with a token' },
  { value: 'csv', text: 'People upload files (CSV)' },
]

const Source = ({ id, name, kind, newestAt, accounts, complete, product, mayMake, asked, refused }: SourceLine) => (
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

/** The token with a line to try it; nobody can show it again. */
const Token = ({
  source,
  token,
  address,
  month,
  takenAt,
}: NonNullable<SourcesProps['token']> & { address: string }) => {
  const body = {
    kind: 'counts',
    period: month,
    takenAt,
    complete: false,
    accounts: [{ id: 'A-1', name: 'Example Ltd', counts: [{ metric: 'users', quantity: 1 }] }],
  }
  return (
    <Notice kind="good" title={`The token of ${source}, shown only now:`}>
      <code class="selectable">{token}</code>
      <p>The platform sends its counts with it. To try it on a command line:</p>
      <pre class="selectable">
        {`curl ${address} \\\n  -H 'Authorization: Bearer ${token}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body)}'`}
      </pre>
      <Announce>A token was made; copy it now.</Announce>
    </Notice>
  )
}
