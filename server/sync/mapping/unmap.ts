import type { Scope } from '#db/db.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { type Asked, changeAccount, type Saved } from './account-state.ts'

/** Ends one mapping of an account, or all of them with the company chosen for it. What was written stays (M19, M22). */
export function unmap(deps: Deps, scope: Scope, asked: Asked, mapping?: string): Promise<Saved> {
  return changeAccount(deps, scope, asked, 'unmap', async ({ state }) => {
    if (mapping === undefined) return { after: { ...state, companyId: null, agreementId: null, mappings: [] } }
    const ended = state.mappings.find(({ id }) => id === mapping)
    if (!ended) throw new Problem('not_found', 'This mapping does not exist any more.')
    const { companyId, agreementId, include } = ended
    const mappings = state.mappings.filter((one) => one !== ended)
    return { after: mappings.length > 0 ? { ...state, mappings } : { companyId, agreementId, include, mappings } }
  })
}
