import { State } from '#views/badge.tsx'
import { Money } from '#views/numbers.tsx'
import { Table } from '#views/table.tsx'

/** What lines of one currency add up to; absent amounts are not stated, or not for this viewer. */
export interface Total {
  currency: string
  lines: number
  cost?: string
  revenue?: string
  statuses: readonly { status: string; lines: number; cost?: string; revenue?: string }[]
}

/** Totals per currency over what the filters find, and below each by status. Nothing is converted. */
export const Totals = ({ totals, seesMoney }: { totals: readonly Total[]; seesMoney: boolean }) => (
  <details class="card" id="totals">
    <summary>
      {totals.map((total, at) => (
        <>
          {at > 0 && ' · '}
          {currencyOf(total)}: {total.lines === 1 ? '1 line' : `${total.lines} lines`}
          {seesMoney && total.revenue !== undefined && (
            <>
              , revenue <Money value={total.revenue} currency={total.currency} />
            </>
          )}
        </>
      ))}
    </summary>
    <Table caption="Totals per currency" columns={columns(seesMoney)}>
      {totals.map((total) => (
        <tbody>
          <tr>
            <th scope="row">{currencyOf(total)}, all</th>
            <Numbers {...total} seesMoney={seesMoney} />
          </tr>
          {total.statuses.map((part) => (
            <tr>
              <th scope="row">
                <State state={part.status} />
              </th>
              <Numbers {...part} seesMoney={seesMoney} />
            </tr>
          ))}
        </tbody>
      ))}
    </Table>
  </details>
)

const columns = (seesMoney: boolean) => [
  { text: 'Lines of' },
  { text: 'Lines', number: true },
  ...(seesMoney
    ? [
        { text: 'Cost', number: true },
        { text: 'Revenue', number: true },
      ]
    : []),
]

const Numbers = ({
  lines,
  cost,
  revenue,
  seesMoney,
}: Pick<Total, 'lines' | 'cost' | 'revenue'> & { seesMoney: boolean }) => (
  <>
    <td class="number">{lines}</td>
    {seesMoney && <td class="number">{cost !== undefined && <Money value={cost} currency={undefined} />}</td>}
    {seesMoney && <td class="number">{revenue !== undefined && <Money value={revenue} currency={undefined} />}</td>}
  </>
)

const currencyOf = ({ currency }: Total): string => (currency === '' ? 'No currency' : currency)
