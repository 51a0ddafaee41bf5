import { zonedTimeIn } from '#billing/period.ts'
import type { Viewer } from '#session/viewer.ts'
import { whyDisabled } from '#sync/settings/disable.ts'
import type { Standing } from '#views/screen.tsx'

/** What surrounds every screen of this viewer. */
export const standingOf = ({ role, tenant, lacksAgreementType }: Viewer): Standing => ({
  role,
  company: tenant.companyId,
  state: tenant.state,
  stateSince: zonedTimeIn(tenant.zone, tenant.stateAt),
  ...(tenant.stateCause === null ? {} : { stateCause: tenant.stateCause }),
  ...(tenant.disabledAt === null ? {} : { disabled: whyDisabled(tenant) ?? '' }),
  ...(lacksAgreementType ? { lacksAgreementType } : {}),
})
