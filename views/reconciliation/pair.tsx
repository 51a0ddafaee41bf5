import { Badge, State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { OriginBadge } from '#views/lines/row.tsx'
import { GoTo } from '#views/screen.tsx'
import { Table } from '#views/table.tsx'
import type { FieldView, FixView, PairView } from './line.ts'

/** A line beside its addition, field by field; what differs is open and comes with its cause (Q1, Q2). */
export const Pair = ({ pair, acts }: { pair: PairView; acts: boolean }) => (
  <details class="card" open={pair.differs > 0 || pair.absent !== undefined}>
    <summary>
      <b>{pair.organization}</b> {pair.offer} <span class="quiet small">{pair.line}</span> <State state={pair.status} />{' '}
      <Verdict pair={pair} />
    </summary>
    {pair.absent && <p>{pair.absent}</p>}
    <Table
      caption={`Line ${pair.line}, ${pair.offer} of ${pair.organization} (${pair.account})`}
      columns={[{ text: 'Field' }, { text: 'Invoice line' }, { text: 'Addition' }]}
    >
      <tbody>
        {pair.fields.map((field) => (
          <Field field={field} />
        ))}
      </tbody>
    </Table>
    {acts && pair.fixes.length > 0 && (
      <div class="actions">
        {pair.fixes.map((fix) => (
          <Fix fix={fix} />
        ))}
      </div>
    )}
  </details>
)

const Verdict = ({ pair: { differs, absent } }: { pair: PairView }) => {
  if (absent !== undefined) return <Badge kind="wait">no addition to compare</Badge>
  if (differs === 0) return <Badge kind="good">agree</Badge>
  return <Badge kind="bad">{differs === 1 ? '1 field differs' : `${differs} fields differ`}</Badge>
}

const Field = ({ field: { name, line, said, badge, addition, cause } }: { field: FieldView }) => (
  <tr class={cause === undefined ? undefined : 'bad'}>
    <th scope="row">
      {name}
      {cause !== undefined && (
        <p class="small">
          <Badge kind="bad">differs</Badge> {cause}
        </p>
      )}
    </th>
    <td>
      {line ?? <span class="quiet">none</span>}
      {badge && <OriginBadge of={badge} />}
      {said !== undefined && <p class="quiet small">The source says {said}</p>}
    </td>
    <td>{addition ?? <span class="quiet">none</span>}</td>
  </tr>
)

const Fix = ({ fix }: { fix: FixView }) => {
  if (fix.kind === 'by-hand') return <p>{fix.steps}</p>
  if (fix.kind === 'go')
    return (
      <p>
        <GoTo path={fix.path}>{fix.text}</GoTo>
      </p>
    )
  return (
    <button
      type="button"
      {...hx({ post: '/runs', target: '#run', swap: 'innerHTML', vals: { line: fix.line }, disable: 'this' })}
    >
      Sync this line
    </button>
  )
}
