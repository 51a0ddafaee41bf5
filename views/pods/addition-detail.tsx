import { FromTo, Money, When } from '#views/numbers.tsx'
import type { AdditionLine } from './addition-lines.tsx'
import { type BehindLine, LinesBehind } from './lines-behind.tsx'
import { WhoIsIn } from './who-is-in.tsx'

export interface AdditionDetailProps {
  quantity: string
  lessIncluded: string
  toBill: string
  effectiveOn?: string
  cancelledOn?: string
  billCustomer: string
  /** Absent: the member may not see money. */
  money?: { currency: string; price?: string; cost?: string }
  zone: string
  people: readonly { mapping: string; account: string }[]
  /** The invoice lines it was written for, and where they are downloaded. */
  behind: { path: string; lines: readonly BehindLine[] }
  history: readonly NonNullable<AdditionLine['last']>[]
}

/** An addition's fields by the names ConnectWise gives them (FEATURES P21), who is counted, and what changed it. */
export const AdditionDetail = ({ zone, people, history, money, behind, ...fields }: AdditionDetailProps) => (
  <>
    <dl>
      <dt>Total Quantity</dt>
      <dd>{fields.quantity}</dd>
      <dt>Less Included</dt>
      <dd>{fields.lessIncluded} (taken off before billing)</dd>
      <dt>Quantity to Bill</dt>
      <dd>{fields.toBill}</dd>
      {money?.price !== undefined && (
        <>
          <dt>Unit Price</dt>
          <dd>
            <Money value={money.price} currency={money.currency} />
          </dd>
        </>
      )}
      <dt>Effective Date</dt>
      <dd>{fields.effectiveOn ?? 'none'}</dd>
      <dt>Cancelled Date</dt>
      <dd>{fields.cancelledOn ? `${fields.cancelledOn} (clear it to reactivate)` : 'none: it goes on'}</dd>
      <dt>Bill Customer</dt>
      <dd>{fields.billCustomer}</dd>
    </dl>
    {people.map(({ mapping, account }) => (
      <WhoIsIn mapping={mapping} account={account} />
    ))}
    <LinesBehind {...behind} />
    <History zone={zone} history={history} />
  </>
)

const History = ({ zone, history }: Pick<AdditionDetailProps, 'zone' | 'history'>) =>
  history.length === 0 ? (
    <p class="quiet">TrueUp has not changed it yet.</p>
  ) : (
    <ul class="lines">
      {history.map(({ from, to, at, who }) => (
        <li>
          <span class="change">
            <FromTo from={from} to={to} />
          </span>
          <span class="reason">
            <When at={at} zone={zone} bare /> {who}
          </span>
        </li>
      ))}
    </ul>
  )
