import { Radios, SelectField, TextArea, TextField, Tick } from '#views/field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { type ReadLine, ReadTicks } from './reads.tsx'

export interface RuleProps {
  id: string
  version: string
  /** What is read and what could be. */
  reads: readonly ReadLine[]
  /** The rule's numbers, texts and ticks as stored or as typed; empty: not set. */
  fields: Readonly<Record<string, string>>
  /** What is written where it does not follow the source. */
  write: readonly string[]
  /** What the switches of its source say is written, in words. */
  switches: string
  sourceName: string
  /** Other ongoing additions of the same product there, and whether they are left alone. */
  others: readonly { id: number; text: string; left: boolean }[]
  errors: Errors
  acts: boolean
}

const labels = {
  reads: 'What is read',
  write: 'What is written',
  above: 'Above',
  included: 'Included',
  minimum: 'Minimum',
  maximum: 'Maximum',
  packSize: 'Pack size',
  rounding: 'Rounding',
  exclude: 'Not counted',
  prorate: 'Prorate',
}

const hints = {
  above: 'Only what is above this number counts.',
  included: 'This many are included and taken off.',
  minimum: 'Never less than this.',
  maximum: 'Never more than this.',
  packSize: 'The quantity counts packs of this size.',
  exclude: 'One pattern a line, for names or e-mail addresses; * stands for any text: *@contoso.example',
  prorate: 'New units are billed from their day on, by an addition of their own. Off: whole periods.',
}

const roundings = [
  { value: '', text: 'As the pack size needs' },
  { value: 'none', text: 'None' },
  { value: 'up', text: 'Up' },
  { value: 'down', text: 'Down' },
  { value: 'nearest', text: 'To the nearest' },
]

/** What is read and the rule: what may be written and the arithmetic, in the order it is applied (4.9, S11, V12). */
export const RuleForm = (props: RuleProps) => (
  <section class="card" id="rule" aria-labelledby="rule-title">
    <h2 id="rule-title">Rule</h2>
    {props.acts ? <Editable {...props} /> : <Stated {...props} />}
  </section>
)

const Editable = ({ id, version, reads, fields, errors, ...rest }: RuleProps) => (
  <form
    id="rule-form"
    data-edits={editsOf(errors)}
    {...hx({ post: `/mappings/${id}/rule`, target: '#main', swap: 'innerHTML' })}
  >
    <ErrorSummary errors={errors} labels={labels} />
    <input type="hidden" name="version" value={version} />
    <ReadTicks lines={reads} error={errors.reads} />
    <Writes fields={fields} errors={errors} {...rest} />
    <TextArea
      label={labels.exclude}
      name="exclude"
      value={fields.exclude ?? ''}
      hint={hints.exclude}
      {...wrong(errors.exclude)}
    />
    <div class="fields">
      {(['above', 'included', 'minimum', 'maximum', 'packSize'] as const).map((name) => (
        <TextField
          label={labels[name]}
          name={name}
          value={fields[name] ?? ''}
          hint={hints[name]}
          {...wrong(errors[name])}
        />
      ))}
      <SelectField label={labels.rounding} name="rounding" value={fields.rounding ?? ''} choices={roundings} />
    </div>
    <Tick label={labels.prorate} name="prorate" hint={hints.prorate} checked={fields.prorate === 'on'} />
    {rest.others.length > 0 && (
      <fieldset>
        <legend>Other additions of this product here</legend>
        {rest.others.map((other) => (
          <Tick label={`Leave ${other.text} alone`} name={`leave-${other.id}`} checked={other.left} />
        ))}
      </fieldset>
    )}
    <EditsBar save="Save rule" errors={errors} path={`/mappings/${id}`} part="#rule" />
  </form>
)

type WriteProps = Pick<RuleProps, 'fields' | 'errors' | 'write' | 'switches' | 'sourceName'>

/** The source's switches, or ticks of its own (S3). */
const Writes = ({ fields, errors, write, switches, sourceName }: WriteProps) => (
  <>
    <Radios
      label={labels.write}
      name="write-from"
      value={fields['write-from'] ?? 'own'}
      choices={[
        { value: 'source', text: `What the switches of ${sourceName} say: ${switches}` },
        { value: 'own', text: 'What is ticked here' },
      ]}
    />
    <fieldset class="own">
      <legend class="visually-hidden">Written here</legend>
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
      {errors.write && (
        <p class="error">
          <span aria-hidden="true">✕</span> {errors.write}
        </p>
      )}
    </fieldset>
  </>
)

const wrong = (error: string | undefined) => (error === undefined ? {} : { error })

const Stated = ({ reads, fields, write, switches, sourceName }: RuleProps) => (
  <>
    <dl>
      <dt>{labels.reads}</dt>
      <dd>{readWords(reads)}</dd>
      <dt>{labels.write}</dt>
      <dd>{fields['write-from'] === 'source' ? `as ${sourceName} says: ${switches}` : write.join(', ')}</dd>
      {(['exclude', 'above', 'included', 'minimum', 'maximum', 'packSize', 'rounding', 'prorate'] as const)
        .filter((name) => fields[name])
        .map((name) => (
          <>
            <dt>{labels[name]}</dt>
            <dd>{fields[name]?.replaceAll('\n', ', ')}</dd>
          </>
        ))}
    </dl>
    <p class="quiet">Changing it needs the role finance.</p>
  </>
)

function readWords(lines: readonly ReadLine[]): string {
  const ticked = lines.filter(({ on }) => on)
  const words = ticked.map(({ text, services }) => {
    const picked = services.filter(({ on }) => on).map(({ name }) => name)
    return picked.length > 0 ? `${text} of ${picked.join(', ')}` : text
  })
  return words.join(' + ')
}
