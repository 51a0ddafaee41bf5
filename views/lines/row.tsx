import type { Child } from 'hono/jsx'
import type { Badge as Origin } from '#billing/lines/line.ts'
import { Badge, State, ToBeMade } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import { Money } from '#views/numbers.tsx'
import { PlaceLink } from '#views/place-link.tsx'
import { Detail } from './detail.tsx'
import { type DayView, type LineDetail, type LineSaid, type LineView, rowId } from './line.ts'

export interface RowProps {
  line: LineView
  /** Whether the viewer may map, edit and sync. */
  acts: boolean
  seesMoney: boolean
  zone: string
  /** There when the row is open. */
  detail?: LineDetail
  said?: LineSaid
}

/** One invoice line, and what belongs to it below when it is open (M16, M18, P6, P23, P24, X6). */
export const LineRow = (props: RowProps) => {
  const { line, acts, seesMoney, detail } = props
  return (
    <tbody id={rowId(line)}>
      <tr class={tones[line.status]}>
        {acts && <Pick line={line} />}
        <th scope="row" class="name">
          <b>{line.organization}</b>
          <p class="quiet small">
            {line.account} {line.company && <>› {<PlaceLink screen="company" place={line.company} />}</>}
          </p>
        </th>
        <td>
          {line.offer}
          {line.subscription && <p class="quiet small">{line.subscription}</p>}
        </td>
        <td class="room-3">
          <DayCell day={line.start} />
        </td>
        <td class="room-3">
          <DayCell day={line.end} />
        </td>
        <td class="room-1">
          {line.charge.name}
          <OriginBadge of={line.charge.badge} />
        </td>
        <td class="number labelled" data-label="Quantity">
          {line.quantity}
        </td>
        {seesMoney && <td class="number room-3">{line.cost !== undefined && amount(line.cost)}</td>}
        {seesMoney && <td class="number room-1">{line.revenue !== undefined && amount(line.revenue)}</td>}
        <td class="room-2">{line.currency}</td>
        <td>
          <Product line={line} />
        </td>
        <td class="room-1">
          {line.agreement && <PlaceLink screen="agreement" place={line.agreement} />}
          {line.nextInvoiceOn && <p class="quiet small">next invoice {line.nextInvoiceOn}</p>}
        </td>
        <td>
          <State state={line.mapping} />
          {line.lacks && <p class="quiet small">{line.lacks}</p>}
        </td>
        <td class="state">
          <Standing {...props} />
        </td>
        <td class="tool">
          <Tools {...props} />
        </td>
      </tr>
      {detail && <Detail {...props} detail={detail} />}
    </tbody>
  )
}

/** A row alone, as the answer to what was done in it. */
export const LineAnswer = (props: RowProps) => (
  <>
    <LineRow {...props} />
    {props.said && <Announce>{props.said.refused ?? props.said.saved ?? ''}</Announce>}
  </>
)

const tones: Partial<Record<LineView['status'], string>> = { error: 'bad', held: 'wait' }
const amount = (value: string): Child => <Money value={value} currency={undefined} />

/** A posted line cannot be ticked (M17, X9). */
const Pick = ({ line }: { line: LineView }) => (
  <td class="pick">
    {line.isLocked ? (
      <span class="quiet" title="Locked: it is posted">
        <span aria-hidden="true">■</span>
        <span class="visually-hidden">Locked</span>
      </span>
    ) : (
      <input type="checkbox" name="line" value={line.id} aria-label={`Select ${nameOf(line)}`} />
    )}
  </td>
)

const nameOf = ({ organization, offer, charge }: LineView): string => `${offer} of ${organization}, ${charge.name}`

const words: Record<Exclude<Origin, 'none'>, string> = { system: 'System Updated', user: 'User Updated' }

/** Where a date or a name came from: nothing for the source's own (P6, P24). */
export const OriginBadge = ({ of }: { of: Origin }) =>
  of === 'none' ? null : (
    <p class="small">
      <Badge kind={of === 'user' ? 'changed' : 'off'}>{words[of]}</Badge>
    </p>
  )

const DayCell = ({ day: { on, badge } }: { day: DayView }) => (
  <>
    {on === undefined ? <span class="quiet">no end</span> : <span class="nowrap">{on}</span>}
    <OriginBadge of={badge} />
  </>
)

const Product = ({ line: { product } }: { line: LineView }) =>
  product ? (
    <>
      {product.name} {product.toBeMade && <ToBeMade />}
      <p class="quiet small room-2">{product.detail}</p>
    </>
  ) : (
    <span class="quiet">no product</span>
  )

const Standing = ({ line, said }: RowProps) => (
  <>
    <State state={line.status} />
    {line.reason && <p class="quiet small">{line.reason}</p>}
    {line.changes && (
      <p>
        <Badge kind="wait">{line.isGone ? 'Gone' : 'Changed'}</Badge>
      </p>
    )}
    {said?.refused && (
      <p class="error">
        <span aria-hidden="true">✕</span> Not saved. {said.refused}
      </p>
    )}
    {said?.saved && (
      <p>
        <span aria-hidden="true">✓</span> {said.saved}
      </p>
    )}
  </>
)

const Tools = ({ line, acts, detail }: RowProps) => {
  const [sign, word] = detail ? ['▴', 'Close'] : acts && !line.isLocked ? ['✎', 'Edit'] : ['▾', 'Show']
  return (
    <button
      type="button"
      class="icon"
      id={`${rowId(line)}-open`}
      aria-expanded={detail ? 'true' : 'false'}
      {...hx({ get: `/lines/${line.id}${detail ? '?closed=yes' : ''}`, target: `#${rowId(line)}`, swap: 'outerHTML' })}
    >
      <span aria-hidden="true">{sign}</span>
      <span class="visually-hidden">
        {word} {nameOf(line)}
      </span>
    </button>
  )
}
