import { type Addition, type Company, type CompanyStatus, isOngoing } from './existing.ts'
import type { Day } from './period.ts'
import type { DatedLine } from './proration.ts'

/** Which companies may be chosen when mapping (FEATURES M11). */
export interface Offering {
  /** Every status there is, as far as it is known. */
  statuses: readonly CompanyStatus[]
  /** The ids of those this tenant does not offer, as Not-Approved. */
  hidden: readonly number[]
}

/** The statuses, by id, whose companies are not offered: inactive ones and the tenant's own choice. */
export const refusedStatuses = ({ statuses, hidden }: Offering): number[] => [
  ...new Set([...hidden, ...statuses.filter(({ inactive }) => inactive).map(({ id }) => id)]),
]

/** Why a company may not be chosen, in words; undefined when it may. */
export function companyRefusal(company: Company, { statuses, hidden }: Offering): string | undefined {
  if (company.deleted) return 'it was deleted in ConnectWise'
  const status = company.statusName || `status ${company.statusId}`
  if (statuses.some(({ id, inactive }) => id === company.statusId && inactive))
    return `its status ${status} is inactive`
  if (company.statusId !== undefined && hidden.includes(company.statusId))
    return `its status ${status} is not offered here: Settings › Configuration says which are`
  return undefined
}

/** Why an addition may not be chosen, in words; undefined when it may. Dated lines are nobody's to adopt (4.15). */
export function additionRefusal(addition: Addition, today: Day, dated: readonly DatedLine[]): string | undefined {
  const line = dated.find(({ additionId }) => additionId === addition.id)
  if (line) return `it bills a part of a period beside addition ${line.standingId}`
  return isOngoing(addition, today) ? undefined : `it ended on ${addition.cancelledOn} in ConnectWise`
}
