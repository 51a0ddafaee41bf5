import { monthName } from '#billing/period.ts'
import { SelectField, TextArea, TextField } from '#views/field.tsx'
import { ErrorSummary, type Errors } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import { GoTo, type Standing } from '#views/screen.tsx'
import { SettingsScreen } from './settings.tsx'

/** What a test of a platform came to; with places where something typed is wrong. */
type Tested = { ok: true; sample: Sample } | { ok: false; cause: string }

interface Sample {
  period: string
  pages: number
  accounts: number
  readings: number
  people: number
  state: string
  first: readonly { id: string; name: string; says: string }[]
}

export interface PlatformProps {
  /** Absent: a new source. */
  id?: string
  typed: Readonly<Record<string, string>>
  errors: Errors
  /** Origins that the operator allows. */
  allowed: readonly string[]
  /** Last four characters of the stored key. */
  secretEnd?: string
  tested?: Tested
}

export const PlatformScreen = ({ standing, ...form }: { standing: Standing } & PlatformProps) => (
  <SettingsScreen standing={standing} at="/settings/sources">
    <PlatformForm {...form} />
  </SettingsScreen>
)

const labels = {
  name: 'Name',
  base: 'Address of its API',
  kind: 'What it tells',
  secret: 'Key',
  header: 'Header of the key (optional)',
  layout: 'Layout of its own (optional)',
}

const kinds = [
  { value: 'counts', text: 'Counts of users' },
  { value: 'usage', text: 'Usage by SKU' },
  { value: 'invoice-lines', text: 'Invoice lines' },
]

/** How a platform is asked; the key is write-only. */
export const PlatformForm = ({ id, typed, errors, allowed, secretEnd, tested }: PlatformProps) => {
  const path = id === undefined ? '/settings/platform' : `/settings/sources/${id}`
  const field = (name: keyof typeof labels) => ({
    name,
    label: labels[name],
    ...(typed[name] === undefined ? {} : { value: typed[name] }),
    ...(errors[name] ? { error: errors[name] } : {}),
  })
  return (
    <section class="card" id="platform" aria-labelledby="platform-title">
      <h2 id="platform-title">{id === undefined ? 'A platform that TrueUp asks' : `How ${typed.name} is asked`}</h2>
      {allowed.length === 0 && (
        <Notice kind="warning" title="No address may be asked yet.">
          <p>The operator of TrueUp allows the origins of platforms in SOURCE_HOSTS.</p>
        </Notice>
      )}
      <form {...hx({ post: id === undefined ? path : `${path}/platform`, target: '#platform', swap: 'outerHTML' })}>
        <ErrorSummary errors={errors} labels={labels} />
        <div class="fields">
          <TextField {...field('name')} required hint="As your people call the platform" />
          <TextField {...field('base')} required hint={`Allowed: ${allowed.join(', ') || 'none yet'}`} />
          <SelectField {...field('kind')} choices={kinds} />
          <TextField
            {...field('secret')}
            value=""
            type="password"
            required={id === undefined}
            hint={keyHint(secretEnd)}
          />
          <TextField {...field('header')} hint="Empty: Authorization: Bearer" />
        </div>
        <OwnLayout field={field('layout')} isOpen={Boolean(typed.layout) || errors.layout !== undefined} />
        <div class="actions">
          <button type="submit" class="primary">
            Save
          </button>
          <button
            type="button"
            {...hx({ post: `${path}/tests`, include: 'closest form', target: '#tested', disable: 'this' })}
          >
            Test connection
          </button>
          <GoTo path="/settings/sources">Back to the sources</GoTo>
        </div>
        <div id="tested" role="status">
          {tested && <SampleResult {...tested} />}
        </div>
      </form>
    </section>
  )
}

interface LayoutField {
  name: string
  label: string
  value?: string
  error?: string
}

/** Where each value stands in the platform's own pages, for one that does not give TrueUp's snapshots. */
const OwnLayout = ({ field, isOpen }: { field: LayoutField; isOpen: boolean }) => (
  <details open={isOpen}>
    <summary>The platform has a layout of its own …</summary>
    <p>
      Without this the platform gives TrueUp’s own snapshots, as{' '}
      <a href="/platform.openapi.json" target="_blank" rel="noopener noreferrer">
        the published contract
      </a>{' '}
      says. Else one setting a line: where each value stands in a page, with [] after what is a list; or a text in
      quotes.
    </p>
    <pre class="selectable">{example}</pre>
    <dl>
      {declarable.map(([what, names]) => (
        <>
          <dt>{what}</dt>
          <dd>{names}</dd>
        </>
      ))}
    </dl>
    <TextArea {...field} value={field.value ?? ''} rows={8} />
  </details>
)

const keyHint = (end: string | undefined): string =>
  end === undefined ? 'From the platform' : `Stored${end === '' ? '' : `, ends in ${end}`}; leave empty to keep it`

const example = `path=/customers?month={period}
paging=page
parameter=page
total=meta.total
account=customers[].id
name=customers[].label
metric="users"
quantity=customers[].seats
person=customers[].users[].id
personName=customers[].users[].name`

const money = 'unitCost, unitPrice, currency'

/** What may be declared, by what it is for. */
const declarable = [
  [
    'Counts',
    `metric, quantity (absent: the people are counted), ${money}, person, personName, personEmail, personServices`,
  ],
  ['Usage', `sku, quantity, title, subscription, term, ${money}`],
  [
    'Invoice lines',
    `id, offer, chargeType, quantity, subscription, subscriptionName, billingCycle, chargeStart, chargeEnd, ${money}, invoice, invoicedOn, custom`,
  ],
  ['The answer itself', 'total and complete (with neither it never lowers), pages, takenAt, period'],
  ['Paging', 'none, link, page (parameter, firstPage) or cursor (parameter, and next: where it stands)'],
] as const

/** Exactly two outcomes (K4): what was read, or why nothing of it can be used. */
export const SampleResult = (tested: Tested) => {
  if (!tested.ok)
    return (
      <Notice kind="error" title="Test is not successful.">
        <p>{tested.cause}</p>
        <p class="quiet">Nothing was stored.</p>
        <Announce>Test is not successful.</Announce>
      </Notice>
    )
  const { period, pages, accounts, readings, people, state, first } = tested.sample
  return (
    <Notice kind="good" title="Test is successful.">
      <p>
        {monthName(period)}: {accounts} accounts, {readings} readings, {people} people on {pages}{' '}
        {pages === 1 ? 'page' : 'pages'}; {state}.
      </p>
      <ul>
        {first.map((account) => (
          <li>
            {account.name} ({account.id}): {account.says}
          </li>
        ))}
      </ul>
      <p class="quiet">Nothing was stored.</p>
      <Announce>Test is successful.</Announce>
    </Notice>
  )
}
