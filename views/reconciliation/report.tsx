import { TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Money } from '#views/numbers.tsx'
import { Table } from '#views/table.tsx'

/** What ConnectWise's own reconciliation will show for these days, and how to get there (Q5). */
export const ReportForm = ({
  path,
  agreement,
  from,
  to,
}: {
  path: string
  agreement: string
  from: string
  to: string
}) => (
  <section class="card" aria-labelledby="report-title">
    <h2 id="report-title">ConnectWise’s own reconciliation</h2>
    <form {...hx({ get: path, target: '#report', swap: 'innerHTML' })}>
      <div class="fields">
        <TextField label="Start date" name="from" type="date" value={from} required />
        <TextField label="End date" name="to" type="date" value={to} required />
      </div>
      <div class="actions">
        <button type="submit">Show what it will list for {agreement}</button>
      </div>
    </form>
    <div id="report" />
  </section>
)

export interface ReportProps {
  agreement: string
  from: string
  to: string
  lines: readonly {
    id: number
    product: string
    quantity: string
    from?: string
    to?: string
    money?: { unitPrice: string; unitCost: string; price: string; cost: string; margin: string }
  }[]
  /** Absent: the member may not see money. */
  total?: { price: string; cost: string; margin: string; currency: string }
}

/** The additions that bill then, as ConnectWise holds them. */
export const Report = ({ agreement, from, to, lines, total }: ReportProps) => (
  <>
    <p>
      In ConnectWise: Finance › Agreements › {agreement} › Reconciliation, start date {from}, end date {to}, OK.
    </p>
    <Table
      caption={`Additions of ${agreement} that bill from ${from} to ${to}`}
      columns={[
        { text: 'Product' },
        { text: 'Quantity to Bill', number: true },
        { text: 'Effective Date', room: 3 },
        { text: 'Cancelled Date', room: 3 },
        ...(total
          ? [
              { text: 'Unit Price', number: true, room: 2 as const },
              { text: 'Unit Cost', number: true, room: 2 as const },
              { text: 'Extended Price', number: true },
              { text: 'Extended Cost', number: true, room: 1 as const },
              { text: 'Margin', number: true, room: 1 as const },
            ]
          : []),
      ]}
    >
      <tbody>
        {lines.map((line) => (
          <tr>
            <th scope="row">
              {line.product} <span class="quiet small">{line.id}</span>
            </th>
            <td class="number">{line.quantity}</td>
            <td class="room-3">{line.from}</td>
            <td class="room-3">{line.to ?? 'goes on'}</td>
            {line.money && <Amounts {...line.money} />}
          </tr>
        ))}
        {total && (
          <tr>
            <th scope="row">Total in {total.currency}</th>
            <td />
            <td class="room-3" />
            <td class="room-3" />
            <td class="room-2" />
            <td class="room-2" />
            <Sums {...total} />
          </tr>
        )}
      </tbody>
    </Table>
    <p class="quiet small">Whole amounts per billing cycle; ConnectWise prorates parts of a period itself.</p>
  </>
)

const Amounts = ({ unitPrice, unitCost, ...sums }: NonNullable<ReportProps['lines'][number]['money']>) => (
  <>
    <td class="number room-2">
      <Money value={unitPrice} currency={undefined} />
    </td>
    <td class="number room-2">
      <Money value={unitCost} currency={undefined} />
    </td>
    <Sums {...sums} />
  </>
)

const Sums = ({ price, cost, margin }: { price: string; cost: string; margin: string }) => (
  <>
    <td class="number">
      <Money value={price} currency={undefined} />
    </td>
    <td class="number room-1">
      <Money value={cost} currency={undefined} />
    </td>
    <td class="number room-1">
      <Money value={margin} currency={undefined} />
    </td>
  </>
)
