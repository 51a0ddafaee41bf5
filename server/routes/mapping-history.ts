import type { LedgerRow } from '#db/ledger.ts'
import type { Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import type { Places } from '#sync/account-state.ts'
import { sightOf } from './mapping-sight.ts'

interface Target {
  targetKey: string
  companyId: number
  agreementId: number
}

interface Body {
  what?: string
  member?: string
  on?: boolean
  rows?: unknown
  after?: { companyId?: number | null; agreementId?: number | null; include?: boolean; mappings?: readonly Target[] }
}

const unseen = 'changed it in a company or agreement that you may not read in ConnectWise.'

/** Changes of an account's mappings in words; of what the viewer may not read in ConnectWise, only that there was one. */
export async function historyOf(
  deps: Deps,
  viewer: Viewer,
  rows: readonly LedgerRow[],
): Promise<{ at: number; member: string; text: string }[]> {
  const changes = rows.map(({ at, body }) => ({ at, said: JSON.parse(body) as Body }))
  const maySee = await sightOf(
    deps,
    viewer,
    changes.map(({ said }) => placesIn(said)),
  )
  return changes.map(({ at, said }) => ({
    ...{ at, member: said.member ?? 'A file' },
    text: maySee(placesIn(said)) ? wordsOf(said) : unseen,
  }))
}

const placesIn = ({ after: { companyId = null, agreementId = null, mappings = [] } = {} }: Body): Places => ({
  companyId,
  agreementId,
  mappings,
})

function wordsOf({ what, on, rows, after }: Body): string {
  if (what === 'skus') return 'chose a product for a SKU it uses.'
  if (rows !== undefined) return 'mapped it by an import.'
  const targets = after?.mappings?.map(({ targetKey }) => targetKey.replace(':', ' ')).join(', ')
  switch (what) {
    case 'company':
      return `chose company ${after?.companyId}.`
    case 'agreement':
      return `chose agreement ${after?.agreementId}.`
    case 'target':
      return `mapped it to ${targets} of agreement ${after?.agreementId}.`
    case 'include':
      return (on ?? after?.include) ? 'included it.' : 'excluded it.'
    case 'rule':
      return 'changed its rule.'
    case 'reads':
      return 'changed what it reads.'
    case 'split':
      return 'split it over another addition.'
    case 'unmap':
      return targets ? `unmapped a target; left is ${targets}.` : 'unmapped it.'
    default:
      return targets ? `put back ${targets}.` : 'put back what was before.'
  }
}
