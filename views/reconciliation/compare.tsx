import { monthName } from '#billing/period.ts'
import { hx } from '#views/hx.ts'
import { Announce, Empty, Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo, HubScreen, RecordLink, type Standing } from '#views/screen.tsx'
import { Pager } from '#views/table.tsx'
import type { PairView } from './line.ts'
import { Pair } from './pair.tsx'
import { ReportForm } from './report.tsx'

export interface CompareProps {
  standing: Standing
  agreement: { id: number; name: string; company: string; href: string }
  months: readonly string[]
  month: string
  pairs: readonly PairView[]
  /** Of all lines of the month. */
  counts: { lines: number; differing: number }
  readAt?: number
  zone: string
  /** The invoice descriptions were read just now. */
  isWhole: boolean
  acts: boolean
  report: { from: string; to: string }
  /** What waits to be moved or ended here. */
  wishes: readonly { additionId: number; text: string }[]
  page: number
  pages: number
  done?: string
}

/** An agreement's invoice lines beside its additions, differences first (Q1, P21). */
export const CompareScreen = (props: CompareProps) => {
  const { agreement, month, pairs, counts, page, pages } = props
  const path = `/reconciliations/${agreement.id}`
  return (
    <HubScreen
      standing={props.standing}
      place="/mappings"
      title={`Reconcile ${agreement.name}`}
      actions={
        <button
          type="button"
          {...hx({ post: `${path}/reading`, target: '#main', swap: 'innerHTML', vals: { month }, disable: 'this' })}
        >
          Refresh
        </button>
      }
    >
      <p class="meta">
        <span>{agreement.company}</span>
        <RecordLink screen="agreement" id={agreement.id} href={agreement.href}>
          Open in ConnectWise
        </RecordLink>
        <GoTo path={`/agreements/${agreement.id}`}>Agreement</GoTo>
        <Age {...props} />
      </p>
      {props.done && <Announce>{props.done}</Announce>}
      <div id="run" />
      <Wishes {...props} path={path} />
      <Months {...props} path={path} />
      {pairs.length === 0 ? (
        <Empty
          kind="search"
          title={
            month === ''
              ? 'No invoice line goes to this agreement.'
              : `No line of ${monthName(month)} goes to this agreement.`
          }
        />
      ) : (
        <Notice kind={counts.differing > 0 ? 'warning' : 'good'} title={sum(counts)}>
          {!props.isWhole && <p>Invoice descriptions are compared after Refresh: it reads them from ConnectWise.</p>}
        </Notice>
      )}
      {pairs.map((pair) => (
        <Pair pair={pair} acts={props.acts} />
      ))}
      <Pager path={`${path}?month=${month}`} page={page} pages={pages} target="#main" />
      <ReportForm path={`${path}/report`} agreement={agreement.name} {...props.report} />
      {props.acts && month !== '' && (
        <button
          type="button"
          data-download={`agreement-${agreement.id}-${month}.csv`}
          {...hx({ get: `${path}/lines.csv?month=${month}`, swap: 'none' })}
        >
          Download lines and additions of {monthName(month)} as CSV
        </button>
      )}
    </HubScreen>
  )
}

const sum = ({ lines, differing }: CompareProps['counts']): string =>
  differing === 0
    ? `${lines === 1 ? 'The line agrees' : `All ${lines} lines agree`} with ConnectWise.`
    : `${differing} of ${lines} ${lines === 1 ? 'line' : 'lines'} to look at.`

const Age = ({ readAt, zone }: CompareProps) => (
  <span>
    {readAt === undefined ? (
      'Not read from ConnectWise yet'
    ) : (
      <>
        as of <When at={readAt} zone={zone} />
      </>
    )}
  </span>
)

const Months = ({ months, month, path }: CompareProps & { path: string }) =>
  months.length < 2 ? null : (
    <nav class="actions" aria-label="Month">
      {months.map((one) => (
        <GoTo path={`${path}?month=${one}`} current={one === month}>
          {monthName(one)}
        </GoTo>
      ))}
    </nav>
  )

const Wishes = ({ wishes, acts, path }: CompareProps & { path: string }) => (
  <>
    {wishes.map(({ additionId, text }) => (
      <Notice kind="info" title={text}>
        {acts && (
          <button
            type="button"
            {...hx({ post: `${path}/withdrawals/${additionId}`, target: '#main', swap: 'innerHTML', disable: 'this' })}
          >
            Withdraw
          </button>
        )}
      </Notice>
    ))}
  </>
)
