import { statusOf } from '../manage/invoicing.ts'
import type { AgreementRecord, World } from '../manage/world.ts'

export const noAgreements = 'You may not see agreements: the right Finance › Agreements, inquire, is missing.'

/** What a refused or done save says. */
export const SaveProblems = ({ problems }: { problems: readonly string[] }) =>
  problems.length > 0 ? (
    <div role="alert" class="problems">
      <p>Not saved.</p>
      <ul>
        {problems.map((problem) => (
          <li>{problem}</li>
        ))}
      </ul>
    </div>
  ) : null

/** A person's name as it is; what the integration wrote is marked. */
export const Author = ({ world, identifier }: { world: World; identifier: string }) => {
  const isApi = world.members.rows().some((one) => one.identifier === identifier && one.licenseClass === 'A')
  return isApi ? <mark>API: {identifier}</mark> : <span>{identifier}</span>
}

type AgreementTableProps = {
  world: World
  agreements: readonly AgreementRecord[]
  today: string
  withCompany?: boolean
}

export const AgreementTable = ({ world, agreements, today, withCompany = false }: AgreementTableProps) => (
  <table>
    <caption>Agreements</caption>
    <thead>
      <tr>
        <th scope="col">Agreement</th>
        {withCompany && <th scope="col">Company</th>}
        <th scope="col">Type</th>
        <th scope="col">Status</th>
        <th scope="col">Next invoice</th>
      </tr>
    </thead>
    <tbody>
      {agreements.map((agreement) => (
        <tr>
          <td>
            <a href={`/agreements/${agreement.id}`}>{agreement.name}</a> ({agreement.id})
          </td>
          {withCompany && <td>{world.companies.get(agreement.company.id)?.name}</td>}
          <td>{world.agreementTypes.get(agreement.type.id)?.name}</td>
          <td>{statusOf(agreement, today)}</td>
          <td>{agreement.nextInvoiceDate}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
