import type { Standing } from '#views/screen.tsx'
import { Table } from '#views/table.tsx'
import { SettingsScreen } from './settings.tsx'

/** What other integrations and ConnectWise call the things of this screen (S15, FEATURES section 1). */
const terms = [
  ['Organization, customer account', 'Company', 'Account: one customer as a source knows it, mapped to one company'],
  ['PSA organization name', 'Company name', 'Company'],
  ['Offer, SKU, service, plan item', 'Product', 'Product in the catalogue; offer or SKU at the source'],
  ['Invoice line', 'Addition', 'Invoice line as it was read; addition as it is written'],
  ['Contract', 'Agreement', 'Agreement'],
  ['Subscription', '–', 'Subscription: what a lasting addition stands for'],
  ['Billable user, active user', 'Quantity', 'User: one person behind a count, shown with the number'],
  ['Platform, portal', '–', 'Source: a connected platform that says what was delivered'],
  ['Export tick, excluded from sync', '–', 'Include: off until a person switches it on'],
  ['Status in PSA', '–', 'Not Synced, Synced, Error, Held; of counts: equal, pending, held, failed, conflict'],
  ['Charge start date', 'Effective date', 'Start of a line'],
  ['Charge end date', 'Cancelled date', 'End of a line; empty where it bills every cycle'],
  ['Charge type', 'In the invoice description', 'Charge type; its name can be changed in Configuration'],
  ['Revenue', 'Unit price × quantity', 'Revenue'],
] as const

const ours = [
  ['Snapshot', 'Everything a source said at one moment for one month, complete or not.'],
  ['Reading', 'One number in a snapshot.'],
  ['Mapping', 'What an account’s readings are written to, and by which rule.'],
  ['Plan', 'The changes that would make ConnectWise equal to the readings. Seeing it writes nothing.'],
  ['Hold', 'A reason, in words and numbers, why a change waits for a person.'],
  ['Block', 'A reason that cannot be approved, only put right.'],
  ['Run', 'One reading, planning and writing, with its counts and its log.'],
  ['Conflict', 'A person changed a value since TrueUp wrote it; it is asked about, not overwritten.'],
  ['Recurring', 'CycleFee and PurchaseFee: one addition per subscription, which follows every month’s line.'],
  ['One-time', 'UsageFee, ItemFee, OneTimeFee, Correction and UserCorrection: an addition of its own for every line.'],
  ['System Updated', 'A rule made this date or name; it is what ConnectWise gets.'],
  ['User Updated', 'A person typed this date; it beats every rule.'],
  ['Parked', 'What it was mapped to has ended or is gone; nothing is made in its place.'],
  ['Response Error', 'ConnectWise did not answer when this was read. Wait, then refresh.'],
] as const

export const DictionaryScreen = ({ standing }: { standing: Standing }) => (
  <SettingsScreen standing={standing} at="/settings/dictionary">
    <section class="card" aria-labelledby="elsewhere">
      <h2 id="elsewhere">Words elsewhere and here</h2>
      <Table
        caption="Words elsewhere and here"
        columns={[{ text: 'Elsewhere' }, { text: 'In ConnectWise' }, { text: 'Here' }]}
      >
        <tbody>
          {terms.map((cells) => (
            <tr>
              {cells.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
    <section class="card" aria-labelledby="ours">
      <h2 id="ours">Words of TrueUp</h2>
      <dl>
        {ours.map(([term, meaning]) => (
          <>
            <dt>{term}</dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
    </section>
  </SettingsScreen>
)
