import { monthName } from '#billing/period.ts'
import { hx } from '#views/hx.ts'
import { Quantity } from '#views/numbers.tsx'

/** An invoice line that an addition was written for. */
export interface BehindLine {
  id: string
  month: string
  charge: string
  from: string
  to: string | null
  quantity: string
}

/** Who is in this number: the invoice lines behind it, the newest month first (FEATURES V3). */
export const LinesBehind = ({ path, lines }: { path: string; lines: readonly BehindLine[] }) =>
  lines.length === 0 ? null : (
    <>
      <p class="quiet">Invoice lines behind it, the newest first</p>
      <ul class="lines">
        {lines.slice(0, most).map((line) => (
          <li>
            <span class="name">
              {line.id} <span class="quiet">{line.charge}</span>
            </span>
            <span class="change">
              <Quantity value={line.quantity} />
            </span>
            <span class="reason">
              {monthName(line.month)}, {line.from} → {line.to ?? 'no end'}
            </span>
          </li>
        ))}
      </ul>
      {lines.length > most && <p class="quiet">{lines.length - most} more are in the download.</p>}
      <button type="button" data-download="lines.csv" {...hx({ get: path, swap: 'none' })}>
        Download as CSV
      </button>
    </>
  )

const most = 24
