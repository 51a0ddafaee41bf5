import { Combobox, Options } from '#views/combobox.tsx'
import { Radios, SaveBar, SelectField, TextField, Tick } from '#views/field.tsx'
import { HubScreen } from '#views/screen.tsx'
import { Pager, Table } from '#views/table.tsx'
import { longName } from './given.ts'

const zones = [
  { value: 'a', text: 'America/New_York' },
  { value: 'b', text: 'Etc/UTC' },
]

/** Whatever is typed into, picked or pressed. */
export const Controls = () => (
  <HubScreen
    standing={{ role: 'admin', company: 'acme_c', state: 'attention' }}
    place="/mappings"
    title="Controls"
    actions={
      <button type="button" class="primary">
        Sync now
      </button>
    }
  >
    <ol class="steps" aria-label="Set-up">
      <li class="done">Credentials</li>
      <li class="done">Configuration</li>
      <li aria-current="step">Sources</li>
      <li>Mapping</li>
      <li>Review</li>
    </ol>
    <Buttons />
    <Form />
    <Toolbar />
  </HubScreen>
)

const Buttons = () => (
  <section aria-labelledby="buttons">
    <h2 id="buttons">Buttons</h2>
    <div class="actions">
      <button type="button" class="primary">
        Approve
      </button>
      <button type="button">Dismiss</button>
      <button type="button" class="danger">
        Disconnect
      </button>
      <button type="button" disabled>
        Not now
      </button>
      <button type="button" class="icon" aria-label="Edit">
        ✎
      </button>
      <button type="button" class="link">
        All runs
      </button>
    </div>
  </section>
)

const Form = () => (
  <form data-dirty class="card">
    <h2>Schedule</h2>
    <div class="fields">
      <TextField label="Time" name="time" type="time" value="02:00" hint="06:00 UTC" />
      <SelectField label="Zone" name="zone" value="a" choices={zones} />
      <TextField label="Company ID" name="company" value="acme c" error="Company ID: only letters, digits and _" />
      <TextField label="Private key" name="key" type="password" placeholder="ends in 4f2a, 31 days old" />
    </div>
    <Radios
      label="Type of export"
      name="type"
      value="daily"
      choices={[
        { value: 'demand', text: 'On demand' },
        { value: 'daily', text: 'Every day' },
      ]}
    />
    <Tick label="Overwrite cost" name="cost" hint="Off: a cost set by hand stays." />
    <Tick label="Quantity" name="quantity" checked />
    <pre class="selectable">curl -X POST https://trueup.example/api/v1/snapshots -H 'authorization: Bearer …'</pre>
    <SaveBar save="Save configuration" />
  </form>
)

const Toolbar = () => (
  <section aria-labelledby="mapping">
    <h2 id="mapping">Mapping</h2>
    <form class="toolbar">
      <TextField label="Search" name="text" type="search" />
      <SelectField label="Status" name="status" value="a" choices={[{ value: 'a', text: 'All' }]} />
      <button type="button" class="spread">
        Suggest
      </button>
    </form>
    <Table
      caption="Accounts"
      columns={[
        { text: 'Tick', hidden: true },
        { text: 'Account' },
        { text: 'Users', number: true },
        { text: 'Company' },
      ]}
    >
      <tbody>
        {[longName, 'Contoso'].map((name, i) => (
          <tr>
            <td>
              <input type="checkbox" aria-label={`Choose ${name}`} />
            </td>
            <th scope="row">{name}</th>
            <td class="number">12</td>
            <td>
              <Combobox id={`c${i}`} label="Company" name="company" source="/" value="2" text={name} bare />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
    <Pager path="/mappings" page={2} pages={40} target="#main" />
    <div class="options" id="open" popover="manual">
      <Options
        total={212}
        options={[
          { id: '1', text: 'Contoso Limited', detail: 'CONTOSO' },
          { id: '2', text: longName, detail: 'NORTHWINDUK' },
          { id: '3', text: 'Contoso old', detail: 'CONTOSOOLD', disabled: true, why: 'inactive' },
        ]}
      />
    </div>
  </section>
)
