import { SaveBar } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { When } from '#views/numbers.tsx'
import { RecipeOf } from '#views/recipe.tsx'
import { GoTo } from '#views/screen.tsx'
import { AgreementOfLine, LineButton, SyncLine } from './actions.tsx'
import { type LineDetail, type LineView, rowId } from './line.ts'
import type { RowProps } from './row.tsx'

type Props = Omit<RowProps, 'detail'> & { detail: LineDetail }

/** More columns than there are: the cell goes below all of them. */
const wide = 20

/** What a row opens below it: its dates and its agreement to be edited, and what the source said. */
export const Detail = (props: Props) => (
  <tr class="detail">
    <td colspan={wide}>
      <div class="columns">
        {props.acts && !props.line.isLocked && <Edit {...props} />}
        {props.line.isLocked && <Locked {...props} />}
        <Said {...props} />
      </div>
    </td>
  </tr>
)

const Edit = ({ line, detail }: Props) => (
  <div class="stack">
    <DatesForm line={line} detail={detail} />
    {line.company ? (
      <AgreementOfLine line={line} isChosen={detail.isAgreementChosen} />
    ) : (
      <p class="quiet">
        An agreement is chosen once its organization has a company: <GoTo path="/mappings">Organizations</GoTo>.
      </p>
    )}
    {detail.plan && (
      <p>
        It waits for a person: <GoTo path={`/plans/${detail.plan}`}>Review the plan</GoTo>
      </p>
    )}
    <div class="actions">
      {detail.startsOn && (
        <LineButton line={line} id="next" vals={{ start: detail.startsOn }}>
          Start on the next invoice date, {detail.startsOn}
        </LineButton>
      )}
      {line.status === 'left-out' ? (
        <LineButton line={line} id="take-in" vals={{ out: 'no' }}>
          Take in
        </LineButton>
      ) : (
        <LineButton line={line} id="leave-out" vals={{ out: 'yes' }}>
          Leave out
        </LineButton>
      )}
      {line.status !== 'left-out' && <SyncLine line={line} />}
    </div>
  </div>
)

/** The days as typed beat every rule; back to the rule takes what was typed away (4.2, P6). */
const DatesForm = ({ line, detail: { fields, typed, errors } }: Pick<Props, 'line' | 'detail'>) => {
  const refused = Object.keys(errors).length > 0
  return (
    <form
      id={`${rowId(line)}-dates`}
      data-edits={refused ? 'refused' : ''}
      {...hx({ post: `/lines/${line.id}`, target: `#${rowId(line)}`, swap: 'outerHTML', vals: { seen: line.seen } })}
    >
      <div class="fields">
        <DayField line={line} name="start" label="Charge start" value={fields.start} error={errors.start} />
        <DayField
          line={line}
          name="end"
          label="Charge end"
          value={fields.end}
          error={errors.end}
          hint="Empty: it bills every cycle."
        />
      </div>
      <SaveBar save="Save dates" />
      <div class="actions">
        {typed.start !== '' && (
          <LineButton line={line} id="start-rule" vals={{ back: 'start' }}>
            Start: back to the rule
          </LineButton>
        )}
        {typed.end !== '' && (
          <LineButton line={line} id="end-rule" vals={{ back: 'end' }}>
            End: back to the rule
          </LineButton>
        )}
      </div>
    </form>
  )
}

/** Several rows may be open: each has fields of its own. */
const DayField = (props: {
  line: LineView
  name: 'start' | 'end'
  label: string
  value: string
  error: string | undefined
  hint?: string
}) => {
  const id = `${rowId(props.line)}-${props.name}`
  return (
    <div class={props.error ? 'field wrong' : 'field'}>
      <label for={id}>{props.label}</label>
      <input
        id={id}
        name={props.name}
        type="date"
        value={props.value}
        aria-describedby={`${id}-about`}
        aria-invalid={props.error ? 'true' : undefined}
      />
      <div id={`${id}-about`}>
        {props.hint && <p class="hint">{props.hint}</p>}
        {props.error && (
          <p class="error">
            <span aria-hidden="true">✕</span> {props.error}
          </p>
        )}
      </div>
    </div>
  )
}

/** X9 and Q14: what is posted is corrected in ConnectWise, and TrueUp keeps such a correction. */
const Locked = ({ line, detail: { posted }, zone, acts }: Props) => (
  <div class="stack">
    <p>
      Posted {posted && <When at={posted.at} zone={zone} />}
      {posted?.addition !== undefined && ` as addition ${posted.addition}`}. It is locked here and never sent again.
    </p>
    {line.agreement && (
      <p>
        <GoTo path={`/reconciliations/${line.agreement.id}`}>Compare it with ConnectWise</GoTo>
      </p>
    )}
    <RecipeOf name="correction" called="How to correct it in ConnectWise" />
    {line.changes && <Changed line={line} acts={acts} />}
  </div>
)

const Changed = ({ line, acts }: { line: LineView; acts: boolean }) => (
  <>
    <p>{line.isGone ? 'The source does not name this line any more.' : 'Since it was posted, the source says:'}</p>
    <dl>
      {line.changes?.map(({ name, from, to }) => (
        <>
          <dt>{name}</dt>
          <dd>
            {from} <span aria-hidden="true">→</span> <span class="visually-hidden">now</span> {to}
          </dd>
        </>
      ))}
    </dl>
    {acts && (
      <div class="actions">
        <LineButton line={line} id="correct" path="correction" vals={{}}>
          Add a correction
        </LineButton>
        <LineButton line={line} id="leave" path="leave" vals={{}}>
          Leave as posted
        </LineButton>
      </div>
    )}
  </>
)

const Said = ({ detail: { said } }: Props) => (
  <div class="stack">
    <p class="quiet">What the source said</p>
    <dl>
      {said.map(({ name, value }) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  </div>
)
