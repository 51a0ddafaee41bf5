import type { Choice } from '#views/field.tsx'
import { CheckedSelect, CheckedText, type CreationProps, CreationScreen } from './creation.tsx'

const companyLabels = {
  name: 'Name',
  identifier: 'Company id',
  statusId: 'Status',
  typeId: 'Type',
  siteName: 'Site',
  addressLine1: 'Address',
  city: 'City',
  state: 'State',
  zip: 'Postcode',
}

export type CompanyCreationProps = CreationProps & { statuses: readonly Choice[]; types: readonly Choice[] }

/** A new company: what ConnectWise asks for, and the site its invoices go to (FEATURES P18, Q15). */
export const CompanyCreation = ({ statuses, types, ...props }: CompanyCreationProps) => (
  <CreationScreen {...props} labels={companyLabels}>
    <fieldset>
      <legend>Company</legend>
      <div class="fields">
        <CheckedText {...props} name="name" label={companyLabels.name} hint="At most 50 characters" />
        <CheckedText
          {...props}
          name="identifier"
          label={companyLabels.identifier}
          hint="ConnectWise’s short name: at most 30 characters, no spaces, used by no other company"
        />
        <CheckedSelect {...props} name="statusId" label={companyLabels.statusId} choices={statuses} />
        <CheckedSelect {...props} name="typeId" label={companyLabels.typeId} choices={types} />
      </div>
    </fieldset>
    <fieldset>
      <legend>Site, where its invoices go</legend>
      <div class="fields">
        <CheckedText {...props} name="siteName" label={companyLabels.siteName} hint="At most 50 characters" />
        <CheckedText {...props} name="addressLine1" label={companyLabels.addressLine1} hint="Optional" />
        <CheckedText {...props} name="city" label={companyLabels.city} hint="Optional" />
        <CheckedText {...props} name="state" label={companyLabels.state} hint="Optional" />
        <CheckedText {...props} name="zip" label={companyLabels.zip} hint="Optional" />
      </div>
    </fieldset>
  </CreationScreen>
)
