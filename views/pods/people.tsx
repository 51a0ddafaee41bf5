import type { Behind, Counted } from '#billing/people.ts'
import { monthName } from '#billing/period.ts'
import type { Person } from '#billing/reading.ts'
import { Badge } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Quantity } from '#views/numbers.tsx'
import { Pager } from '#views/table.tsx'
import { AsOf } from './as-of.tsx'

export interface PeopleProps {
  /** The mapping whose number it is. */
  mapping: string
  snapshot?: { period: string; takenAt: number }
  /** Counted people and excluded ones, in all. */
  counted: number
  excluded: number
  people: readonly Counted[]
  page: number
  pages: number
  behind: readonly Behind[]
  since?: { day: string; came: readonly Person[]; went: readonly Person[] }
  zone: string
  now: number
}

/** Who is in a number: everybody counted, then everybody who is not, with the reason (FEATURES V3). */
export const People = (props: PeopleProps) => {
  const { mapping, snapshot, counted, excluded, people, page, pages, behind, since, zone, now } = props
  const path = `/mappings/${mapping}/people`
  if (!snapshot) return <p class="quiet">No snapshot that counts lists this account.</p>
  return (
    <>
      <p class="meta">
        <span>{monthName(snapshot.period)}</span>
        <AsOf at={snapshot.takenAt} zone={zone} now={now} />
        {counted + excluded > 0 && (
          <span>
            {counted} counted, {excluded} not
          </span>
        )}
      </p>
      {since && <Since {...since} />}
      {behind.map(({ note }) => note && <p>{note}</p>)}
      <Parts behind={behind} />
      {people.length > 0 && (
        <ul class="lines">
          {people.map((one) => (
            <Someone {...one} />
          ))}
        </ul>
      )}
      <Pager path={path} page={page} pages={pages} target={`#people-${mapping}`} />
      {counted + excluded > 0 && (
        <button type="button" data-download={`users-${mapping}.csv`} {...hx({ get: `${path}.csv`, swap: 'none' })}>
          Download as CSV
        </button>
      )}
    </>
  )
}

const Someone = ({ person, why }: Counted) => (
  <li>
    <span class="name">{person.name ?? person.email ?? person.id}</span>
    <span class="state">{why === undefined ? <Badge kind="good">Counted</Badge> : <Badge kind="off">Not</Badge>}</span>
    <span class="reason">{[person.email, person.services?.join(', '), why].filter(Boolean).join('; ')}</span>
  </li>
)

const Parts = ({ behind }: { behind: readonly Behind[] }) => {
  const parts = behind.flatMap((one) => one.parts)
  return parts.length === 0 ? null : (
    <ul class="lines">
      {parts.map(({ what, quantity }) => (
        <li>
          <span class="name">{what}</span>
          <span class="state">
            <Quantity value={quantity} />
          </span>
        </li>
      ))}
    </ul>
  )
}

const Since = ({ day, came, went }: NonNullable<PeopleProps['since']>) => (
  <p>
    Since {day}: {came.length === 0 && went.length === 0 ? 'nobody came or went.' : null}
    {came.length > 0 && `${came.length} came (${names(came)})${went.length > 0 ? '; ' : '.'}`}
    {went.length > 0 && `${went.length} went (${names(went)}).`}
  </p>
)

const named = 5

function names(people: readonly Person[]): string {
  const some = people.slice(0, named).map(({ id, name }) => name ?? id)
  return people.length > named ? `${some.join(', ')} and ${people.length - named} more` : some.join(', ')
}
