import { Announce, Empty, Notice } from '#views/notice.tsx'
import { type Column, Pager, Table } from '#views/table.tsx'
import { type LineQuery, type LineView, linesPath } from './line.ts'
import { LineRow } from './row.tsx'
import { Several } from './several.tsx'
import { type Total, Totals } from './totals.tsx'

export interface LinesProps {
  lines: readonly LineView[]
  /** `November 2026`. */
  monthName: string
  /** Whether anything was ever loaded for the month. */
  isLoaded: boolean
  total: number
  page: number
  pages: number
  totals: readonly Total[]
  /** Whether the viewer may read every company and agreement that the month's lines are of. */
  isWhole: boolean
  acts: boolean
  seesMoney: boolean
  zone: string
  query: LineQuery
  /** What was just done. */
  said?: string
  /** Nothing is said aloud: something else just was. */
  isQuiet?: boolean
}

/** The list below the filters: what it adds up to, what can be done to several, the rows, the pages. */
export const LinesPart = (props: LinesProps) => {
  const { lines, total, acts, seesMoney, zone, query, page, pages } = props
  return (
    <>
      <input type="hidden" id="lines-sort" name="sort" value={query.sort} />
      {props.said && <Notice kind="good" title={props.said} />}
      {!props.isWhole && (
        <p class="quiet">
          Lines of companies and agreements that you may not read in ConnectWise are neither shown nor counted.
        </p>
      )}
      {total === 0 ? (
        <NothingHere {...props} />
      ) : (
        <>
          <Totals totals={props.totals} seesMoney={seesMoney} />
          {acts && <Several total={total} />}
          <Table caption={`Invoice lines of ${props.monthName}`} columns={columns(props)}>
            {lines.map((line) => (
              <LineRow {...{ line, acts, seesMoney, zone }} />
            ))}
          </Table>
          <Pager path={linesPath('/lines/rows', query)} page={page} pages={pages} target="#lines" />
        </>
      )}
      {!props.isQuiet && <Announce>{props.said ?? (total === 1 ? '1 line found.' : `${total} lines found.`)}</Announce>}
    </>
  )
}

type Sorted = Omit<Column, 'sort'> & { by?: string }

function columns({ acts, seesMoney, query }: LinesProps): Column[] {
  const all: Sorted[] = [
    ...(acts ? [{ text: 'Select', hidden: true }] : []),
    { text: 'Organization, company', by: 'organization' },
    { text: 'Offer', by: 'offer' },
    { text: 'Start', by: 'start', room: 3 },
    { text: 'End', by: 'end', room: 3 },
    { text: 'Charge type', by: 'charge', room: 1 },
    { text: 'Quantity', by: 'quantity', number: true },
    ...(seesMoney ? money : []),
    { text: 'Currency', by: 'currency', room: 2 },
    { text: 'Product', by: 'product' },
    { text: 'Agreement, next invoice', by: 'agreement', room: 1 },
    { text: 'Mapping', by: 'mapping' },
    { text: 'Status', by: 'status' },
    { text: 'Open', hidden: true },
  ]
  return all.map(({ by, ...column }) => (by === undefined ? column : { ...column, sort: sortOf(by, query) }))
}

const money: Sorted[] = [
  { text: 'Cost', by: 'cost', number: true, room: 3 },
  { text: 'Revenue', by: 'revenue', number: true, room: 1 },
]

/** Pressed again, a column is listed from its other end. */
function sortOf(by: string, query: LineQuery): NonNullable<Column['sort']> {
  const next = query.sort === by ? `-${by}` : by
  const path = linesPath('/lines/rows', query, { sort: next })
  if (query.sort === by) return { path, target: '#lines', now: 'ascending' }
  return query.sort === `-${by}` ? { path, target: '#lines', now: 'descending' } : { path, target: '#lines' }
}

const NothingHere = ({ isLoaded, monthName, query, acts }: LinesProps) => {
  if (!isLoaded)
    return (
      <Empty kind="mapping" title={`No lines stored for ${monthName}`}>
        <p>{acts ? 'Load invoices asks the source for them, or takes what it sent.' : 'Nobody loaded any.'}</p>
      </Empty>
    )
  const { account, status, mapping, charge, product, currency, search } = query
  if (![account, status, mapping, charge, product, currency, search].some((said) => said !== ''))
    return <Empty title={`No lines of ${monthName} that you may read in ConnectWise`} />
  return (
    <Empty title="Nothing matches">
      <p>Change or clear the search and the filters.</p>
    </Empty>
  )
}
