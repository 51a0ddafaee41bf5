import { TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { WhereToFind } from './recipes.tsx'

/** What may be shown of a connection in a form; keys never are. */
export interface ConnectionFields {
  site?: string
  companyId?: string
  clientId?: string
  /** Last four characters of stored keys. */
  publicKeyEnd?: string
  privateKeyEnd?: string
}

/** The fields of K1. Keys are write-only: what is stored shows its last four characters. */
export const CredentialFields = ({
  values,
  fixed,
  operatorHasClientId,
}: {
  values: ConnectionFields
  /** The instance is known and stays; only its keys can be replaced. */
  fixed?: boolean
  operatorHasClientId: boolean
}) => (
  <>
    <div class="fields">
      {!fixed && (
        <>
          <TextField
            label="Site"
            name="site"
            required
            hint="Host of the login page, such as na.myconnectwise.net"
            {...given(values.site)}
          />
          <TextField
            label="Company id"
            name="companyId"
            required
            hint="As typed on the login page"
            {...given(values.companyId)}
          />
        </>
      )}
      <TextField label="Public key" name="publicKey" required={!fixed} hint={ending(values.publicKeyEnd)} />
      <TextField
        label="Private key"
        name="privateKey"
        type="password"
        required={!fixed}
        hint={ending(values.privateKeyEnd)}
      />
      <TextField
        label="Client id (optional)"
        name="clientId"
        hint={
          operatorHasClientId ? "Empty: this installation's own" : 'GUID from developer.connectwise.com; needed here'
        }
        {...given(values.clientId)}
      />
    </div>
    <WhereToFind />
  </>
)

const given = (value: string | undefined) => (value === undefined ? {} : { value })

const ending = (end: string | undefined): string =>
  end === undefined ? 'From API Keys' : `Stored${end === '' ? '' : `, ends in ${end}`}; leave empty to keep it`

/** Test is its own action (K4); Save tests too (K5). Both answer into `#tested`. */
export const ConnectionButtons = ({ testAt }: { testAt: string }) => (
  <>
    <div class="actions">
      <button type="submit" class="primary">
        Save
      </button>
      <button type="button" {...hx({ post: testAt, include: 'closest form', target: '#tested', disable: 'this' })}>
        Test connection
      </button>
    </div>
    <div id="tested" role="status" />
  </>
)

export interface TestOutcome {
  passed: boolean
  cause?: string
  next?: string
  /** What was done beside the test. */
  stored?: boolean
}

/** Exactly two outcomes (K4); the red one with its cause and the next step. */
export const TestResult = ({ passed, cause, next, stored }: TestOutcome) =>
  passed ? (
    <Notice kind="good" title="Test is successful.">
      {stored ? <p>Connected: the keys are stored.</p> : <p>Nothing was stored yet.</p>}
    </Notice>
  ) : (
    <Notice kind="error" title="Test is not successful.">
      {cause && <p>{cause}</p>}
      {next && <p class="fix">{next}</p>}
      <p class="quiet">Nothing was stored.</p>
    </Notice>
  )
