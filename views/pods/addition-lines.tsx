import { State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { FromTo, Money, Quantity, When } from '#views/numbers.tsx'
import { type Conflict, ConflictChoices } from '#views/plans/conflict.tsx'
import { SyncTicked } from '#views/plans/sync-ticked.tsx'
import { GoTo } from '#views/screen.tsx'
import { Table } from '#views/table.tsx'

/** One addition, or a line to be made, as ConnectWise holds it and as TrueUp wants it. */
export interface AdditionLine {
  name: string
  /** The addition's id; absent while there is none. */
  id?: number
  /** Absent: nobody mapped it. */
  state?: string
  /** What each source counts for it: `Platform, A-17: 12 users`. */
  counts?: readonly string[]
  /** A line for a part of a period: it stands under the standing line before it. */
  under?: true
  /** In ConnectWise now. */
  quantity?: string
  /** What it is to become, when that is something else. */
  desired?: string
  reasons: readonly string[]
  /** When the change is written, or why it is not. */
  when?: string
  last?: { from: string; to: string; at: number; who: string }
  /** One step that helps, for those who may take it. */
  fix?: { path: string; text: string }
  /** The mappings to try again, for those who may. */
  retry?: string
  /** The mappings to sync when it is ticked, for those who may. */
  tick?: readonly string[]
  /** What there is to read of it: its fields, people, history. */
  detail?: string
  /** What a person has to choose between. */
  conflict?: Conflict
  cost?: string
  price?: string
}

const select = { text: 'Select', hidden: true }
const columns = [
  { text: 'Addition' },
  { text: 'State' },
  { text: 'Quantity' },
  { text: 'Why, when, and the last change' },
]
const money = [
  { text: 'Cost', number: true, room: 2 as const },
  { text: 'Price', number: true, room: 2 as const },
]

export const AdditionLines = (props: {
  caption: string
  lines: readonly AdditionLine[]
  zone: string
  /** The currency of cost and price; absent: they are not shown. */
  currency?: string
}) => {
  const ticks = props.lines.some(({ tick }) => tick)
  const shown = [...(ticks ? [select] : []), ...columns, ...(props.currency === undefined ? [] : money)]
  return (
    <>
      {ticks && <SyncTicked />}
      <Table caption={props.caption} columns={shown}>
        <tbody data-lines>
          {props.lines.map((line) => (
            <Row line={line} zone={props.zone} currency={props.currency} ticks={ticks} />
          ))}
        </tbody>
      </Table>
    </>
  )
}

interface RowProps {
  line: AdditionLine
  zone: string
  currency: string | undefined
  ticks: boolean
}

const Row = ({ line, zone, currency, ticks }: RowProps) => (
  <tr class={toneOf(line.state)}>
    {ticks && (
      <td class="pick">
        {line.tick && (
          <input type="checkbox" name="mapping" value={line.tick.join(' ')} aria-label={`Select ${line.name}`} />
        )}
      </td>
    )}
    <td class={line.under ? 'name under' : 'name'}>
      {line.name}
      {line.counts?.map((text) => (
        <p class="quiet small">{text}</p>
      ))}
    </td>
    <td class="state">{line.state ? <State state={line.state} /> : 'Not mapped'}</td>
    <td class="change">
      <Now {...line} />
    </td>
    <td class="reason">
      {line.reasons.map((text) => (
        <p>{text}</p>
      ))}
      {line.when && <p>{line.when}</p>}
      {line.conflict && <ConflictChoices {...line.conflict} />}
      {line.last && <Last last={line.last} zone={zone} />}
      <Help {...line} />
      {line.detail && <Detail path={line.detail} />}
    </td>
    {currency !== undefined && (
      <>
        <td class="number room-2">{line.cost !== undefined && <Money value={line.cost} currency={currency} />}</td>
        <td class="number room-2">{line.price !== undefined && <Money value={line.price} currency={currency} />}</td>
      </>
    )}
  </tr>
)

/** Beside the word of the state: what failed, what waits, and what does not matter now. */
function toneOf(state: string | undefined): string | undefined {
  if (state === undefined || state === 'stale' || state === 'excluded') return 'quiet'
  if (state === 'failed' || state === 'blocked' || state === 'parked') return 'bad'
  return state === 'held' || state === 'conflict' ? 'wait' : undefined
}

const Now = ({ quantity, desired }: AdditionLine) =>
  desired === undefined ? (
    quantity === undefined ? null : (
      <Quantity value={quantity} />
    )
  ) : (
    <FromTo from={quantity ?? 'none'} to={desired} />
  )

const Help = ({ fix, retry }: AdditionLine) => (
  <>
    {retry && (
      <button
        type="button"
        {...hx({ post: '/runs', vals: { mapping: retry }, target: '#run', swap: 'innerHTML', disable: 'this' })}
      >
        Try again
      </button>
    )}
    {fix && <GoTo path={fix.path}>{fix.text}</GoTo>}
  </>
)

const Last = ({ last, zone }: { last: NonNullable<AdditionLine['last']>; zone: string }) => (
  <p>
    Last <FromTo from={last.from} to={last.to} /> <When at={last.at} zone={zone} bare /> {last.who}
  </p>
)

/** Read when it is opened. */
const Detail = ({ path }: { path: string }) => (
  <details {...hx({ get: path, trigger: 'toggle once', target: 'find div', swap: 'innerHTML' })}>
    <summary>Details</summary>
    <div />
  </details>
)
