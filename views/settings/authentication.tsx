import { State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import { GoTo, type Standing } from '#views/screen.tsx'
import { ConnectionButtons, type ConnectionFields, CredentialFields, TestResult } from './connection-form.tsx'
import { KeyRecipes } from './recipes.tsx'
import { type RightRow, RightsTable, SmallestRole, VendorRoles } from './rights.tsx'
import { SettingsScreen } from './settings.tsx'

export interface ConnectionProps {
  state: Standing['state']
  stateCause?: string
  /** With its zone. */
  stateSince: string
  /** Days since the keys were stored. */
  keyDays?: number
  version?: string
  zone: string
  fields: ConnectionFields
  operatorHasClientId: boolean
  /** A save leads to the next step of the set-up. */
  inSetup?: boolean
  /** The keys were tested and stored just now. */
  stored?: boolean
}

export const AuthenticationScreen = ({ standing, ...connection }: { standing: Standing } & ConnectionProps) => (
  <SettingsScreen standing={standing} at="/settings/authentication">
    <ConnectionSection {...connection} />
    <RightsSection />
    <ScreensSection />
    <section class="card" aria-labelledby="recipes">
      <h2 id="recipes">How to make the keys</h2>
      <KeyRecipes />
      <SmallestRole />
      <VendorRoles />
    </section>
    <DisconnectSection />
  </SettingsScreen>
)

/** Connected or not, and the fields that replace the keys; nothing stored is ever shown but its last four characters. */
export const ConnectionSection = (props: ConnectionProps) => (
  <section class="card" id="connection" aria-labelledby="connection-title">
    <h2 id="connection-title">Connection</h2>
    <dl>
      <dt>State</dt>
      <dd>
        <State state={props.state} /> since {props.stateSince}
        {props.stateCause && <p class="reason">{props.stateCause}</p>}
      </dd>
      <dt>Site</dt>
      <dd>{props.fields.site}</dd>
      <dt>Company</dt>
      <dd>{props.fields.companyId}</dd>
      <dt>Keys</dt>
      <dd>{props.keyDays === undefined ? 'Age not known' : ageOf(props.keyDays)}</dd>
      <dt>ConnectWise</dt>
      <dd>
        {props.version ?? 'version not known'}, zone {props.zone}
      </dd>
    </dl>
    {props.stored && <Stored />}
    {props.state === 'attention' && (
      <p>Save with empty keys tests the stored ones again and connects when that is successful.</p>
    )}
    <form {...hx({ post: '/settings/authentication', target: '#tested', swap: 'innerHTML' })}>
      {props.inSetup && <input type="hidden" name="from" value="setup" />}
      <CredentialFields fixed values={props.fields} operatorHasClientId={props.operatorHasClientId} />
      <ConnectionButtons testAt="/settings/authentication/tests" />
    </form>
  </section>
)

const ageOf = (days: number): string =>
  days === 0 ? 'Stored today' : `Stored ${days} ${days === 1 ? 'day' : 'days'} ago`

/** A successful save leads on (K6). */
const Stored = () => (
  <>
    <TestResult passed stored />
    <p>
      <GoTo path="/mappings">Go on to Mapping</GoTo>
    </p>
    <Announce>Test is successful. Connected.</Announce>
  </>
)

/** The rights are asked for when somebody looks, and never hold up the page. */
export const RightsSection = () => (
  <section class="card" aria-labelledby="rights-title">
    <h2 id="rights-title">Rights of the API member</h2>
    <div id="rights" {...hx({ get: '/settings/authentication/rights', trigger: 'load', swap: 'innerHTML' })}>
      <div class="skeleton" role="status" aria-label="Trying each right …">
        {Array.from({ length: 7 }, () => (
          <div class="bar" />
        ))}
      </div>
    </div>
  </section>
)

export const RightsAnswer = (props: { rights: readonly RightRow[]; writtenOn?: string }) => (
  <>
    <RightsTable {...props} />
    {props.rights.some(({ state, optional }) => state === 'missing' && !optional) && (
      <p class="fix">Set what is missing in the API member’s role under System › Security Roles, then try again.</p>
    )}
    <div class="actions">
      <button
        type="button"
        {...hx({ get: '/settings/authentication/rights', target: '#rights', swap: 'innerHTML', disable: 'this' })}
      >
        Try again
      </button>
    </div>
  </>
)

/** When ConnectWise cannot be asked. */
export const RightsUnknown = ({ reason }: { reason: string }) => (
  <Notice kind="warning" title="The rights could not be tried.">
    <p>{reason}</p>
    <button type="button" {...hx({ get: '/settings/authentication/rights', target: '#rights', swap: 'innerHTML' })}>
      Try again
    </button>
  </Notice>
)

export const ScreensSection = () => (
  <section class="card" aria-labelledby="screens-title">
    <h2 id="screens-title">Tabs and pods</h2>
    <p>Registers TrueUp on the Company, Agreement and Today screens; pressing it again doubles nothing.</p>
    <div class="actions">
      <button type="button" {...hx({ post: '/settings/screens', target: '#registered', disable: 'this' })}>
        Register tabs and pods
      </button>
    </div>
    <div id="registered" />
  </section>
)

/** Asks in the page itself: a frame may be refused its dialogs (K15). */
const DisconnectSection = () => (
  <section class="card" aria-labelledby="disconnect-title">
    <h2 id="disconnect-title">Disconnect</h2>
    <details>
      <summary>Disconnect TrueUp from this ConnectWise …</summary>
      <p>
        The API keys are deleted and nothing runs by itself any more. Mappings, plans and history stay here.{' '}
        <b>No record in ConnectWise is removed or changed</b>: agreements keep the additions and quantities they have.
      </p>
      <p>
        These screens then stop working. To connect again, whoever runs this TrueUp enters keys on its operator page.
      </p>
      <form {...hx({ post: '/settings/disconnection', target: '#main', swap: 'innerHTML' })}>
        <div class="actions">
          <button type="submit" class="danger">
            Delete the keys and disconnect
          </button>
        </div>
      </form>
    </details>
  </section>
)

export const Disconnected = ({ company }: { company: string }) => (
  <>
    <header class="screen">
      <h1 tabindex={-1}>Disconnected</h1>
    </header>
    <Notice kind="info" title={`TrueUp is no longer connected to ${company}.`}>
      <p>
        The keys are deleted and nothing runs by itself. Mappings and history are kept; nothing in ConnectWise was
        removed.
      </p>
      <p>To connect again, whoever runs this TrueUp opens its operator page, or types trueup connect.</p>
    </Notice>
  </>
)
