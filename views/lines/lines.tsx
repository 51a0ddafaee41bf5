import { SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { MappingTabs } from '#views/mapping/mapping.tsx'
import { HubScreen, type Standing } from '#views/screen.tsx'
import { ApplyRules } from './apply-rules.tsx'
import { everyFilter } from './line.ts'
import { LoadsPart, type LoadsProps } from './loads.tsx'
import { LinesPart, type LinesProps } from './rows.tsx'

interface Choice {
  value: string
  text: string
}

export interface LinesScreenProps {
  standing: Standing
  part: LinesProps
  loads: LoadsProps
  sources: readonly Choice[]
  /** Months with stored lines, the newest first, and the one that is shown. */
  months: readonly Choice[]
  /** What there is to filter by. */
  facets: Readonly<Record<'account' | 'charge' | 'product' | 'currency', readonly Choice[]>>
}

/** Hub › Mapping › Invoice lines (M15, X16). */
export const LinesScreen = (props: LinesScreenProps) => {
  const { standing, part } = props
  return (
    <HubScreen standing={standing} place="/mappings" title="Mapping: invoice lines" actions={<Actions {...props} />}>
      <MappingTabs current="/lines" />
      {!part.acts && <p class="quiet">Editing and syncing invoice lines needs the role finance.</p>}
      <LoadsPart {...props.loads} />
      <Shown {...props} />
      {part.acts && part.isLoaded && <ApplyRules month={part.query.month} source={part.query.source} />}
      <Filters {...props} />
      <div id="run" {...hx({ ...again, trigger: 'ended from:document', vals: { quiet: 'yes' } })} />
      <section id="lines" aria-label="Invoice lines">
        <LinesPart {...part} />
      </section>
    </HubScreen>
  )
}

/** The same list as it is now. */
const again = { get: '/lines/rows', target: '#lines', swap: 'innerHTML', include: everyFilter } as const

/** X2: all of a source, with what 4.4 ends; what it would do can be seen first. */
const Actions = ({ part: { acts, query } }: LinesScreenProps) =>
  acts && query.source !== '' ? (
    <>
      <button type="button" {...hx({ post: '/dry-runs', ...all(query.source) })}>
        Preview
      </button>
      <button type="button" class="primary" {...hx({ post: '/runs', ...all(query.source) })}>
        Sync invoices
      </button>
    </>
  ) : null

const all = (source: string) => ({
  target: '#run',
  swap: 'innerHTML' as const,
  vals: { source },
  disable: 'this',
})

/** Show picks what is stored; it asks no source for anything (X16). */
const Shown = ({ sources, months, part: { query } }: LinesScreenProps) => (
  <form
    id="lines-shown"
    class="toolbar"
    {...hx({ get: '/lines', target: '#main', swap: 'innerHTML', trigger: 'submit, change', include: '#lines-filters' })}
  >
    <SelectField label="Show period" name="month" value={query.month} choices={months} />
    <SelectField
      label="Source"
      name="source"
      value={query.source}
      choices={sources.length === 1 ? sources : [{ value: '', text: 'Every source' }, ...sources]}
    />
  </form>
)

const statuses = [
  { value: '', text: 'Every status' },
  { value: 'not-synced', text: 'Not Synced' },
  { value: 'held', text: 'Held' },
  { value: 'error', text: 'Error' },
  { value: 'synced', text: 'Synced' },
  { value: 'changed', text: 'Changed since posted' },
  { value: 'left-out', text: 'Left out' },
]

const mappings = [
  { value: '', text: 'Every mapping' },
  { value: 'mapped', text: 'Mapped' },
  { value: 'unmapped', text: 'Unmapped' },
  { value: 'excluded', text: 'Excluded' },
  { value: 'response-error', text: 'Response Error' },
  { value: 'parked', text: 'Parked' },
]

const Filters = ({ facets, part: { query } }: LinesScreenProps) => (
  <form
    id="lines-filters"
    class="toolbar"
    {...hx({
      get: '/lines/rows',
      target: '#lines',
      swap: 'innerHTML',
      trigger: 'submit, change, input changed delay:300ms',
      sync: 'this:replace',
      include: everyFilter,
    })}
  >
    <TextField
      label="Search"
      name="search"
      type="search"
      value={query.search}
      placeholder="Offer, subscription, company"
    />
    <SelectField label="Status" name="status" value={query.status} choices={statuses} />
    <SelectField label="Mapping" name="mapping" value={query.mapping} choices={mappings} />
    <Facet label="Organization" name="account" every="Every organization" {...{ facets, query }} />
    <Facet label="Charge type" name="charge" every="Every charge type" {...{ facets, query }} />
    <Facet label="Product" name="product" every="Every product" {...{ facets, query }} />
    <Facet label="Currency" name="currency" every="Every currency" {...{ facets, query }} />
  </form>
)

const Facet = (props: {
  label: string
  name: keyof LinesScreenProps['facets']
  every: string
  facets: LinesScreenProps['facets']
  query: LinesProps['query']
}) => (
  <SelectField
    label={props.label}
    name={props.name}
    value={props.query[props.name]}
    choices={[{ value: '', text: props.every }, ...props.facets[props.name]]}
  />
)
