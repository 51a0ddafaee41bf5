import type { AgreementRecord, CompanyRecord, World } from '../manage/world.ts'
import { AgreementTable, noAgreements, SaveProblems } from './parts.tsx'

interface CompanyProps {
  world: World
  company: CompanyRecord & { phoneNumber?: string }
  /** The form posts to this address; it keeps the switches. */
  here: string
  mayEdit: boolean
  /** Absent when the member may not see agreements. */
  agreements: readonly AgreementRecord[] | undefined
  problems: readonly string[]
  today: string
}

export const CompanyOverview = ({ world, company, here, mayEdit, agreements, problems, today }: CompanyProps) => (
  <>
    <SaveProblems problems={problems} />
    <dl>
      <dt>Id</dt>
      <dd>{company.identifier}</dd>
      <dt>Status</dt>
      <dd>{world.companyStatuses.get(company.status.id)?.name}</dd>
      <dt>Currency</dt>
      <dd>{world.currencies.get(company.currency?.id ?? 1)?.currencyIdentifier}</dd>
      <dt>Contacts</dt>
      <dd>{contactsOf(world, company) || 'none'}</dd>
    </dl>
    <form method="post" action={here} data-save>
      <label for="phone">Phone</label>
      <input id="phone" name="phoneNumber" value={company.phoneNumber ?? ''} readonly={!mayEdit} />
      {mayEdit ? <button type="submit">Save</button> : <span>You may not edit companies.</span>}
    </form>
    {agreements ? <AgreementTable world={world} agreements={agreements} today={today} /> : <p>{noAgreements}</p>}
  </>
)

const contactsOf = (world: World, company: CompanyRecord): string =>
  world.contacts
    .rows()
    .filter((contact) => contact.company.id === company.id)
    .map(({ firstName, lastName, communicationItems }) =>
      [firstName, lastName, ...communicationItems.map(({ value }) => value)].filter(Boolean).join(' '),
    )
    .join(', ')
