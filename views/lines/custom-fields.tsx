import type { CrossReferences } from '#billing/lines/settings.ts'
import { SelectField, Tick } from '#views/field.tsx'
import { ErrorSummary, type Errors, editsOf } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import { RecipeOf } from '#views/recipe.tsx'

type Place = 'companyFieldId' | 'agreementFieldId' | 'additionFieldId'

export interface CustomFieldsProps {
  /** ConnectWise's text fields, by what they may be of. */
  offered: Record<Place, readonly { id: number; caption: string; screen: string }[]>
  chosen: CrossReferences
  errors?: Errors
  saved?: boolean
}

/** Stands for the section until ConnectWise has said which fields it has. */
export const CustomFieldsLater = () => (
  <section
    class="card"
    id="custom-fields"
    aria-labelledby="custom-fields-title"
    {...hx({ get: '/settings/custom-fields', trigger: 'load', swap: 'outerHTML' })}
  >
    <h2 id="custom-fields-title">Cross references</h2>
    <p class="quiet" role="status">
      Reading the custom fields from ConnectWise …
    </p>
  </section>
)

/** Which custom fields hold the source's ids (M23); without any, how they are made (Q12). */
export const CustomFieldsSection = ({ offered, chosen, errors = {}, saved }: CustomFieldsProps) => (
  <section class="card" id="custom-fields" aria-labelledby="custom-fields-title">
    <h2 id="custom-fields-title">Cross references</h2>
    {saved && <Announce>Cross references saved.</Announce>}
    <p class="hint">
      What the platform calls a customer, contract or line, in custom fields of your choice. They are written on records
      that TrueUp makes, at most 100 characters each.
    </p>
    <form
      data-edits={editsOf(errors)}
      {...hx({ post: '/settings/custom-fields', target: '#custom-fields', swap: 'outerHTML' })}
    >
      <ErrorSummary errors={errors} labels={labels} />
      <div class="fields">
        {places.map(([name, hint]) => (
          <SelectField
            label={labels[name]}
            name={name}
            value={String(chosen[name] ?? '')}
            hint={hint}
            choices={choicesOf(offered[name], chosen[name])}
            {...(errors[name] === undefined ? {} : { error: errors[name] })}
          />
        ))}
        <Tick
          label="Companies and agreements that were there before, too"
          name="existing"
          checked={chosen.existing}
          hint="Each is a change in the next plan; where somebody wrote another value, it waits."
        />
      </div>
      <button type="submit">Save cross references</button>
    </form>
    <RecipeOf name="customField" open={places.some(([name]) => offered[name].length === 0)} />
  </section>
)

const labels: Record<Place, string> = {
  companyFieldId: 'Account id, on the company',
  agreementFieldId: 'Account name, on the agreement',
  additionFieldId: 'Line or subscription id, on the addition',
}

const places: readonly [Place, string][] = [
  ['companyFieldId', 'A field of the screen Company Overview'],
  ['agreementFieldId', 'A field of the screen Agreement Overview'],
  ['additionFieldId', 'A field of the screen Additions of an agreement'],
]

function choicesOf(offered: CustomFieldsProps['offered'][Place], chosen: number | undefined) {
  const gone = chosen !== undefined && !offered.some(({ id }) => id === chosen)
  return [
    { value: '', text: 'None' },
    ...(gone ? [{ value: String(chosen), text: `${chosen}: no longer there, choose another` }] : []),
    ...offered.map(({ id, caption, screen }) => ({
      value: String(id),
      text: screen === '' ? caption : `${caption} (${screen})`,
    })),
  ]
}

/** When ConnectWise cannot be asked: what is chosen stays. */
export const CustomFieldsUnknown = ({ reason }: { reason: string }) => (
  <section class="card" id="custom-fields" aria-labelledby="custom-fields-title">
    <h2 id="custom-fields-title">Cross references</h2>
    <p class="quiet">
      The custom fields could not be read: {reason} What is chosen stays.{' '}
      <button
        type="button"
        class="link"
        {...hx({ get: '/settings/custom-fields', target: '#custom-fields', swap: 'outerHTML' })}
      >
        Try again
      </button>
    </p>
  </section>
)
