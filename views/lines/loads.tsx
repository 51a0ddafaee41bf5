import { SelectField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'

/** What was sent and loaded of one month of a source. Times are epoch milliseconds. */
export interface LoadedMonth {
  name: string
  sentAt?: number
  loadedAt?: number
  lines?: number
  /** Of the last load by hand. */
  state?: 'waiting' | 'asking' | 'loading' | 'done' | 'failed'
  text?: string
}

interface LoadingSource {
  id: string
  name: string
  /** Its platform is asked; the others send by themselves. */
  isAsked: boolean
  isLoading: boolean
  months: readonly LoadedMonth[]
}

export interface LoadsProps {
  sources: readonly LoadingSource[]
  names: { current: string; previous: string }
  acts: boolean
  zone: string
  /** What was loaded just now, and why it was not. */
  source?: string
  chosen?: string
  refused?: string
}

/** Load fetches what sources say; what is shown is chosen apart (X16, X17). While something is loaded, it asks again. */
export const LoadsPart = (props: LoadsProps) => {
  const { sources, acts, zone, refused } = props
  const isLoading = sources.some((source) => source.isLoading)
  if (sources.length === 0) return <div id="loads" />
  return (
    <div
      id="loads"
      {...(isLoading ? hx({ get: '/lines/loads', trigger: 'every 2s', target: 'this', swap: 'outerHTML' }) : {})}
    >
      {acts && <LoadForm {...props} />}
      {refused && (
        <p class="error">
          <span aria-hidden="true">✕</span> Not loaded. {refused}
        </p>
      )}
      <ul class="plain">
        {sources.map((source) => (
          <Source source={source} zone={zone} />
        ))}
      </ul>
      {refused && <Announce>{refused}</Announce>}
    </div>
  )
}

const LoadForm = ({ sources, names, source, chosen }: LoadsProps) => (
  <form class="toolbar" {...hx({ post: '/lines/loads', target: '#loads', swap: 'outerHTML', disable: 'find button' })}>
    <SelectField
      label="Load of"
      name="source"
      value={source ?? sources[0]?.id ?? ''}
      choices={sources.map(({ id, name }) => ({ value: id, text: name }))}
    />
    <SelectField
      label="Months"
      name="months"
      value={chosen ?? 'current'}
      choices={[
        { value: 'current', text: `Current month, ${names.current}` },
        { value: 'previous', text: `Previous month, ${names.previous}` },
        { value: 'both', text: 'Both' },
      ]}
    />
    <button type="submit">Load invoices</button>
  </form>
)

const Source = ({ source: { name, isAsked, isLoading, months }, zone }: { source: LoadingSource; zone: string }) => (
  <li class="small">
    <b>{name}</b> <span class="quiet">{isAsked ? 'is asked' : 'sends by itself'}</span>
    {isLoading && (
      <span>
        {' '}
        · <span aria-hidden="true">…</span> loading
      </span>
    )}
    {months.map((month) => (
      <Month month={month} zone={zone} />
    ))}
  </li>
)

const Month = ({
  month: { name, sentAt, loadedAt, lines, state, text },
  zone,
}: {
  month: LoadedMonth
  zone: string
}) => (
  <p class="quiet">
    {name}:{' '}
    {sentAt === undefined ? (
      'nothing sent'
    ) : (
      <>
        sent <When at={sentAt} zone={zone} bare />
      </>
    )}
    {loadedAt === undefined ? (
      ', not loaded'
    ) : (
      <>
        , {lines} {lines === 1 ? 'line' : 'lines'} loaded <When at={loadedAt} zone={zone} bare />
      </>
    )}
    {state && state !== 'done' && (
      <span class={state === 'failed' ? 'error' : undefined}>
        {' '}
        · {words[state]}
        {text ? `: ${text}` : ''}
      </span>
    )}
    {state === 'done' && text && `: ${text}`}
  </p>
)

const words = { waiting: 'waits', asking: 'asking the platform', loading: 'loading', failed: '✕ not loaded' }
