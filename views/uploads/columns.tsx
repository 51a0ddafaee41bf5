import { SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import type { PreviewProps, SheetShown } from './preview.tsx'

const kinds = [
  { value: 'counts', text: 'Counts of each account' },
  { value: 'usage', text: 'Usage by SKU' },
  { value: 'invoice-lines', text: 'Invoice lines' },
]

/** Which column says what, and how it is written; every change reads the file again. */
export const UploadColumns = ({ source, sheet, told }: PreviewProps) => (
  <fieldset
    {...hx({
      post: `/sources/${source}/preview`,
      target: '#preview',
      swap: 'innerHTML',
      trigger: 'change',
      sync: 'closest form:replace',
    })}
  >
    <legend>Columns</legend>
    <div class="fields">
      <SelectField label="What the file holds" name="kind" value={sheet.kind} choices={kinds} />
      {sheet.fields.map(({ name, label, required, column }) => (
        <SelectField
          label={required ? `${label} (required)` : label}
          name={`column-${name}`}
          value={column ?? ''}
          choices={choicesOf(sheet)}
          {...questionAt(sheet, name)}
        />
      ))}
      <Constants sheet={sheet} />
      <SelectField
        label="Numbers are written"
        name="decimal"
        value={told.decimal ?? ''}
        choices={[
          { value: '', text: 'As the file shows' },
          { value: '.', text: '1,234.56' },
          { value: ',', text: '1.234,56' },
        ]}
        {...questionAt(sheet, 'decimal')}
      />
      {hasDays(sheet) && (
        <SelectField
          label="Days are written"
          name="days"
          value={told.days ?? ''}
          choices={[
            { value: '', text: 'As the file shows' },
            { value: 'day-month', text: '31/12/2026' },
            { value: 'month-day', text: '12/31/2026' },
          ]}
          {...questionAt(sheet, 'days')}
        />
      )}
    </div>
  </fieldset>
)

/** What is said once for the whole file, where no column says it. */
const Constants = ({ sheet }: { sheet: SheetShown }) => (
  <>
    {sheet.kind === 'counts' && !columnOf(sheet, 'metric') && (
      <TextField label="Metric of the whole file" name="metric" value={sheet.metric} {...questionAt(sheet, 'metric')} />
    )}
    {sheet.shape === 'numbers' && !columnOf(sheet, 'currency') && (
      <TextField
        label="Currency of the whole file"
        name="currency"
        value={sheet.currency}
        placeholder="USD"
        {...questionAt(sheet, 'currency')}
      />
    )}
  </>
)

const choicesOf = ({ header }: SheetShown) => [
  { value: '', text: '– not in the file' },
  ...header.map((name) => ({ value: name, text: name })),
]

const columnOf = ({ fields }: SheetShown, name: string) => fields.find((field) => field.name === name)?.column

const hasDays = (sheet: SheetShown): boolean =>
  ['chargeStart', 'chargeEnd', 'invoicedOn'].some((name) => columnOf(sheet, name) !== undefined)

function questionAt({ questions }: SheetShown, name: string): { error?: string } {
  const message = questions.find(({ path }) => path === name)?.message
  return message === undefined ? {} : { error: message }
}
