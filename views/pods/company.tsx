import { zonedTimeIn } from '#billing/period.ts'
import { Badge } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import type { Place } from '#views/mapping/line.ts'
import { Empty } from '#views/notice.tsx'
import { Quantity } from '#views/numbers.tsx'
import { PlaceLink } from '#views/place-link.tsx'
import { GoTo } from '#views/screen.tsx'
import { Sparkline } from '#views/sparkline.tsx'
import { type AdditionLine, AdditionLines } from './addition-lines.tsx'
import { AsOf } from './as-of.tsx'
import { Health, type HealthProps } from './health.tsx'
import { InvoiceLines, type InvoiceLinesProps, isOpen } from './invoice-lines.tsx'
import { LastResult, type ResultLine } from './last-result.tsx'
import { Pod, type PodProps } from './pod.tsx'
import { WhoIsIn } from './who-is-in.tsx'

/** What one account's mapping reads, now and over time. */
export interface CountLine {
  source: string
  name: string
  account: string
  /** What is counted: `users`. */
  unit: string
  /** Absent when it is not known; `reason` says why. */
  quantity?: string
  reason?: string
  period: string
  takenAt?: number
  points: readonly { day: string; value: number }[]
  /** The mapping that reads it. */
  mapping: string
}

export interface CompanyAgreement {
  place: Place
  nextInvoiceOn?: string
  /** It no longer exists in ConnectWise, where nobody can be asked who might read it: no more is said of it. */
  gone: boolean
  /** What its health finds wrong. */
  toFix: number
  lines: readonly AdditionLine[]
}

export interface CompanyProps {
  id: number
  pod: PodProps
  counts: readonly CountLine[]
  agreements: readonly CompanyAgreement[]
  /** Agreements that nothing is mapped to. */
  others: readonly { id: number; name: string }[]
  neverRun: boolean
  /** What its invoice lines became. */
  invoiceLines: InvoiceLinesProps
  health?: HealthProps
  /** How the last run ended for it. */
  result?: ResultLine
}

/** Rows of a list here; the rest is on the screen that the list leads to. */
const most = 50

/** The Company pod and tab (FEATURES 8.3). */
export const CompanyPod = (props: CompanyProps) => {
  const { id, pod, counts, agreements, others, neverRun, health, result, invoiceLines } = props
  const isPosted = invoiceLines.counts.all > 0
  return (
    <Pod
      pod={pod}
      {...(counts.length > 0 || isOpen(invoiceLines) ? { run: { company: String(id) } } : {})}
      map={`/mappings?company=${id}`}
    >
      {counts.length === 0 && !isPosted && <NotMapped id={id} role={pod.standing.role} />}
      {neverRun && counts.length > 0 && <NeverRun id={id} pod={pod} />}
      {result && <LastResult result={result} zone={pod.zone} about={pod.title} />}
      {agreements.map((agreement) => (
        <Agreement agreement={agreement} zone={pod.zone} />
      ))}
      {isPosted && <InvoiceLines {...invoiceLines} />}
      {counts.length > 0 && (
        <section class="card" aria-label="Accounts">
          <h2 class="tab-only">Accounts</h2>
          <ul class="lines">
            {counts.slice(0, most).map((line) => (
              <Count line={line} zone={pod.zone} now={pod.now} />
            ))}
          </ul>
          {counts.length > most && <GoTo path={`/mappings?company=${id}`}>All {counts.length} accounts</GoTo>}
        </section>
      )}
      {others.length > 0 && (
        <p class="meta">
          <span>Nothing is mapped to</span>
          {others.map((other) => (
            <GoTo path={`/agreements/${other.id}`}>{other.name}</GoTo>
          ))}
        </p>
      )}
      {health && <Health {...health} />}
    </Pod>
  )
}

const NotMapped = ({ id, role }: { id: number; role: string }) => (
  <Empty kind="mapping" title="No account is mapped to this company.">
    {role !== 'technician' && <GoTo path={`/mappings?company=${id}`}>Map an account</GoTo>}
  </Empty>
)

const NeverRun = ({ id, pod }: { id: number; pod: PodProps }) => (
  <Empty kind="run" title={firstRun(pod)}>
    <button
      type="button"
      {...hx({ post: '/dry-runs', vals: { company: String(id) }, target: '#run', swap: 'innerHTML' })}
    >
      Dry run
    </button>
  </Empty>
)

const firstRun = ({ nextRun }: PodProps): string =>
  nextRun ? `First run ${zonedTimeIn(nextRun.zone, nextRun.at)}.` : 'Nothing has run yet: runs start on demand.'

const Count = ({ line, zone, now }: { line: CountLine; zone: string; now: number }) => (
  <li>
    <span class="name">
      {line.name}{' '}
      <span class="quiet">
        {line.source}, {line.account}
      </span>
    </span>
    <span class="state">
      <Sparkline points={line.points} label={line.unit} />
    </span>
    {line.quantity !== undefined && (
      <span class="change">
        <Quantity value={line.quantity} unit={line.unit} />
      </span>
    )}
    <span class="reason">
      {line.period}
      {line.takenAt !== undefined && (
        <>
          , <AsOf at={line.takenAt} zone={zone} now={now} />
        </>
      )}
      {line.reason && `: ${line.reason}`}
    </span>
    <WhoIsIn mapping={line.mapping} />
  </li>
)

const Agreement = ({ agreement, zone }: { agreement: CompanyAgreement; zone: string }) => (
  <section class="card" aria-labelledby={`agreement-${agreement.place.id}`}>
    <div class="head">
      <h2 id={`agreement-${agreement.place.id}`}>
        <PlaceLink screen="agreement" place={agreement.place} />
      </h2>
      {!agreement.place.toBeMade && (
        <GoTo path={`/agreements/${agreement.place.id}`}>
          {agreement.lines.length > most ? `All ${agreement.lines.length} lines` : 'All additions'}
        </GoTo>
      )}
    </div>
    {agreement.gone ? (
      <p>{agreement.place.name} no longer exists in ConnectWise. Map its accounts to another one.</p>
    ) : (
      <>
        <p class="meta">
          <span>{nextInvoice(agreement)}</span>
          {agreement.toFix > 0 && <Badge kind="wait">{agreement.toFix} to fix</Badge>}
        </p>
        <AdditionLines
          caption={`Additions of ${agreement.place.name}`}
          lines={agreement.lines.slice(0, most)}
          zone={zone}
        />
      </>
    )}
  </section>
)

const nextInvoice = ({ place, nextInvoiceOn }: CompanyAgreement): string => {
  if (place.toBeMade) return 'Nothing is invoiced before it is made'
  return nextInvoiceOn ? `Next invoice ${nextInvoiceOn}` : 'No next invoice date'
}
