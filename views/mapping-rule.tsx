import { SelectField, TextField, Tick } from './field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from './form-errors.tsx'
import { hx } from './hx.ts'

export interface RuleProps {
  id: string
  version: string
  /** The rule's numbers and rounding as stored or as typed; empty: not set. */
  fields: Readonly<Record<string, string>>
  write: readonly string[]
  /** Other ongoing additions of the same product there, and whether they are left alone. */
  others: readonly { id: number; text: string; left: boolean }[]
  errors: Errors
  acts: boolean
}

const labels = {
  write: 'What is written',
  above: 'Above',
  included: 'Included',
  minimum: 'Minimum',
  maximum: 'Maximum',
  packSize: 'Pack size',
  rounding: 'Rounding',
}

const hints = {
  above: 'Only what is above this number counts.',
  included: 'This many are included and taken off.',
  minimum: 'Never less than this.',
  maximum: 'Never more than this.',
  packSize: 'The quantity counts packs of this size.',
}

const roundings = [
  { value: '', text: 'As the pack size needs' },
  { value: 'none', text: 'None' },
  { value: 'up', text: 'Up' },
  { value: 'down', text: 'Down' },
  { value: 'nearest', text: 'To the nearest' },
]

/** The rule: what may be written and the arithmetic, in the order it is applied (4.9, S11). */
export const RuleForm = (props: RuleProps) => (
  <section class="card" id="rule" aria-labelledby="rule-title">
    <h2 id="rule-title">Rule</h2>
    {props.acts ? <Editable {...props} /> : <Stated {...props} />}
  </section>
)

const Editable = ({ id, version, fields, write, others, errors }: RuleProps) => (
  <form data-edits={editsOf(errors)} {...hx({ post: `/mappings/${id}/rule`, target: '#main', swap: 'innerHTML' })}>
    <ErrorSummary errors={errors} labels={labels} />
    <input type="hidden" name="version" value={version} />
    <fieldset>
      <legend>{labels.write}</legend>
      <Tick label="Quantity" name="write-quantity" checked={write.includes('quantity')} />
      <Tick
        label="Cost"
        name="write-cost"
        hint="Off: a cost set by hand in ConnectWise stays."
        checked={write.includes('cost')}
      />
      <Tick
        label="Price"
        name="write-price"
        hint="Each price change waits for a person."
        checked={write.includes('price')}
      />
      {errors.write && <p class="error">✕ {errors.write}</p>}
    </fieldset>
    <div class="fields">
      {(['above', 'included', 'minimum', 'maximum', 'packSize'] as const).map((name) => (
        <TextField
          label={labels[name]}
          name={name}
          value={fields[name] ?? ''}
          hint={hints[name]}
          {...(errors[name] ? { error: errors[name] } : {})}
        />
      ))}
      <SelectField label={labels.rounding} name="rounding" value={fields.rounding ?? ''} choices={roundings} />
    </div>
    {others.length > 0 && (
      <fieldset>
        <legend>Other additions of this product here</legend>
        {others.map((other) => (
          <Tick label={`Leave ${other.text} alone`} name={`leave-${other.id}`} checked={other.left} />
        ))}
      </fieldset>
    )}
    <EditsBar save="Save rule" errors={errors} path={`/mappings/${id}`} part="#rule" />
  </form>
)

const Stated = ({ fields, write }: RuleProps) => (
  <>
    <dl>
      <dt>{labels.write}</dt>
      <dd>{write.join(', ')}</dd>
      {Object.entries(fields)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <>
            <dt>{labels[name as keyof typeof labels] ?? name}</dt>
            <dd>{value}</dd>
          </>
        ))}
    </dl>
    <p class="quiet">Changing it needs the role finance.</p>
  </>
)
