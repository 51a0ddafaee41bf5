import type { AccountKey } from '#db/mappings.ts'
import { presentIds } from '#routes/readable.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import type { Asked, Places } from '#sync/mapping/account-state.ts'

/** The viewer as who changes an account, within the companies and agreements they may read in ConnectWise. */
export const askedBy = (deps: Deps, viewer: Viewer, { sourceId, account }: AccountKey): Asked => ({
  key: { sourceId, account },
  member: viewer.member,
  requireSight: (state) => requireSight(deps, viewer, state),
})

/** Throws a Problem naming the missing right when the viewer may not read a company or an agreement of this state. */
export async function requireSight(deps: Deps, viewer: Viewer, state: Places): Promise<void> {
  const { companies, agreements } = placesOf([state])
  for (const id of companies) await requireReadable(deps, viewer, 'company', id)
  for (const id of agreements) await requireReadable(deps, viewer, 'agreement', id)
}

/** Tells of each of these states whether the viewer may read every company and agreement it names. */
export async function sightOf(
  deps: Deps,
  viewer: Viewer,
  states: readonly Places[],
): Promise<(state: Places) => boolean> {
  const all = placesOf(states)
  const [companies, agreements] = await Promise.all([
    listReadable(deps, viewer, 'company', all.companies),
    listReadable(deps, viewer, 'agreement', all.agreements),
  ])
  return (state) => {
    const named = placesOf([state])
    return named.companies.every((id) => companies.has(id)) && named.agreements.every((id) => agreements.has(id))
  }
}

/** Every company and agreement that these states name, once. */
function placesOf(states: readonly Places[]): { companies: number[]; agreements: number[] } {
  const all = states.flatMap((state) => [state, ...state.mappings])
  return {
    companies: presentIds(all.map(({ companyId }) => companyId)),
    agreements: presentIds(all.map(({ agreementId }) => agreementId)),
  }
}
