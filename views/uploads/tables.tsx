import { Table } from '#views/table.tsx'
import type { Place, PreviewProps, SheetShown } from './preview.tsx'

const mostShown = 100

/** `1 bad row`, `2 bad rows` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Each row that is not read, with why. */
export const BadRows = ({ bad, gaveUp }: { bad: readonly Place[]; gaveUp: boolean }) =>
  bad.length === 0 ? null : (
    <>
      <h3>
        {gaveUp
          ? `More than ${bad.length - 1} bad rows; the rest was not read`
          : `${counted(bad.length, 'bad row')} not read`}
      </h3>
      <Table caption="Bad rows" columns={[{ text: 'Where' }, { text: 'Why' }]}>
        <tbody>
          {bad.slice(0, mostShown).map(({ path, message }) => (
            <tr>
              <th scope="row">{path}</th>
              <td>{message}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {bad.length > mostShown && <p class="hint">And {bad.length - mostShown} more.</p>}
    </>
  )

export const Totals = ({ totals, sheet }: PreviewProps) =>
  totals.length === 0 ? null : (
    <>
      <h3>Totals of the good rows</h3>
      <Table
        caption="Totals"
        columns={[
          { text: { counts: 'Metric', usage: 'SKU', 'invoice-lines': 'Charge type' }[sheet.kind] },
          { text: 'Quantity', number: true },
          { text: 'Accounts', number: true },
        ]}
      >
        <tbody>
          {totals.slice(0, mostShown).map(({ name, quantity, accounts }) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="number">{quantity}</td>
              <td class="number">{String(accounts)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {totals.length > mostShown && <p class="hint">And {totals.length - mostShown} more.</p>}
    </>
  )

/** Against what the source said last. */
export const AccountLists = ({ before, newcomers, missing, accounts, complete }: PreviewProps) => (
  <>
    <h3>
      {before
        ? `Beside the last snapshot, ${counted(before.accounts, 'account')} for ${before.month}`
        : 'The first snapshot'}
    </h3>
    <p>{counted(accounts, 'account')} in this file.</p>
    <Names title={`${newcomers.length} new: excluded until somebody maps and includes them`} accounts={newcomers} />
    <Names
      title={`${missing.length} missing: nothing is written for them${complete ? ', and they wait for a person' : ''}`}
      accounts={missing}
    />
  </>
)

const Names = ({ title, accounts }: { title: string; accounts: readonly { id: string; name: string }[] }) =>
  accounts.length === 0 ? null : (
    <details>
      <summary>{title}</summary>
      <ul>
        {accounts.slice(0, mostShown).map(({ id, name }) => (
          <li>{name === id ? id : `${name} (${id})`}</li>
        ))}
      </ul>
      {accounts.length > mostShown && <p class="hint">And {accounts.length - mostShown} more.</p>}
    </details>
  )

/** As they will be read: numbers and days in one writing. */
export const FirstRows = ({ sheet: { fields, sample } }: { sheet: SheetShown }) => {
  const shown = fields.filter(({ column }) => column !== undefined)
  return sample.length === 0 ? null : (
    <>
      <h3>
        {sample.length === 1
          ? 'The first good row, as it is read'
          : `The first ${sample.length} good rows, as they are read`}
      </h3>
      <Table
        caption="First rows"
        columns={[{ text: 'Row', number: true }, ...shown.map(({ label }) => ({ text: label }))]}
      >
        <tbody>
          {sample.map(({ row, values }) => (
            <tr>
              <th scope="row" class="number">
                {String(row)}
              </th>
              {shown.map(({ name }) => (
                <td>{values[name] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}
