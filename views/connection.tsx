import { hx } from './hx.ts'
import { Notice } from './notice.tsx'

interface Refused {
  role: 'technician' | 'finance' | 'admin'
  stateCause?: string
  /** With its zone. */
  stateSince?: string
}

/** Above every screen while ConnectWise refuses us (K7). */
export const NeedsAttention = ({ role, stateCause, stateSince }: Refused) => (
  <Notice
    kind="error"
    title={`ConnectWise needs attention${stateSince ? ` since ${stateSince}` : ''}; nothing is written.`}
  >
    {stateCause && <p>{stateCause}</p>}
    {role === 'admin' ? (
      <button type="button" {...hx({ get: '/settings/authentication', target: '#main', swap: 'innerHTML' })}>
        Check the connection
      </button>
    ) : (
      <p>An administrator of TrueUp can put this right under Settings › Authentication.</p>
    )}
  </Notice>
)
