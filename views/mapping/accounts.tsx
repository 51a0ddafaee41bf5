import { hx } from '#views/hx.ts'
import { Announce, Empty, Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo } from '#views/screen.tsx'
import { Pager, Table } from '#views/table.tsx'
import type { AccountLine, Place, Said } from './line.ts'
import { AccountRow } from './row.tsx'

export interface AccountsProps {
  lines: readonly AccountLine[]
  /** Whether the viewer may read every company that accounts are of. */
  isWhole: boolean
  total: number
  page: number
  pages: number
  zone: string
  acts: boolean
  query: { search: string; status: string; source: string; sort: string; company?: number | undefined }
  /** The company the list was opened for. */
  company?: Place
  /** The suggestions there are, where they were asked for; the digest names exactly these. */
  suggested: { count: number; digest: string }
  /** When companies were last listed from ConnectWise (M26). */
  listedAt?: number
  /** What was just done. */
  said?: string
  /** The row in which something was just done elsewhere, by its id. */
  opened?: { id: string; said: Said }
  /** What of it failed, row by row. */
  failures?: readonly string[]
}

/** The list of accounts below the filters: what can be done to several, the rows, the pages. */
export const AccountsPart = (props: AccountsProps) => (
  <>
    <Happened {...props} />
    {props.company && (
      <p>
        Accounts of {props.company.name}
        {props.acts && ', then those without a company'}. <GoTo path="/mappings">Show every account</GoTo>
      </p>
    )}
    <p class="meta">
      <span>{countOf(props)}</span>
      {props.acts && (
        <span>
          {props.listedAt === undefined ? (
            'companies not listed from ConnectWise yet'
          ) : (
            <>
              companies as of <When at={props.listedAt} zone={props.zone} />
            </>
          )}
        </span>
      )}
      {!props.isWhole && (
        <span>accounts of companies that you may not read in ConnectWise are neither shown nor counted</span>
      )}
    </p>
    {props.acts && props.lines.length > 0 && <Several {...props} />}
    {props.lines.length === 0 ? <NothingHere {...props} /> : <Rows {...props} />}
    <Pager path={pathOf(props.query)} page={props.page} pages={props.pages} target="#accounts" />
    {props.said && <Announce>{props.said}</Announce>}
    {props.opened?.said.saved && <Announce>{props.opened.said.saved.text}</Announce>}
  </>
)

const Happened = ({ said, failures = [] }: AccountsProps) => (
  <>
    {said && (
      <Notice kind={failures.length > 0 ? 'warning' : 'good'} title={said}>
        {failures.length > 0 && (
          <ul>
            {failures.map((failure) => (
              <li>{failure}</li>
            ))}
          </ul>
        )}
      </Notice>
    )}
  </>
)

const countOf = ({ total, query }: AccountsProps): string => {
  const what = total === 1 ? '1 account' : `${total} accounts`
  return query.status === 'suggested' ? `${what} with a suggestion` : what
}

const columns = (acts: boolean) => [
  ...(acts ? [{ text: 'Select', hidden: true }] : []),
  { text: 'Account' },
  { text: 'Number', number: true },
  { text: 'Company' },
  { text: 'Agreement › addition' },
  { text: 'Include' },
  { text: 'Status' },
  ...(acts ? [{ text: 'Edit', hidden: true }] : []),
]

const Rows = ({ lines, acts, zone, opened }: AccountsProps) => (
  <Table caption="Accounts and what they are mapped to" columns={columns(acts)}>
    <tbody>
      {lines.map((line) => (
        <AccountRow
          line={line}
          zone={zone}
          acts={acts}
          edit={line.id === opened?.id || (line.status === 'unmapped' && !line.suggestion)}
          {...(line.id === opened?.id ? { said: opened.said } : {})}
        />
      ))}
    </tbody>
  </Table>
)

const NothingHere = ({ query, acts }: AccountsProps) => {
  if (query.status === 'suggested')
    return (
      <Empty title="No suggestion">
        <p>No account without a company is clearly a company's namesake. Ties and doubts give none: pick by hand.</p>
      </Empty>
    )
  if (query.search || query.status || query.source || query.company)
    return (
      <Empty title="Nothing matches">
        <p>Change or clear the search and the filters.</p>
      </Empty>
    )
  return (
    <Empty kind="mapping" title="No accounts yet">
      <p>
        {acts
          ? 'A source lists its accounts with its first snapshot.'
          : 'No account is mapped to a company that you may read in ConnectWise.'}
      </p>
    </Empty>
  )
}

/** What is done to many rows at once: first it is counted, then asked (M17). */
const Several = ({ query, total, suggested }: AccountsProps) => (
  <div class="toolbar" id="several">
    {query.status === 'suggested' ? (
      <button
        type="button"
        {...hx({
          post: '/mappings/suggestions',
          target: '#accounts',
          swap: 'innerHTML',
          include: '#filters',
          vals: { digest: suggested.digest },
          confirm: `Accept all ${suggested.count} suggestions? Their companies are saved; agreement and addition are chosen next, and include stays off.`,
        })}
      >
        Accept all {suggested.count}
      </button>
    ) : (
      <>
        <button
          type="button"
          {...hx({
            post: '/runs',
            target: '#run',
            swap: 'innerHTML',
            include: '#accounts [name=keys]:checked',
            vals: { ticked: 'yes' },
            disable: 'this',
          })}
        >
          Sync ticked
        </button>
        {(['include', 'exclude', 'unmap'] as const).map((action) => (
          <button type="button" {...review({ action, scope: 'ticked' }, '#filters, #accounts [name=keys]:checked')}>
            {labels[action]} ticked…
          </button>
        ))}
        <button type="button" {...review({ action: 'include', scope: 'all' }, '#filters')}>
          Include all {total}…
        </button>
        <button type="button" {...review({ action: 'exclude', scope: 'all' }, '#filters')}>
          Exclude all {total}…
        </button>
      </>
    )}
  </div>
)

const labels = { include: 'Include', exclude: 'Exclude', unmap: 'Unmap' }

const review = (vals: Record<string, string>, include: string) =>
  hx({ post: '/mappings/reviews', target: '#several', swap: 'outerHTML', include, vals })

export interface ReviewProps {
  action: 'include' | 'exclude' | 'unmap'
  /** The accounts as the next form sends them; absent: everything the filters find. */
  keys?: readonly string[]
  count: number
  /** Names exactly these rows, as they are now. */
  digest: string
  /** Other rows were asked about before; nothing was changed. */
  moved?: boolean
}

/** The question before many rows are changed, with their number. */
export const Review = ({ action, keys, count, digest, moved }: ReviewProps) => (
  <div class="toolbar" id="several">
    {moved && <p class="error">The rows are others than you were asked about, so nothing was changed.</p>}
    {count === 0 ? (
      <p>{nothing}</p>
    ) : (
      <>
        <p>{questions[action](count === 1 ? '1 account' : `${count} accounts`)}</p>
        <div id="review">
          {keys?.map((key) => (
            <input type="hidden" name="keys" value={key} />
          ))}
        </div>
        <button
          type="button"
          class="primary"
          {...hx({
            post: '/mappings/bulk',
            target: '#accounts',
            swap: 'innerHTML',
            include: '#filters, #review input',
            vals: { action, scope: keys ? 'ticked' : 'all', digest },
          })}
        >
          {labels[action]} {count}
        </button>
      </>
    )}
    <button
      type="button"
      {...hx({ get: '/mappings/accounts', target: '#accounts', swap: 'innerHTML', include: '#filters' })}
    >
      Cancel
    </button>
    <Announce>
      {moved ? 'Nothing was changed. ' : ''}
      {count === 0 ? nothing : questions[action](String(count))}
    </Announce>
  </div>
)

const nothing = 'There is no row to change.'

const questions: Record<ReviewProps['action'], (what: string) => string> = {
  include: (what) => `Include ${what}? The next sync may write them; a first write waits for a person.`,
  exclude: (what) => `Exclude ${what}? Nothing of them is written any more; what was written stays.`,
  unmap: (what) => `Unmap ${what}? What was written stays in ConnectWise as it is.`,
}

const pathOf = ({ search, status, source, sort, company }: AccountsProps['query']): string =>
  `/mappings/accounts?${new URLSearchParams({ search, status, source, sort, company: company === undefined ? '' : String(company) })}`
