import { hx } from '#views/hx.ts'
import { Empty } from '#views/notice.tsx'
import { GoTo } from '#views/screen.tsx'
import { Pager } from '#views/table.tsx'
import { type AdditionLine, AdditionLines } from './addition-lines.tsx'
import { Health, type HealthProps } from './health.tsx'
import { InvoiceLines, type InvoiceLinesProps, isOpen } from './invoice-lines.tsx'
import { Pod, type PodProps } from './pod.tsx'
import { type ListLine, UserLists } from './user-lists.tsx'

export interface AgreementProps {
  id: number
  pod: PodProps
  lines: readonly AdditionLine[]
  /** Of cost and price; absent: the member may not see them. */
  currency?: string
  page: number
  pages: number
  /** What invoice lines became here. */
  invoiceLines: InvoiceLinesProps
  /** How many additions nobody mapped. */
  unmapped: number
  health?: HealthProps
  /** Lists of users that hang on it or should. */
  lists?: readonly ListLine[]
}

/** The Agreement pod and tab (FEATURES 8.3). */
export const AgreementPod = (props: AgreementProps) => {
  const { id, pod, lines, currency, page, pages, unmapped, health, invoiceLines, lists = [] } = props
  const isPosted = invoiceLines.counts.all > 0
  const isMapped = lines.some(({ under }) => !under)
  const map = pod.company && `/mappings?company=${pod.company.id}`
  return (
    <Pod
      pod={pod}
      {...(isMapped || isOpen(invoiceLines) ? { run: { agreement: String(id) } } : {})}
      {...(map ? { map } : {})}
    >
      <button type="button" class="back to-company" data-back>
        <span aria-hidden="true">‹</span> Back to the company
      </button>
      {!isMapped && !isPosted && (
        <Empty kind="mapping" title="No account is mapped to this agreement.">
          {map && pod.standing.role !== 'technician' && <GoTo path={map}>Map an account</GoTo>}
        </Empty>
      )}
      {lines.length > 0 && (
        <AdditionLines
          caption={`Additions of ${pod.title}`}
          lines={lines}
          zone={pod.zone}
          {...(currency === undefined ? {} : { currency })}
        />
      )}
      <Pager path={pod.path} page={page} pages={pages} target="#main" />
      {isPosted && <InvoiceLines {...invoiceLines} />}
      {unmapped > 0 && <Unmapped path={`${pod.path}/additions`} count={unmapped} open={!isMapped && !isPosted} />}
      {lists.length > 0 && <UserLists lists={lists} zone={pod.zone} />}
      {health && <Health {...health} />}
    </Pod>
  )
}

/** Quietly at the end: read when it is opened, and at once where nothing else is there to see. */
const Unmapped = ({ path, count, open }: { path: string; count: number; open: boolean }) => (
  <details
    class="card"
    open={open}
    {...hx({ get: path, trigger: open ? 'load' : 'toggle once', target: '#unmapped', swap: 'innerHTML' })}
  >
    <summary>{count === 1 ? '1 addition is' : `${count} additions are`} not mapped</summary>
    <div id="unmapped" />
  </details>
)

export interface UnmappedProps extends Pick<AgreementProps, 'lines' | 'currency' | 'page' | 'pages'> {
  path: string
  zone: string
}

export const UnmappedAdditions = ({ path, page, pages, ...lines }: UnmappedProps) => (
  <>
    <AdditionLines caption="Additions that are not mapped" {...lines} />
    <Pager path={path} page={page} pages={pages} target="#unmapped" />
  </>
)
