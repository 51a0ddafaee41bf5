import type { CreationPolicy } from '#billing/creation.ts'
import { type Choice, SelectField } from '#views/field.tsx'
import type { Errors } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'

/** A select of ConnectWise's entries: what is chosen by its id, and what there is. */
interface Chosen {
  value: string
  choices: readonly Choice[]
}

export interface NewRecordsProps {
  companyStatusId: Chosen
  companyTypeId: Chosen
  productSubcategory: Chosen
  productTypeId: Chosen
  productUnitId: Chosen
}

export const creationLabels = {
  companies: 'Create companies and contacts',
  agreements: 'Create agreements',
  products: 'Create products',
  companyStatusId: 'Status of new companies',
  companyTypeId: 'Type of new companies',
  productSubcategory: 'Category › subcategory of new products',
  productTypeId: 'Type of new products',
  productUnitId: 'Unit of new products',
}

const off = { value: 'off', text: 'Never' }
const ask = { value: 'ask', text: 'After approval of each' }
const automatic = { value: 'automatic', text: 'Without asking, with the changes that need it' }

/** Whether TrueUp makes what is missing in ConnectWise, and with which values (FEATURES section 2, S4, Q6, P18). */
export const CreationFields = ({ creation, errors }: { creation: CreationPolicy; errors: Errors }) => (
  <fieldset>
    <legend>What TrueUp may make in ConnectWise</legend>
    <p class="hint">
      Nothing is made but what an included mapping needs, as part of an approved plan. Never: what is missing is made in
      ConnectWise by hand.
    </p>
    <div class="fields">
      <Policy name="companies" value={creation.companies} choices={[off, ask]} errors={errors} />
      <Policy name="agreements" value={creation.agreements} choices={[off, ask, automatic]} errors={errors} />
      <Policy name="products" value={creation.products} choices={[off, ask]} errors={errors} />
    </div>
    <div {...hx({ get: '/settings/new-records', trigger: 'load', swap: 'innerHTML' })}>
      <p class="quiet" role="status">
        Reading from ConnectWise what new records can be …
      </p>
    </div>
  </fieldset>
)

const Policy = (props: {
  name: 'companies' | 'agreements' | 'products'
  value: string
  choices: readonly Choice[]
  errors: Errors
}) => {
  const error = props.errors[props.name]
  const { name, value, choices } = props
  return <SelectField label={creationLabels[name]} {...{ name, value, choices }} {...(error ? { error } : {})} />
}

/** What the forms of new records start with; each can be chosen otherwise there. */
export const NewRecords = (props: NewRecordsProps) => (
  <div class="fields">
    {(Object.keys(props) as (keyof NewRecordsProps)[]).map((name) => (
      <SelectField
        label={creationLabels[name]}
        name={name}
        value={props[name].value}
        choices={[{ value: '', text: 'Asked each time' }, ...withStored(props[name])]}
      />
    ))}
  </div>
)

/** What is stored stays in sight when ConnectWise does not list it any more. */
const withStored = ({ value, choices }: Chosen): readonly Choice[] =>
  value === '' || choices.some((choice) => choice.value === value)
    ? choices
    : [{ value, text: `${value}: no longer listed, choose another` }, ...choices]

/** When ConnectWise cannot be asked: what is stored stays. */
export const NewRecordsUnknown = ({ reason }: { reason: string }) => (
  <p class="quiet">
    What new records can be could not be read: {reason} What is chosen stays.{' '}
    <button
      type="button"
      class="link"
      {...hx({ get: '/settings/new-records', target: 'closest div', swap: 'innerHTML' })}
    >
      Try again
    </button>
  </p>
)
