import type { Choice } from '#views/field.tsx'
import { Health, type HealthProps } from '#views/pods/health.tsx'
import { CheckedSelect, CheckedText, type CreationProps, CreationScreen } from './creation.tsx'

const agreementLabels = {
  name: 'Name',
  typeId: 'Agreement type',
  startOn: 'Start',
  contactId: 'Contact',
  firstName: 'First name',
  lastName: 'Last name',
  email: 'E-mail',
}

export type AgreementCreationProps = CreationProps & {
  types: readonly Choice[]
  contacts: readonly Choice[]
  /** What agreements of the chosen type are billed like; empty while none is chosen. */
  facts: HealthProps['findings']
}

/** A new agreement: everything not asked here comes from its type (FEATURES 4.3, P17). */
export const AgreementCreation = ({ types, contacts, facts, ...props }: AgreementCreationProps) => (
  <CreationScreen {...props} labels={agreementLabels}>
    <fieldset>
      <legend>Agreement</legend>
      <div class="fields">
        <CheckedSelect
          {...props}
          name="typeId"
          label={agreementLabels.typeId}
          hint="Inactive types are not offered"
          choices={types}
        />
        <CheckedText {...props} name="name" label={agreementLabels.name} hint="At most 100 characters" />
        <CheckedText {...props} name="startOn" label={agreementLabels.startOn} type="date" hint="It has no end" />
      </div>
      <div id="facts" aria-live="polite">
        <TypeFacts findings={facts} />
      </div>
    </fieldset>
    <fieldset>
      <legend>Contact</legend>
      <p class="hint">ConnectWise takes no agreement without a contact of its company.</p>
      <div class="fields">
        <CheckedSelect {...props} name="contactId" label={agreementLabels.contactId} choices={contacts} />
      </div>
      <div class="fields new-contact">
        <CheckedText {...props} name="firstName" label={agreementLabels.firstName} hint="Of the new contact" />
        <CheckedText {...props} name="lastName" label={agreementLabels.lastName} hint="Of the new contact" />
        <CheckedText {...props} name="email" label={agreementLabels.email} type="email" hint="Of the new contact" />
      </div>
    </fieldset>
  </CreationScreen>
)

/** How the type bills, item by item, with the fix where it would not be invoiced as counted. */
export const TypeFacts = ({ findings }: Pick<HealthProps, 'findings'>) =>
  findings.length === 0 ? null : <Health of="Agreement type" findings={findings} />
