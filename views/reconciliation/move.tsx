import { SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'

export interface MoveProps {
  standing: Standing
  from: { id: number; name: string }
  addition: { id: number; product: string; quantity: string; effectiveOn?: string; cancelledOn?: string }
  /** Why it cannot move anywhere. */
  refusal?: string
  isOneTime: boolean
  /** The company's other agreements. */
  choices: readonly { id: number; name: string; refusal?: string }[]
  chosen?: number
  lastOn?: string
}

/** An addition to be moved to the right agreement: which one, and the last day billed here (V21, Q3). */
export const MoveScreen = ({ standing, from, addition, refusal, isOneTime, choices, chosen, lastOn }: MoveProps) => (
  <HubScreen standing={standing} place="/mappings" title={`Move ${addition.product} to another agreement`}>
    <p class="meta">
      <GoTo path={`/reconciliations/${from.id}`}>{from.name}</GoTo>
      <span>
        addition {addition.id}, quantity {addition.quantity}, {addition.effectiveOn ?? 'from the start'} to{' '}
        {addition.cancelledOn ?? 'no end'}
      </span>
    </p>
    <p>
      TrueUp ends it here and lets it go on there with the same quantity, price, cost and description, as one plan that
      waits for an approval. Re-mapping alone never moves what is posted; later months follow the addition.
    </p>
    <div id="run" />
    {choices.length === 0 ? (
      <Notice kind="info" title={refusal ?? 'This company has no other agreement that you may read in ConnectWise.'} />
    ) : (
      <form
        {...hx({
          post: `/reconciliations/${from.id}/moves/${addition.id}`,
          target: '#run',
          swap: 'innerHTML',
          disable: 'find button',
        })}
      >
        <div class="fields">
          <SelectField
            label="Goes on at"
            name="to"
            {...(chosen === undefined ? {} : { value: String(chosen) })}
            choices={choices.map(({ id, name, refusal }) => ({
              value: String(id),
              text: refusal === undefined ? name : `${name}: ${refusal}`,
              disabled: refusal !== undefined,
            }))}
          />
          <TextField
            label="Last day billed here"
            name="lastOn"
            type="date"
            value={lastOn ?? ''}
            required
            hint={
              isOneTime
                ? 'A day before its first one: a one-time line moves as a whole.'
                : 'It bills there from the day after. Days that are invoiced here cannot move.'
            }
          />
        </div>
        <div class="actions">
          <button type="submit">Plan the move</button>
        </div>
      </form>
    )}
  </HubScreen>
)
