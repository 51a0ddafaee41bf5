import { State } from '#views/badge.tsx'
import { Notice } from '#views/notice.tsx'
import { FromTo, Quantity } from '#views/numbers.tsx'
import { Screen } from '#views/screen.tsx'
import { Sparkline } from '#views/sparkline.tsx'
import { Table } from '#views/table.tsx'
import { additions, counted, longName } from './given.ts'

/** What a technician sees beside a company. */
export const Pod = () => (
  <Screen
    title={longName}
    actions={
      <>
        <button type="button">Review plan</button>
        <button type="button">Push now</button>
        <button type="button">Refresh</button>
      </>
    }
  >
    <p class="meta">
      <State state="waiting" /> <span>as of 02:14</span> <span>next run 02:00 New York</span>
    </p>
    <Notice kind="warning" title="1 change waits for finance." />
    <section aria-labelledby="cloud">
      <div class="head">
        <h2 id="cloud">CloudCover: Contoso</h2>
        <Sparkline points={counted} label="Users" />
        <Quantity value="12" unit="users" />
      </div>
      <Additions />
      <details>
        <summary>Who is in this number</summary>
        <ul class="lines">
          <li>
            <span class="name">Ada Lovelace</span>
            <span class="state">Counted</span>
          </li>
          <li>
            <span class="name">{longName}</span>
            <span class="state">Excluded</span>
            <span class="reason">a shared mailbox</span>
          </li>
        </ul>
      </details>
    </section>
  </Screen>
)

const Additions = () => (
  <Table
    caption="Additions"
    columns={[
      { text: 'Product' },
      { text: 'Agreement', room: 1 },
      { text: 'Now → then', number: true },
      { text: 'State' },
      { text: 'Why' },
      { text: 'Per month', number: true, room: 1 },
      { text: 'Effective', room: 3 },
    ]}
  >
    <tbody>
      {additions.map(({ product, from, to, state, why }) => (
        <tr class={state === 'failed' ? 'bad' : undefined}>
          <th scope="row" class="name">
            {product}
          </th>
          <td class="room-1">Managed services</td>
          <td class="change number">{from === to ? from : <FromTo from={from} to={to} />}</td>
          <td class="state">
            <State state={state} />
          </td>
          <td class="reason">{why}</td>
          <td class="number room-1">24.00 USD</td>
          <td class="room-3">2026-11-01</td>
        </tr>
      ))}
    </tbody>
  </Table>
)
