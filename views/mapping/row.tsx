import { State, ToBeMade } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { PlaceLink } from '#views/place-link.tsx'
import { LastResult } from '#views/pods/last-result.tsx'
import { GoTo } from '#views/screen.tsx'
import { asked, RowButton } from './button.tsx'
import { Chosen, Offered } from './company-cell.tsx'
import type { AccountLine, Said, TargetLine } from './line.ts'
import { CompanyPicker, PlacePickers } from './pickers.tsx'

interface RowProps {
  line: AccountLine
  zone: string
  /** Whether the viewer may map. */
  acts: boolean
  /** Whether the pickers are open. */
  edit: boolean
  said?: Said
}

/** One account: what it is, what it is mapped to, and the pickers of what is still missing (M1–M4, M14, M16). */
export const AccountRow = ({ line, zone, acts, edit, said }: RowProps) => (
  <tr id={line.id} class={line.status === 'parked' ? 'bad' : undefined}>
    {acts && (
      <td class="pick">
        <input type="checkbox" name="keys" value={keyOf(line)} aria-label={`Select ${line.name}`} />
      </td>
    )}
    <th scope="row" class="name">
      <b>{line.name}</b>
      <Reference line={line} zone={zone} />
    </th>
    <td class="number">
      <Numbers line={line} zone={zone} />
    </td>
    <td>
      {acts && edit ? <CompanyPicker line={line} /> : <Chosen line={line} acts={acts} />}
      {acts && line.offer && <Offered line={line} offer={line.offer} />}
    </td>
    <td>
      {(!edit || line.ofLines || line.targets.length > 1) && <Targets targets={line.targets} />}
      {line.ofLines && !(acts && edit) && <LinesAgreement line={line} />}
      {acts && edit && line.company && <PlacePickers line={line} />}
    </td>
    <td class="labelled" data-label="Include">
      <Include line={line} acts={acts} />
    </td>
    <td class="state">
      <State state={line.status} />
      {line.reason && <p class="quiet small">{line.reason}</p>}
      {line.result && <LastResult result={line.result} zone={zone} about={line.name} />}
      <Outcome line={line} said={said} />
    </td>
    {acts && (
      <td class="tool">
        <Pencil line={line} edit={edit} />
      </td>
    )}
  </tr>
)

/** A row alone, as the answer to what was done in it. */
export const RowAnswer = (props: RowProps) => (
  <>
    <AccountRow {...props} />
    {props.said && <Announce>{props.said.refused ?? props.said.saved?.text ?? ''}</Announce>}
  </>
)

const keyOf = ({ source, account }: AccountLine): string => JSON.stringify([source, account])

const Reference = ({ line, zone }: { line: AccountLine; zone: string }) => (
  <p class="quiet small">
    {line.sourceName} <span id={`${line.id}-reference`}>{line.account}</span>{' '}
    <button type="button" class="link" data-copy={`#${line.id}-reference`}>
      Copy<span class="visually-hidden"> the reference number of {line.name}</span>
    </button>
    {line.goneSince === 0 && ' The source never listed it.'}
    {line.goneSince !== undefined && line.goneSince > 0 && (
      <>
        {' '}
        Not listed since <When at={line.goneSince} zone={zone} />.
      </>
    )}
  </p>
)

const Numbers = ({ line, zone }: { line: AccountLine; zone: string }) => (
  <>
    {line.numbers.length === 0 ? <span class="quiet">no number</span> : line.numbers.map((text) => <p>{text}</p>)}
    {line.numbersOf && <p class="quiet small">{line.numbersOf}</p>}
    {line.numbersAt !== undefined && (
      <p class="quiet small room-1">
        as of <When at={line.numbersAt} zone={zone} bare />
      </p>
    )}
  </>
)

/** The agreement of lines that name none themselves. */
const LinesAgreement = ({ line: { agreement, company } }: { line: AccountLine }) => {
  if (agreement) return <PlaceLink screen="agreement" place={agreement} />
  return company ? <span class="quiet">none chosen</span> : null
}

const Targets = ({ targets }: { targets: readonly TargetLine[] }) => (
  <>
    {targets.map((target) => (
      <p>
        <PlaceLink screen="agreement" place={target.agreement} /> <span aria-hidden="true">›</span>{' '}
        <GoTo path={`/mappings/${target.mapping}`}>{target.name}</GoTo>{' '}
        <span class="quiet small">
          {target.reads} · {target.detail}
          {target.included ? '' : ' · excluded'}
        </span>
        {target.toBeMade && <ToBeMade />}
        {target.parked && <span class="quiet small"> · parked: {target.parked}</span>}
      </p>
    ))}
  </>
)

const Include = ({ line, acts }: { line: AccountLine; acts: boolean }) =>
  acts ? (
    <input
      type="checkbox"
      id={`${line.id}-include`}
      checked={line.include}
      aria-label={`Include ${line.name}`}
      {...hx({
        post: '/mappings/include',
        trigger: 'change',
        target: `#${line.id}`,
        swap: 'outerHTML',
        vals: { ...asked(line), on: line.include ? 'no' : 'yes' },
      })}
    />
  ) : (
    <span>{line.include ? 'Yes' : 'No'}</span>
  )

const Outcome = ({ line, said }: { line: AccountLine; said: Said | undefined }) => (
  <>
    {said?.refused && (
      <p class="error">
        <span aria-hidden="true">✕</span> Not saved. {said.refused}
      </p>
    )}
    {said?.saved && (
      <p>
        <span aria-hidden="true">✓</span> {said.saved.text}{' '}
        {said.saved.undo > 0 && (
          <RowButton line={line} path="/mappings/undo" vals={{ seq: String(said.saved.undo) }} id="undo">
            Undo
          </RowButton>
        )}
      </p>
    )}
  </>
)

const Pencil = ({ line, edit }: { line: AccountLine; edit: boolean }) => (
  <button
    type="button"
    class="icon"
    id={`${line.id}-edit`}
    aria-expanded={edit ? 'true' : 'false'}
    {...hx({
      get: `/mappings/row?${new URLSearchParams({ source: line.source, account: line.account, edit: edit ? '' : 'yes' })}`,
      target: `#${line.id}`,
      swap: 'outerHTML',
    })}
  >
    <span aria-hidden="true">{edit ? '✓' : '✎'}</span>
    <span class="visually-hidden">
      {edit ? 'Close' : 'Edit'} {line.name}
    </span>
  </button>
)
