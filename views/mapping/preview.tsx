import type { Forecast, ForecastInvoice, ForecastLine } from '#billing/simulate.ts'
import type { Step } from '#billing/steps.ts'
import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { Money } from '#views/numbers.tsx'

export interface PreviewProps {
  /** How the quantity comes about, or why it is not known. */
  arithmetic: { steps: readonly Step[]; note?: string } | { unknown: string }
  warnings: readonly string[]
  /** Without amounts for who may not see money. */
  forecast?: Forecast
  currency?: string
}

/** What the rule makes of the newest readings; while it is edited, of what is typed (V7, V22). */
export const LivePreview = ({ id, ...preview }: { id: string } & PreviewProps) => (
  <div
    id="preview"
    aria-live="polite"
    {...hx({
      post: `/mappings/${id}/trials`,
      trigger: 'input from:#rule-form delay:300ms, reset from:#rule-form delay:100ms',
      include: '#rule-form',
      target: 'this',
      swap: 'innerHTML',
      sync: 'this:replace',
    })}
  >
    <Preview {...preview} />
  </div>
)

export const Preview = ({ arithmetic, warnings, forecast, currency }: PreviewProps) => (
  <>
    {'unknown' in arithmetic ? (
      <Notice kind="warning" title={`Not known now: ${arithmetic.unknown}`}>
        <p>Unknown is not zero: nothing is written while it is not known.</p>
      </Notice>
    ) : (
      <>
        <dl>
          {arithmetic.steps.map(({ text, value }) => (
            <>
              <dt>{text}</dt>
              <dd class="number">{value}</dd>
            </>
          ))}
        </dl>
        {arithmetic.note && <p class="quiet">{arithmetic.note}</p>}
      </>
    )}
    {warnings.map((text) => (
      <Notice kind="warning" title={text} />
    ))}
    {forecast && <Invoices {...forecast} currency={currency} />}
  </>
)

/** What is typed cannot be tried yet. */
export const PreviewRefused = ({ problems }: { problems: readonly string[] }) => (
  <Notice kind="warning" title="This cannot be tried yet.">
    <ul>
      {problems.map((text) => (
        <li>{text}</li>
      ))}
    </ul>
  </Notice>
)

const Invoices = ({ refusal, waits, invoices, currency }: Forecast & { currency: string | undefined }) => (
  <>
    <h3>The next two invoices</h3>
    {refusal && <Notice kind="info" title={`No dated line: ${refusal}. The quantity changes for whole periods.`} />}
    {waits && <Notice kind="warning" title={`A dated line would wait for a person: ${waits}.`} />}
    {invoices.length > 0 && <p class="hint">If the newest readings stay as they are.</p>}
    {invoices.map((invoice) => (
      <Invoice {...invoice} currency={currency} />
    ))}
  </>
)

const Invoice = ({ on, period, lines, total, currency }: ForecastInvoice & { currency: string | undefined }) => (
  <>
    <h4>
      Invoice of {on}, for {period.from} to {period.to}
    </h4>
    <ul class="lines">
      {lines.map((line) => (
        <Line {...line} currency={currency} />
      ))}
    </ul>
    {total !== undefined && (
      <p>
        Total <Money value={total} currency={currency} />
      </p>
    )}
  </>
)

const Line = ({
  kind,
  quantity,
  from,
  to,
  days,
  ofDays,
  amount,
  currency,
}: ForecastLine & { currency: string | undefined }) => (
  <li>
    <span class="name">
      {kind === 'dated' ? 'Dated line' : 'Standing line'}: {quantity}
    </span>
    {amount !== undefined && (
      <span class="state">
        <Money value={amount} currency={currency} />
      </span>
    )}
    <span class="reason">
      {from} to {to}, {days} of {ofDays} days
    </span>
  </li>
)
