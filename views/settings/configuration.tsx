import type { CreationPolicy } from '#billing/creation.ts'
import type { DataSwitches } from '#billing/data.ts'
import { AgreementTypeChosen } from '#views/agreement-type.tsx'
import { SelectField, TextField, Tick } from '#views/field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { CustomFieldsLater } from '#views/lines/custom-fields.tsx'
import { Announce } from '#views/notice.tsx'
import { RecipeOf } from '#views/recipe.tsx'
import { GoTo, type Standing } from '#views/screen.tsx'
import { CreationFields, creationLabels } from './creation.tsx'
import { LineRulesLater } from './lines.tsx'
import { SettingsScreen } from './settings.tsx'

/** One source's fields, as stored or as typed. */
export interface SourceFields {
  id: string
  title: string
  name: string
  billingPeriod: string
  data: DataSwitches
  /** Whether it bills by invoice line. */
  statesLines: boolean
}

export interface ConfigurationProps {
  sources: readonly SourceFields[]
  creation: CreationPolicy
  agreementType?: number
  errors?: Errors
  saved?: boolean
}

export const ConfigurationScreen = ({ standing, ...configuration }: { standing: Standing } & ConfigurationProps) => (
  <SettingsScreen standing={standing} at="/settings/configuration">
    <ConfigurationSection {...configuration} />
    <LineRulesLater />
    <CustomFieldsLater />
  </SettingsScreen>
)

/** What is written of each source; saved with one button (S18, S20). */
export const ConfigurationSection = ({ sources, creation, agreementType, errors = {}, saved }: ConfigurationProps) => (
  <section class="card" id="configuration" aria-labelledby="configuration-title">
    <h2 id="configuration-title">Configuration</h2>
    {saved && <Announce>Configuration saved.</Announce>}
    {saved && agreementType !== undefined && <AgreementTypeChosen />}
    <form
      data-edits={editsOf(errors)}
      {...hx({ post: '/settings/configuration', target: '#configuration', swap: 'outerHTML' })}
    >
      <ErrorSummary errors={errors} labels={{ ...creationLabels, ...labelsOf(sources) }} />
      {sources.map((source) => (
        <Source {...source} errors={errors} />
      ))}
      {sources.length === 0 && <p class="quiet">There is no source yet; each will have its settings here.</p>}
      <CreationFields creation={creation} errors={errors} />
      <fieldset>
        <legend>Agreements that TrueUp makes</legend>
        <p class="hint">
          An invoice line that names no agreement goes to one of this type, made once for its company. Nothing of
          invoice lines is posted before a type is chosen.
        </p>
        <div {...hx({ get: '/settings/agreement-types', trigger: 'load', swap: 'innerHTML' })}>
          <p class="quiet" role="status">
            Reading the agreement types from ConnectWise …
            {agreementType === undefined ? '' : ` (${agreementType} is chosen)`}
          </p>
        </div>
      </fieldset>
      <EditsBar save="Save configuration" errors={errors} path="/settings/configuration" part="#configuration" />
    </form>
  </section>
)

const labelsOf = (sources: readonly SourceFields[]): Record<string, string> =>
  Object.fromEntries(
    sources.flatMap(({ id, title }) => [
      [`name.${id}`, `${title}, name`],
      [`billingPeriod.${id}`, `${title}, billing period`],
    ]),
  )

const Source = ({ id, title, name, billingPeriod, data, statesLines, errors }: SourceFields & { errors: Errors }) => (
  <fieldset>
    <legend>{title}</legend>
    <div class="fields">
      <TextField label="Name" name={`name.${id}`} value={name} {...wrong(errors[`name.${id}`])} />
      <SelectField
        label={statesLines ? 'Invoice months' : 'Billing period of counts'}
        name={`billingPeriod.${id}`}
        value={billingPeriod}
        hint={
          statesLines
            ? 'The months whose invoice lines a run loads and posts'
            : 'Counts of another month are kept as history and never written'
        }
        choices={statesLines ? [...months, { value: 'both', text: 'Both months' }] : months}
        {...wrong(errors[`billingPeriod.${id}`])}
      />
    </div>
    {statesLines ? (
      <p class="hint">An invoice line is written whole: quantity, cost, price, days and description.</p>
    ) : (
      <DataToExport id={id} data={data} />
    )}
  </fieldset>
)

const DataToExport = ({ id, data }: Pick<SourceFields, 'id' | 'data'>) => (
  <fieldset>
    <legend>Data to export</legend>
    <p class="hint">
      Mappings that follow these switches wait for a person once after a change of the first three. A cost or price that
      the source does not state is never written.
    </p>
    <div class="fields">
      {switches.map(([name, label, hint]) => (
        <Tick label={label} name={`${name}.${id}`} checked={data[name]} hint={hint} />
      ))}
    </div>
  </fieldset>
)

const months = [
  { value: 'current', text: 'Current month' },
  { value: 'previous', text: 'Previous month' },
]

/** Each kind of data is switched on its own (S3–S8, S11, S19). */
const switches: readonly [keyof DataSwitches, string, string][] = [
  ['quantity', 'Quantity', 'The quantity of the addition follows the count.'],
  ['cost', 'Overwrite cost', 'The unit cost of the addition follows at every sync. Off: a cost set by hand stays.'],
  ['price', 'Price', 'Writes the retail price of the addition; each change of a price waits for a person.'],
  [
    'catalogueCost',
    'Catalogue cost',
    'Writes the cost of the product in the catalogue; each change waits for a person.',
  ],
  [
    'products',
    'Products',
    'A SKU without a product becomes one in the catalogue, after approval. Off: products are picked, never made.',
  ],
  ['userList', 'List of users', 'A CSV of the account’s users with their services is attached to the agreement.'],
  [
    'contacts',
    'Users as contacts',
    'Users with an e-mail address, also those that a rule does not count, become contacts of the mapped company; no contact is changed or deleted.',
  ],
  ['inactiveContacts', 'Set leavers inactive', 'A contact that TrueUp made is set inactive once its user has left.'],
]

const wrong = (error: string | undefined) => (error === undefined ? {} : { error })

/** The active types, read now (S10). */
export const AgreementTypes = ({
  types,
  chosen,
}: {
  types: readonly { id: number; name: string }[]
  chosen: number | null
}) => (
  <>
    <SelectField
      label="Default agreement type"
      name="agreementType"
      value={chosen === null ? '' : String(chosen)}
      hint="Needed for invoice lines and wherever TrueUp makes agreements; inactive types are not offered"
      choices={[
        { value: '', text: 'None' },
        ...(chosen !== null && !types.some(({ id }) => id === chosen)
          ? [{ value: String(chosen), text: `${chosen}: no longer active, choose another` }]
          : []),
        ...types.map(({ id, name }) => ({ value: String(id), text: name })),
      ]}
    />
    <p class="hint">
      A type that is missing here: see in ConnectWise that it is there and active, then{' '}
      <GoTo path="/settings/authentication">test the connection</GoTo> again.
    </p>
    <RecipeOf name="agreementType" />
  </>
)

/** When ConnectWise cannot be asked: what is stored stays. */
export const AgreementTypesUnknown = ({ reason }: { reason: string }) => (
  <p class="quiet">
    The agreement types could not be read: {reason} What is chosen stays.{' '}
    <button
      type="button"
      class="link"
      {...hx({ get: '/settings/agreement-types', target: 'closest div', swap: 'innerHTML' })}
    >
      Try again
    </button>
  </p>
)
