import { monthName } from '#billing/period.ts'
import { Badge, State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Money, Quantity } from '#views/numbers.tsx'
import { GoTo } from '#views/screen.tsx'
import { Pager, Table } from '#views/table.tsx'

/** One addition made of invoice lines, or a line that is not posted yet. */
export interface PodLineView {
  /** Ours. */
  id: string
  name: string
  /** Whose it is, of which offer, charged how. */
  about: string
  state: string
  quantity: string
  /** `YYYY-MM` of the newest line behind it. */
  month: string
  from: string
  /** The last billed day; absent: it bills every cycle. */
  to?: string
  reasons: readonly string[]
  /** Where a pod is about several. */
  agreement?: string
  /** Unit cost and price; absent: there is none, or they may not be seen. */
  cost?: string
  price?: string
  currency?: string
  addition?: number
  /** What there is to read of the addition. */
  detail?: string
  /** How many lines, of all months, it was written for. */
  lines: number
  /** Its row in the grid of invoice lines. */
  open: string
}

export interface InvoiceLinesProps {
  path: string
  counts: { all: number; synced: number; held: number; error: number; open: number; changed: number }
  lines: readonly PodLineView[]
  page: number
  pages: number
}

/** Whether there is anything to post. */
export const isOpen = ({ counts }: InvoiceLinesProps): boolean => counts.open + counts.held + counts.error > 0

/** What invoice lines became here: what needs somebody first (FEATURES X6, P23). */
export const InvoiceLines = ({ path, counts, lines, page, pages }: InvoiceLinesProps) => (
  <section class="card" id="invoice-lines" aria-labelledby="invoice-lines-title">
    <h2 id="invoice-lines-title">Invoice lines</h2>
    <p class="meta">
      <span>{counts.synced === 1 ? '1 addition' : `${counts.synced} additions`} posted</span>
      {counts.open > 0 && <span>{counts.open} not synced</span>}
      {counts.held > 0 && <Badge kind="wait">{counts.held} held</Badge>}
      {counts.error > 0 && <Badge kind="bad">{counts.error} with an error</Badge>}
      {counts.changed > 0 && <Badge kind="wait">{counts.changed} changed at the source</Badge>}
      {path.startsWith('/agreements/') && (
        <GoTo path={path.replace('/agreements/', '/reconciliations/').replace(/\/lines$/, '')}>
          Compare with ConnectWise
        </GoTo>
      )}
    </p>
    <Table caption="Invoice lines" columns={columns}>
      <tbody>{lines.map(PodLineRow)}</tbody>
    </Table>
    <Pager path={path} page={page} pages={pages} target="#invoice-lines" />
  </section>
)

const columns = [{ text: 'Line' }, { text: 'State' }, { text: 'Quantity' }, { text: 'Days, month, and why' }]

const tones: Record<string, string> = { error: 'bad', parked: 'bad', held: 'wait', 'response-error': 'wait' }

const PodLineRow = (line: PodLineView) => (
  <tr class={tones[line.state]}>
    <td class="name">
      {line.name}
      <p class="quiet small">{line.about}</p>
      {line.agreement && <p class="quiet small">{line.agreement}</p>}
    </td>
    <td class="state">
      <State state={line.state} />
    </td>
    <td class="change">
      <Quantity value={line.quantity} />
    </td>
    <td class="reason">
      <p>
        {line.from} → {line.to ?? 'no end'}, {monthName(line.month)}
      </p>
      {line.price !== undefined && (
        <p>
          Price <Money value={line.price} currency={line.currency} />
          {line.cost !== undefined && (
            <>
              , cost <Money value={line.cost} currency={line.currency} />
            </>
          )}
        </p>
      )}
      {line.reasons.map((text) => (
        <p>{text}</p>
      ))}
      {line.detail ? (
        <details {...hx({ get: line.detail, trigger: 'toggle once', target: 'find div', swap: 'innerHTML' })}>
          <summary>
            Addition {line.addition}: {line.lines === 1 ? '1 line' : `${line.lines} lines`} behind it
          </summary>
          <div />
        </details>
      ) : (
        <GoTo path={line.open}>Open the line</GoTo>
      )}
    </td>
  </tr>
)
