import { State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import type { Place } from '#views/mapping/line.ts'
import { FromTo } from '#views/numbers.tsx'
import { PlaceLink } from '#views/place-link.tsx'
import { Pager, Table } from '#views/table.tsx'
import { type Conflict, ConflictChoices } from './conflict.tsx'
import { SyncTicked } from './sync-ticked.tsx'

export interface ChangeLine {
  seq: number
  /** Whose numbers these are: the accounts. */
  who: string
  /** The addition, or the line to be made. */
  what: string
  agreement?: Place
  state: string
  fields: readonly { name: string; from: string; to: string }[]
  /** Why it waits, with its numbers. */
  holds: readonly string[]
  /** What became of it, or how its value came about. */
  reason: string
  /** Which source said so, and when. */
  source: string
  nextInvoiceOn?: string
  /** `+20.00 USD a month`, for who may see money. */
  money?: string
  /** The mappings or invoice lines to try again, for who may. */
  retry?: { name: 'mapping' | 'line'; ids: readonly string[] }
  /** The mappings to sync when it is ticked, for who may. */
  tick?: readonly string[]
  conflict?: Conflict
}

/** The lines of one company. */
export interface CompanyLines {
  company?: Place
  /** How the run ended for it, in one word (X7). */
  result?: string
  lines: readonly ChangeLine[]
}

export interface PlanRowsProps {
  caption: string
  groups: readonly CompanyLines[]
  /** Lines of companies or agreements that the member may not read. */
  hidden: number
  page: number
  pages: number
  /** Where another page comes from, and what it replaces. */
  path: string
  target: string
  swap?: 'outerHTML'
  seesMoney: boolean
}

export const PlanRows = (props: PlanRowsProps) => {
  const ticks = props.groups.some(({ lines }) => lines.some(({ tick }) => tick))
  const columns = [...(ticks ? [select] : []), ...always, ...(props.seesMoney ? [money] : []), lands]
  return (
    <>
      {ticks && <SyncTicked />}
      {props.groups.length > 0 && (
        <Table caption={props.caption} columns={columns}>
          {props.groups.map((group) => (
            <Group {...group} width={columns.length} seesMoney={props.seesMoney} ticks={ticks} />
          ))}
        </Table>
      )}
      <Pager
        path={props.path}
        page={props.page}
        pages={props.pages}
        target={props.target}
        {...(props.swap ? { swap: props.swap } : {})}
      />
      {props.hidden > 0 && (
        <p class="quiet">Not shown: {props.hidden} of companies or agreements that you may not read in ConnectWise.</p>
      )}
    </>
  )
}

const select = { text: 'Select', hidden: true }
const always = [{ text: 'Line' }, { text: 'State' }, { text: 'Change' }, { text: 'Why' }]
const money = { text: 'Money', number: true, room: 1 as const }
const lands = { text: 'Next invoice', room: 1 as const }

interface GroupProps extends CompanyLines {
  width: number
  seesMoney: boolean
  ticks: boolean
}

const Group = ({ company, result, lines, width, seesMoney, ticks }: GroupProps) => (
  <tbody data-lines>
    <tr class="group">
      <th scope="rowgroup" colspan={width}>
        {company ? <PlaceLink screen="company" place={company} /> : 'No company'} {result && <State state={result} />}
      </th>
    </tr>
    {lines.map((line) => (
      <>
        <Line line={line} seesMoney={seesMoney} ticks={ticks} />
        {line.conflict && (
          <tr class="detail">
            <td colspan={width}>
              <ConflictChoices {...line.conflict} />
            </td>
          </tr>
        )}
      </>
    ))}
  </tbody>
)

const Line = ({ line, seesMoney, ticks }: { line: ChangeLine; seesMoney: boolean; ticks: boolean }) => (
  <tr id={`row-${line.seq}`} class={tones[line.state]}>
    {ticks && (
      <td class="pick">
        {line.tick && (
          <input
            type="checkbox"
            name="mapping"
            value={line.tick.join(' ')}
            aria-label={`Select ${line.who}, ${line.what}`}
          />
        )}
      </td>
    )}
    <td class="name">
      {line.who}
      <p class="quiet">
        {line.what}
        {line.agreement && (
          <>
            {' '}
            on <PlaceLink screen="agreement" place={line.agreement} />
          </>
        )}
      </p>
    </td>
    <td class="state">
      <State state={line.state} />
    </td>
    <td class="change">
      {line.fields.map(({ name, from, to }) => (
        <p>
          {name !== 'quantity' && `${name} `}
          <FromTo from={from} to={to} />
        </p>
      ))}
    </td>
    <td class="reason">
      {line.holds.map((text) => (
        <p>{text}</p>
      ))}
      {line.reason && <p>{line.reason}</p>}
      <p class="small">{line.source}</p>
      {line.retry && <TryAgain {...line.retry} />}
    </td>
    {seesMoney && <td class="number room-1">{line.money}</td>}
    <td class="nowrap room-1">{line.nextInvoiceOn}</td>
  </tr>
)

const tones: Record<string, string> = { held: 'wait', conflict: 'wait', blocked: 'bad', failed: 'bad', unknown: 'wait' }

/** Another run of these alone (X21). */
const TryAgain = ({ name, ids }: NonNullable<ChangeLine['retry']>) => (
  <form class="inline" {...hx({ post: '/runs', target: '#run', swap: 'innerHTML', disable: 'find button' })}>
    {ids.map((id) => (
      <input type="hidden" name={name} value={id} />
    ))}
    <button type="submit">Try again</button>
  </form>
)
