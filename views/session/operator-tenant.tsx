import { State } from '#views/badge.tsx'
import { TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import { Registration, type RegistrationProps } from '#views/settings/registration.tsx'
import { ConsolePage } from './console.tsx'
import { ConnectForm } from './operator.tsx'

export interface TenantPageProps {
  id: string
  company: string
  site: string
  clientId?: string
  state: string
  stateCause?: string
  /** With its zone. */
  stateSince: string
  version?: string
  /** When runs start by themselves. */
  runs: string
  admins: readonly string[]
  operatorHasClientId: boolean
}

/** One instance as the operator sees it: its state, who is admin, and its tabs and pods. */
export const TenantPage = (props: TenantPageProps) => (
  <ConsolePage title={props.company}>
    <p>
      <a href="/operator">All instances</a>
    </p>
    <Connected {...props} />
    <section class="card" aria-labelledby="admins">
      <h2 id="admins">First administrator</h2>
      <Admins id={props.id} admins={props.admins} />
    </section>
    <section class="card" aria-labelledby="screens">
      <h2 id="screens">Tabs and pods in ConnectWise</h2>
      <p>Registers TrueUp on the Company, Agreement and Today screens. Pressing it again doubles nothing.</p>
      <div class="actions">
        <button
          type="button"
          {...hx({ post: `/operator/tenants/${props.id}/screens`, target: '#registered', disable: 'this' })}
        >
          Register tabs and pods
        </button>
      </div>
      <div id="registered" />
    </section>
    <section class="card" aria-labelledby="again">
      <h2 id="again">Connect again</h2>
      <p>New keys replace the stored ones; mappings, schedule and history stay.</p>
      <ConnectForm
        operatorHasClientId={props.operatorHasClientId}
        values={{
          site: new URL(props.site).protocol === 'https:' ? new URL(props.site).host : props.site,
          companyId: props.company,
          ...(props.clientId ? { clientId: props.clientId } : {}),
        }}
      />
    </section>
  </ConsolePage>
)

const Connected = ({ site, state, stateCause, stateSince, version, runs }: TenantPageProps) => (
  <section class="card" aria-labelledby="state">
    <h2 id="state">Connection</h2>
    <dl>
      <dt>State</dt>
      <dd>
        <State state={state} /> since {stateSince}
        {stateCause && <p class="reason">{stateCause}</p>}
      </dd>
      <dt>Site</dt>
      <dd>{site}</dd>
      <dt>Runs start</dt>
      <dd>{runs}</dd>
      {version && (
        <>
          <dt>ConnectWise</dt>
          <dd>{version}</dd>
        </>
      )}
    </dl>
  </section>
)

/** Who is admin already, and a field for one more; the answer replaces it all. */
export const Admins = ({ id, admins, error, typed, added }: AdminsProps) => (
  <div id="admin-list">
    {added && <Announce>{added} is an administrator now.</Announce>}
    {admins.length === 0 ? (
      <Notice kind="warning" title="Nobody is an administrator yet.">
        <p>Name the member who sets TrueUp up inside ConnectWise; they name the others.</p>
      </Notice>
    ) : (
      <p>
        {admins.length === 1 ? 'Administrator' : 'Administrators'}: {admins.join(', ')}
      </p>
    )}
    <form {...hx({ post: `/operator/tenants/${id}/admins`, target: '#admin-list', swap: 'outerHTML' })}>
      <TextField
        label="Member id"
        name="member"
        required
        hint="As the member signs in to ConnectWise, such as jsmith"
        {...(typed ? { value: typed } : {})}
        {...(error ? { error } : {})}
      />
      <div class="actions">
        <button type="submit">Make administrator</button>
      </div>
    </form>
  </div>
)

interface AdminsProps {
  id: string
  admins: readonly string[]
  error?: string
  typed?: string
  added?: string
}

/** The answer to Register: what became of each tab and pod. */
export const RegistrationAnswer = (props: RegistrationProps) => (
  <>
    <Registration {...props} />
    <Announce>Tabs and pods were looked at.</Announce>
  </>
)
