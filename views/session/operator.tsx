import { State } from '#views/badge.tsx'
import { TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Empty, Notice } from '#views/notice.tsx'
import { ConnectionButtons, CredentialFields } from '#views/settings/connection-form.tsx'
import { KeyRecipes } from '#views/settings/recipes.tsx'
import { SmallestRole, VendorRoles } from '#views/settings/rights.tsx'
import { Table } from '#views/table.tsx'
import { ConsolePage } from './console.tsx'

/** Before anything is shown: who has the code that was printed where TrueUp runs. */
export const OperatorSignIn = () => (
  <ConsolePage title="Operator">
    <section class="card">
      <p>
        TrueUp printed a one-time code where it was started. It works once, within an hour;{' '}
        <code>trueup operator-code</code> prints another.
      </p>
      <CodeForm />
    </section>
  </ConsolePage>
)

export const CodeForm = ({ error }: { error?: string }) => (
  <form {...hx({ post: '/operator/session', target: 'this', swap: 'outerHTML' })}>
    <TextField label="One-time code" name="code" type="password" required {...(error ? { error } : {})} />
    <div class="actions">
      <button type="submit" class="primary">
        Sign in
      </button>
    </div>
  </form>
)

export interface OperatorTenant {
  id: string
  company: string
  site: string
  state: string
  stateCause?: string
  admins: number
}

/** Every connected instance, and how to connect one (FEATURES 8.2: the operator runs the install). */
export const OperatorConsole = ({
  tenants,
  operatorHasClientId,
}: {
  tenants: readonly OperatorTenant[]
  operatorHasClientId: boolean
}) => (
  <ConsolePage title="Operator">
    <section class="card" aria-labelledby="tenants">
      <h2 id="tenants">Connected instances</h2>
      {tenants.length === 0 ? (
        <Empty kind="connection" title="No ConnectWise is connected yet." />
      ) : (
        <TenantTable tenants={tenants} />
      )}
    </section>
    <section class="card" aria-labelledby="connect">
      <h2 id="connect">Connect a ConnectWise</h2>
      <ConnectForm operatorHasClientId={operatorHasClientId} values={{}} />
    </section>
    <section class="card" aria-labelledby="keys">
      <h2 id="keys">How to make the keys</h2>
      <KeyRecipes />
      <SmallestRole />
      <VendorRoles />
    </section>
    <SignOut />
  </ConsolePage>
)

const TenantTable = ({ tenants }: { tenants: readonly OperatorTenant[] }) => (
  <Table
    caption="Connected instances"
    columns={[{ text: 'Company' }, { text: 'Site', room: 1 }, { text: 'State' }, { text: 'Admins', number: true }]}
  >
    <tbody>
      {tenants.map(({ id, company, site, state, stateCause, admins }) => (
        <tr>
          <td>
            <a href={`/operator/tenants/${id}`}>{company}</a>
          </td>
          <td class="room-1">{site}</td>
          <td>
            <State state={state} />
            {stateCause && <p class="reason">{stateCause}</p>}
          </td>
          <td class="number">{admins === 0 ? '0: name one' : admins}</td>
        </tr>
      ))}
    </tbody>
  </Table>
)

/** The four credentials and the optional clientId (K1); connecting a known instance again replaces its keys. */
export const ConnectForm = (props: {
  values: { site?: string; companyId?: string; clientId?: string }
  operatorHasClientId: boolean
}) => (
  <form {...hx({ post: '/operator/tenants', target: '#tested', swap: 'innerHTML' })}>
    <CredentialFields {...props} />
    <ConnectionButtons testAt="/operator/tests" />
  </form>
)

const SignOut = () => (
  <p>
    <button type="button" class="link" {...hx({ delete: '/operator/session', target: '#main' })}>
      Sign out
    </button>
  </p>
)

/** What is left to do by hand, when the operator's page cannot say it at a field. */
export const ConnectRefused = ({ lines }: { lines: readonly string[] }) => (
  <Notice kind="error" title="Test is not successful.">
    <ul>
      {lines.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
    <p class="quiet">Nothing was stored.</p>
  </Notice>
)
