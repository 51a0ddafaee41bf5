import { Announce, Empty, Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo } from '#views/screen.tsx'
import { Pager, Table } from '#views/table.tsx'
import type { AccountLine, Place, Said } from './line.ts'
import { AccountRow } from './row.tsx'
import { Several } from './several.tsx'

export interface AccountsProps {
  lines: readonly AccountLine[]
  /** Whether the viewer may read every company that accounts are of. */
  isWhole: boolean
  total: number
  page: number
  pages: number
  zone: string
  acts: boolean
  query: { search: string; status: string; source: string; sort: string; months: number; company?: number | undefined }
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

const pathOf = ({ search, status, source, sort, months, company }: AccountsProps['query']): string =>
  `/mappings/accounts?${new URLSearchParams({ search, status, source, sort, months: String(months), company: company === undefined ? '' : String(company) })}`
