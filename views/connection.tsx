import { hx } from './hx.ts'
import { Empty, Notice } from './notice.tsx'

interface Whose {
  role: 'technician' | 'finance' | 'admin'
}

/** In place of a screen while no keys are stored (K13, FEATURES 8.4). */
export const NotConnected = ({ role }: Whose) => (
  <Empty title="TrueUp is not connected to ConnectWise.">
    <p>
      It needs the site, the company id and the API keys of one API member; until then nothing can be read or written.
    </p>
    {role === 'admin' ? (
      <ToConnection text="Connect ConnectWise" />
    ) : (
      <p>Ask an administrator of TrueUp to connect it.</p>
    )}
  </Empty>
)

/** Above every screen while ConnectWise refuses us (K7). */
export const NeedsAttention = ({
  role,
  stateCause,
  stateSince,
}: Whose & { stateCause?: string; stateSince?: string }) => (
  <Notice
    kind="error"
    title={`ConnectWise needs attention${stateSince ? ` since ${stateSince}` : ''}; nothing is written.`}
  >
    {stateCause && <p>{stateCause}</p>}
    {role === 'admin' ? (
      <ToConnection text="Check the connection" />
    ) : (
      <p>An administrator of TrueUp can put this right under Settings › Authentication.</p>
    )}
  </Notice>
)

const ToConnection = ({ text }: { text: string }) => (
  <button type="button" {...hx({ get: '/settings/authentication', target: '#main', swap: 'innerHTML' })}>
    {text}
  </button>
)
