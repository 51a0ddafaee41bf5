import type { AgreementRecord, World } from '../manage/world.ts'
import { Author } from './parts.tsx'

/** What is attached to an agreement, each to be opened. */
export const Documents = ({ world, agreement }: { world: World; agreement: AgreementRecord }) => {
  const rows = world.documents.rows()
  const attached = rows.filter(({ recordType, recordId }) => recordType === 'Agreement' && recordId === agreement.id)
  if (attached.length === 0) return <p>No documents are attached.</p>
  return (
    <div class="scroll">
      <table>
        <caption>Documents</caption>
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">File</th>
            <th scope="col">Changed by</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {attached.map(({ id, title, fileName, _info }) => (
            <tr>
              <th scope="row">{title}</th>
              <td>
                <a href={`/documents/${id}`}>{fileName}</a>
              </td>
              <td>
                <Author world={world} identifier={_info.updatedBy} />
              </td>
              <td>{_info.lastUpdated}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
