import type { Badge as Origin } from '#billing/lines/line.ts'
import { Badge } from '#views/badge.tsx'
import { Announce, Notice } from '#views/notice.tsx'
import { Table } from '#views/table.tsx'

interface Face {
  text: string
  badge: Origin
}

/** A line as it stands, and as the rules on screen would have it. */
export interface RuledLine {
  id: string
  organization: string
  offer: string
  before: Record<'charge' | 'start' | 'end', Face>
  after: Record<'charge' | 'start' | 'end', Face>
  warning?: string
}

export type RulesPreviewProps =
  | { refused: 'fields' | 'month' }
  | {
      /** `November 2026`. */
      month: string
      /** Lines that may still change, and those of them in which a person typed a day. */
      lines: number
      typed: number
      locked: number
      changed: number
      /** Lines that would end before they start. */
      warned: number
      shown: readonly RuledLine[]
    }

/** What the rules on screen would do to a month's lines; nothing is saved by it. */
export const RulesPreview = (props: RulesPreviewProps) => {
  if ('refused' in props) {
    const title = props.refused === 'month' ? 'No invoice lines are loaded yet.' : 'Correct the marked fields first.'
    return <Notice kind="info" title={title} />
  }
  const { month, lines, changed, shown } = props
  const title =
    changed === 0
      ? `${month}: these rules change none of ${counted(lines)}.`
      : `${month}: these rules would change ${changed} of ${counted(lines)}.`
  return (
    <Notice kind="info" title={title}>
      <Announce>{title}</Announce>
      <p>{staying(props)} Nothing is saved by this preview.</p>
      {changed > 0 && <Changed month={month} shown={shown} />}
      {changed > shown.length && <p class="quiet">The first {shown.length} are shown.</p>}
    </Notice>
  )
}

const counted = (n: number): string => (n === 1 ? '1 line' : `${n} lines`)

function staying({ locked, typed, warned }: Extract<RulesPreviewProps, { month: string }>): string {
  const parts = [
    locked > 0 && `${counted(locked)} posted: ${locked === 1 ? 'it stays' : 'they stay'} as posted.`,
    typed > 0 && `${counted(typed)} with a day that a person typed, which stays.`,
    warned > 0 && `${counted(warned)} would end before the start, and end on the day they start.`,
  ]
  return parts.filter(Boolean).join(' ')
}

const Changed = ({ month, shown }: { month: string; shown: readonly RuledLine[] }) => (
  <Table
    caption={`Lines of ${month} that would change`}
    columns={[{ text: 'Organization' }, { text: 'Charge type' }, { text: 'Start' }, { text: 'End' }]}
  >
    <tbody>
      {shown.map(({ organization, offer, before, after, warning }) => (
        <tr>
          <th scope="row" class="name">
            {organization}
            <p class="quiet small">{offer}</p>
          </th>
          <td>
            <FromTo before={before.charge} after={after.charge} />
          </td>
          <td>
            <FromTo before={before.start} after={after.start} />
          </td>
          <td>
            <FromTo before={before.end} after={after.end} />
            {warning && <p class="quiet small">{warning}</p>}
          </td>
        </tr>
      ))}
    </tbody>
  </Table>
)

/** `2026-11-03 → 2026-11-01 System Updated`; one that stays is told once. */
const FromTo = ({ before, after }: { before: Face; after: Face }) => (
  <>
    {before.text !== after.text && (
      <>
        <span class="quiet nowrap">{before.text}</span> <span aria-hidden="true">→</span>
        <span class="visually-hidden">then</span>{' '}
      </>
    )}
    <span class="nowrap">{after.text}</span>
    {after.badge !== 'none' && (
      <p class="small">
        <Badge kind={after.badge === 'user' ? 'changed' : 'off'}>{words[after.badge]}</Badge>
      </p>
    )}
  </>
)

const words: Record<Exclude<Origin, 'none'>, string> = { system: 'System Updated', user: 'User Updated' }
