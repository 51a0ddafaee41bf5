import { SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { AccountsPart, type AccountsProps } from './accounts.tsx'

export interface MappingProps {
  standing: Standing
  sources: readonly { id: string; name: string; kind: string }[]
  query: AccountsProps['query']
  accounts: AccountsProps
  /** Whether invoice lines were loaded: only who has some is listed then (M10). */
  hasLines: boolean
}

/** Hub › Mapping › Organizations: every account and what it is mapped to. */
export const MappingScreen = ({ standing, sources, query, accounts, hasLines }: MappingProps) => (
  <HubScreen
    standing={standing}
    place="/mappings"
    title="Mapping"
    actions={accounts.acts && <Actions sources={sources} />}
  >
    <MappingTabs current="/mappings" />
    {!accounts.acts && <p class="quiet">Mapping, rules and include need the role finance.</p>}
    <Filters sources={sources} query={query} acts={accounts.acts} hasLines={hasLines} />
    <div id="run" />
    <section id="accounts" aria-label="Organizations">
      <AccountsPart {...accounts} />
    </section>
  </HubScreen>
)

const Actions = ({ sources }: Pick<MappingProps, 'sources'>) => (
  <>
    {sources
      .filter(({ kind }) => kind === 'csv')
      .map(({ id, name }) => (
        <button type="button" {...hx({ get: `/sources/${id}/upload`, target: '#main', swap: 'innerHTML' })}>
          Upload a file of {name}
        </button>
      ))}
    <button type="button" {...hx({ get: '/mappings?status=suggested', target: '#main', swap: 'innerHTML' })}>
      Suggest
    </button>
    <button
      type="button"
      {...hx({
        post: '/mappings/listing',
        target: '#accounts',
        swap: 'innerHTML',
        include: '#filters',
        disable: 'this',
      })}
    >
      Refresh companies
    </button>
  </>
)

/** The way between the three steps of mapping, below what is good to know of all of them (M15, S16). */
export const MappingTabs = ({ current }: { current: '/mappings' | '/mappings/products' | '/lines' }) => (
  <>
    <BestPractice />
    <nav class="tabs" aria-label="Mapping">
      <ul>
        <li>
          <GoTo path="/mappings" current={current === '/mappings'}>
            Organizations
          </GoTo>
        </li>
        <li>
          <GoTo path="/mappings/products" current={current === '/mappings/products'}>
            Products
          </GoTo>
        </li>
        <li>
          <GoTo path="/lines" current={current === '/lines'}>
            Invoice lines
          </GoTo>
        </li>
      </ul>
    </nav>
  </>
)

const BestPractice = () => (
  <details class="card">
    <summary>How to map well</summary>
    <ul>
      <li>Map organizations first, then products, then look at the first plan.</li>
      <li>Load one to three months of a source before you rely on its products.</li>
      <li>Keep organizations current: refresh companies after you have onboarded one.</li>
      <li>Response Error is temporary: wait, refresh, then look at System Information on the dashboard.</li>
      <li>Post after the month's end, when its numbers no longer move.</li>
      <li>Pause the schedule while you map again. Re-mapping never moves what is already written.</li>
      <li>
        Before mapping: the product exists once in the catalogue, and each customer has an active agreement with an
        addition of it.
      </li>
    </ul>
  </details>
)

const statuses = [
  { value: '', text: 'Every status' },
  { value: 'unmapped', text: 'Unmapped' },
  { value: 'mapped', text: 'Mapped' },
  { value: 'excluded', text: 'Excluded' },
  { value: 'parked', text: 'Parked' },
  { value: 'gone', text: 'Not listed any more' },
]

const sorts = [
  { value: 'unmapped', text: 'Unmapped first' },
  { value: 'name', text: 'Account' },
  { value: 'account', text: 'Reference number' },
  { value: 'company', text: 'Company' },
]

const windows = [1, 2, 3, 6, 12, 15].map((months) => ({
  value: String(months),
  text: months === 1 ? 'the last month loaded' : `the last ${months} months`,
}))

const Filters = ({
  sources,
  query,
  acts,
  hasLines,
}: {
  sources: MappingProps['sources']
  query: MappingProps['query']
  acts: boolean
  hasLines: boolean
}) => (
  <form
    id="filters"
    class="toolbar"
    {...hx({
      get: '/mappings/accounts',
      target: '#accounts',
      swap: 'innerHTML',
      trigger: 'submit, change, input changed delay:300ms',
      sync: 'this:replace',
    })}
  >
    <TextField label="Search" name="search" type="search" value={query.search} placeholder="Account or company" />
    <SelectField
      label="Status"
      name="status"
      value={query.status}
      choices={acts ? [...statuses, { value: 'suggested', text: 'Suggested' }] : statuses}
    />
    <SelectField
      label="Source"
      name="source"
      value={query.source}
      choices={[{ value: '', text: 'Every source' }, ...sources.map(({ id, name }) => ({ value: id, text: name }))]}
    />
    {hasLines && <SelectField label="Invoiced in" name="months" value={String(query.months)} choices={windows} />}
    <SelectField label="Order" name="sort" value={query.sort} choices={sorts} />
    {query.company !== undefined && <input type="hidden" name="company" value={String(query.company)} />}
  </form>
)
