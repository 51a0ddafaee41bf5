import { hx } from './hx.ts'
import { Empty, Notice } from './notice.tsx'

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

/** Instead of a screen while no keys are stored (K13, FEATURES 8.4). */
export const NotConnected = ({ role }: { role: Refused['role'] }) => (
  <Empty title="ConnectWise is not connected.">
    <p>
      TrueUp needs the keys of an API member of your ConnectWise. Nothing is read or written before; what was mapped and
      written is kept.
    </p>
    {role === 'admin' ? (
      <button
        type="button"
        class="primary"
        {...hx({ get: '/settings/authentication', target: '#main', swap: 'innerHTML' })}
      >
        Connect ConnectWise
      </button>
    ) : (
      <p>Ask an administrator of TrueUp to connect it.</p>
    )}
  </Empty>
)
