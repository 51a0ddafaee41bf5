import { hx } from './hx.ts'
import { Empty, Notice } from './notice.tsx'

interface Looking {
  role: 'technician' | 'finance' | 'admin'
}

/** Above every screen until an agreement type is chosen, where a source states invoice lines (K14). */
export const NeedsAgreementType = ({ role, lacksAgreementType }: Looking & { lacksAgreementType?: true }) => (
  <div id="needs-agreement-type">
    {lacksAgreementType && (
      <Notice kind="warning" title="No agreement type is chosen: invoice lines are neither shown, mapped nor synced.">
        <Way role={role} />
      </Notice>
    )}
  </div>
)

/** Takes the banner away, put into the answer that saved a type. */
export const AgreementTypeChosen = () => <div id="needs-agreement-type" hx-swap-oob="innerHTML" />

/** In place of whatever shows invoice lines. */
export const LinesClosed = ({ role }: Looking) => (
  <Empty kind="mapping" title="Invoice lines wait for the agreement type.">
    <p>TrueUp makes an agreement of this type for every customer whose lines name none. Counts and usage go on.</p>
    <Way role={role} />
  </Empty>
)

const Way = ({ role }: Looking) =>
  role === 'admin' ? (
    <button type="button" {...hx({ get: '/settings/configuration', target: '#main', swap: 'innerHTML' })}>
      Choose the agreement type
    </button>
  ) : (
    <p>An administrator of TrueUp chooses it under Settings › Configuration.</p>
  )
